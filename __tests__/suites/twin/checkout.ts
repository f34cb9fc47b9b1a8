import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa, execaSync, type Options } from "execa";

const PROJECT = join(import.meta.dirname, "../../..");

/** What runs in a twin, with its processes. */
export interface TwinStatus {
  readonly pid: number;
  readonly instances: { id: string; pid: number | null; health: string | null }[];
  readonly parts: Record<string, { pid: number }>;
}

/**
 * A clone of this project as it stands, uncommitted changes included, with a twin of its own: what the suite does to
 * it does not touch the checkout's own twin.
 */
export class Checkout {
  readonly root: string;
  readonly #variables: Record<string, string>;

  private constructor(root: string, port: number) {
    this.root = root;
    this.#variables = { WEBSTEAD_TWIN_PORT: String(port), NO_COLOR: "1" };
  }

  /**
   * Clones the project. The npm packages are shared with it by a link: they are big, and nobody writes to them; and so
   * are the base systems of a bake, and what a release carries beside the app, which take a minute to make.
   */
  static async create(): Promise<Checkout> {
    const root = mkdtempSync(join(tmpdir(), "webstead-"));
    execaSync("git", ["clone", "-q", "--no-hardlinks", PROJECT, root]);
    const { stdout } = execaSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], { cwd: PROJECT });
    for (const file of stdout.split("\0").filter((name) => name && existsSync(join(PROJECT, name)))) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      cpSync(join(PROJECT, file), join(root, file));
    }
    for (const folder of ["node_modules", "webapp/node_modules"]) {
      if (existsSync(join(PROJECT, folder))) symlinkSync(join(PROJECT, folder), join(root, folder));
    }
    mkdirSync(join(root, ".webstead"));
    for (const folder of ["base", "runtime", "native"].map((name) => join(".webstead", name))) {
      mkdirSync(join(PROJECT, folder), { recursive: true });
      symlinkSync(join(PROJECT, folder), join(root, folder));
    }
    return new Checkout(root, await freePortBase());
  }

  /** Starts a command in the checkout; its stdout and stderr are kept. */
  run(program: string, args: readonly string[], options: Options = {}) {
    return execa(program, args, {
      cwd: this.root,
      reject: false,
      stdin: "ignore",
      all: true,
      ...options,
      env: { ...this.#variables, ...options.env },
    } as Options & { all: true });
  }

  /** `./deploy.sh <arguments>`. */
  deploy(...args: string[]) {
    return this.run("./deploy.sh", args);
  }

  /** `./destroy.sh <arguments>`. */
  destroy(...args: string[]) {
    return this.run("./destroy.sh", args);
  }

  /** What `npm run -s twin -- env` gives to a shell. */
  async twinVariables(): Promise<Record<string, string>> {
    const { stdout } = await this.run("npm", ["run", "-s", "twin", "--", "env"]);
    const lines = String(stdout).matchAll(/^export (\w+)='(.*)'$/gm);
    return Object.fromEntries([...lines].map(([, name, value]) => [name, value] as [string, string]));
  }

  /** What `npm run twin -- status` says. */
  async twinStatus(): Promise<TwinStatus> {
    const { stdout } = await this.run("npm", ["run", "-s", "twin", "--", "status", "--json"]);
    return JSON.parse(String(stdout));
  }

  /** When an instance's app said that it listens, by its log: milliseconds since 1970. */
  listeningSince(instance: string): number {
    const lines = this.read(`.twin/log/${instance}.log`).split("\n");
    const line = lines.find((text) => /listening/i.test(text)) ?? "{}";
    return new Date((JSON.parse(line) as { time: number | string }).time).getTime();
  }

  /** The folder of the stack `dev`. */
  get stackFolder(): string {
    return join(this.root, "cdktf.out/stacks/dev");
  }

  /** Reads a file of the checkout. */
  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** Changes a file of the checkout. @throws Error if that changes nothing */
  edit(path: string, change: (text: string) => string): void {
    const before = this.read(path);
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${path} changes nothing`);
    writeFileSync(join(this.root, path), after);
  }

  /** Ends the twin and removes the checkout. */
  async remove(): Promise<void> {
    await this.run("npm", ["run", "-s", "twin", "--", "stop"]);
    rmSync(this.root, { recursive: true, force: true });
  }
}

/**
 * A base whose AWS API port and HTTP listener port are free now. Two suites at once begin at different ones; all of
 * them are below the ports that systems give out for connections.
 */
async function freePortBase(): Promise<number> {
  const bases = Array.from({ length: 24 }, (_, index) => 20_000 + ((process.pid + index) % 24) * 500);
  for (const base of bases) {
    if ((await isFree(base)) && (await isFree(base + 80))) return base;
  }
  throw new Error("no free ports between 20000 and 32000");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once("error", () => resolve(false))
      .listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
