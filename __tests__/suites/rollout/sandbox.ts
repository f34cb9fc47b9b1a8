import { execa } from "execa";
import type { Seen } from "../load/load.ts";
import { underLoad } from "../load/under-load.ts";
import type { Checkout } from "../twin/checkout.ts";

const RATE = 100;

/** Seconds a rollout may take in the sandbox: quick enough to see many that fail. */
export const ROLLOUT_SECONDS = 60;

/** A checkout whose app is changed, committed and rolled out again and again, and a load over its URL. */
export class Sandbox {
  readonly #checkout: Checkout;

  constructor(checkout: Checkout) {
    this.#checkout = checkout;
  }

  /** Commits the checkout as it stands, with an environment that finds a bad image quickly. */
  async prepare(): Promise<void> {
    this.edit("config/environments/dev.ts", (text) =>
      text
        .replace(
          /healthCheck: \{[^}]*\}/,
          "healthCheck: { interval: 5, timeout: 2, healthyThreshold: 2, unhealthyThreshold: 2 }",
        )
        .replace(/healthCheckGracePeriod: \d+/, "healthCheckGracePeriod: 40")
        .replace(/rolloutTimeout: \d+/, `rolloutTimeout: ${ROLLOUT_SECONDS}`),
    );
    await this.commit("the sandbox");
  }

  /** The environment with tasks on Fargate in the place of an instance. */
  useTasks(): void {
    this.edit("config/environments/dev.ts", (text) =>
      text
        .replace(/instanceType: "[^"]*"/, "fargate: { cpu: 256, memory: 512 }")
        .replace(/app: \{ port: \d+/, "app: { port: 8000"),
    );
  }

  /** Changes a file of the checkout. @throws Error if that changes nothing */
  edit(path: string, change: (text: string) => string): void {
    this.#checkout.edit(path, change);
  }

  /** A new release that behaves as the one before. @returns its commit */
  async improve(): Promise<string> {
    this.edit("webapp/README.md", (text) => `${text}\nChanged at ${new Date().toISOString()}.\n`);
    this.edit("webapp/src/server.ts", (text) => `${text}// ${new Date().toISOString()}\n`);
    return this.commit("a good release");
  }

  /** Puts the app back to what it was at a commit; to be committed with the next change. */
  async restore(commit: string): Promise<void> {
    await this.#git("checkout", "-q", commit, "--", "webapp");
  }

  /** Takes the last commit back, by a commit. @returns its commit */
  async revert(): Promise<string> {
    await this.#git("revert", "--no-edit", "HEAD");
    return this.head();
  }

  /** Commits everything. @returns the commit */
  async commit(message: string): Promise<string> {
    await this.#git("add", "-A");
    await this.#git("commit", "-q", "-m", message);
    return this.head();
  }

  /** The commit at hand. */
  async head(): Promise<string> {
    return (await this.#git("rev-parse", "HEAD")).stdout;
  }

  /** Runs `work` under a load of 100 requests a second, for at least so many of them. */
  async underLoad<T>(
    url: string,
    atLeast: number,
    work: () => Promise<T>,
  ): Promise<{ result: T; seen: Seen }> {
    return underLoad({ url, rate: RATE, mix: "process", atLeast }, work);
  }

  #git(...args: string[]) {
    const who = ["-c", "user.name=suite", "-c", "user.email=suite@example.com", "-c", "commit.gpgsign=false"];
    return execa("git", [...who, ...args], { cwd: this.#checkout.root });
  }
}
