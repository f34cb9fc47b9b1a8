import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Checkout } from "../twin/checkout.ts";
import { Cloud } from "../twin/cloud.ts";

/** `dev` with another app: example-app, from a commit of a repository that is not this one. */
export class Elsewhere {
  /** Name of the environment. */
  readonly name = "elsewhere";
  readonly #checkout: Checkout;
  readonly #source: string;

  private constructor(checkout: Checkout, source: string) {
    this.#checkout = checkout;
    this.#source = source;
  }

  /** Makes the repository, and the environment that names it. */
  static async create(checkout: Checkout): Promise<Elsewhere> {
    const repository = join(checkout.root, ".webstead/another-repository");
    const git = (...args: string[]) =>
      execa("git", ["-c", "user.name=suite", "-c", "user.email=suite@example.com", ...args], {
        cwd: repository,
      });
    await execa("cp", ["-r", join(checkout.root, "example-app"), repository]);
    await git("init", "-q");
    await git("add", ".");
    await git("commit", "-q", "-m", "another app");
    const { stdout: commit } = await git("rev-parse", "HEAD");
    const elsewhere = new Elsewhere(
      checkout,
      `source: { git: "file://${repository}", commit: "${commit}" }, `,
    );
    const dev = checkout
      .read("config/environments/dev.ts")
      .replace('name: "dev"', `name: "${elsewhere.name}"`);
    writeFileSync(join(checkout.root, elsewhere.#file), dev);
    checkout.edit(elsewhere.#file, (text) => text.replace("app: { ", `app: { ${elsewhere.#source}`));
    return elsewhere;
  }

  /** Names webapp again, by the one field. */
  useWebapp(): void {
    this.#checkout.edit(this.#file, (text) => text.replace(this.#source, ""));
  }

  /** Its cloud as it is now: a rollout changes the outputs. */
  async cloud(): Promise<Cloud> {
    const env = await this.#checkout.twinVariables();
    const cwd = join(this.#checkout.root, "cdktf.out/stacks", this.name);
    const { stdout } = await this.#checkout.run("terraform", ["output", "-json"], { cwd, env });
    const outputs = Object.entries(JSON.parse(String(stdout)) as Record<string, { value: string }>);
    return new Cloud(env, Object.fromEntries(outputs.map(([name, { value }]) => [name, value])));
  }

  /** What an instance has logged. */
  log(instance: string): string {
    return this.#checkout.read(`.twin/log/${instance}.log`);
  }

  get #file(): string {
    return `config/environments/${this.name}.ts`;
  }
}
