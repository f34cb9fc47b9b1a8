/**
 * The only place that reads the environment variables of this process. Everything else takes what it needs as
 * an argument.
 */
import { join, resolve } from "node:path";
import { UsageError } from "./errors.ts";
import { inBothCases, proxyOf, proxyUrl, type WebProxy } from "./proxy.ts";

/** What the user's shell says about how to run, read once per command. */
export interface Settings {
  /** The checkout. */
  readonly root: string;
  /** Runs, locks, releases: everything the command line keeps between two commands. */
  readonly workDir: string;
  /**
   * State of the twin.
   * @default <root>/.twin; WEBSTEAD_TWIN_DIR
   */
  readonly twinDir: string;
  /**
   * The twin's AWS API listens here; a listener of port P at this port + P.
   * @default 8000; WEBSTEAD_TWIN_PORT
   */
  readonly twinPort: number;
  /** False where NO_COLOR is set or stderr is no terminal. */
  readonly color: boolean;
  /**
   * What requests to elsewhere go through.
   * @default none; HTTP_PROXY, HTTPS_PROXY, NO_PROXY, in either case
   */
  readonly proxy?: WebProxy;
  /**
   * URL of the proxy that the machine reaches its packages through on which an image is baked. It is used for the bake
   * and not left in the image.
   * @default none; WEBSTEAD_BAKE_PROXY
   */
  readonly bakeProxy?: string;
  /** The variables that child processes get. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Reads the settings; an unusable value is a {@link UsageError} that names the variable.
 * @param variables Default: those of this process.
 */
// biome-ignore lint/style/noProcessEnv: this is the one place for it
export function readSettings(variables: NodeJS.ProcessEnv = process.env): Settings {
  const proxy = proxyOf(variables);
  const bakeProxy = variables.WEBSTEAD_BAKE_PROXY;
  const root = resolve(import.meta.dirname, "..");
  return {
    root,
    workDir: join(root, ".webstead"),
    twinDir: resolve(root, variables.WEBSTEAD_TWIN_DIR ?? ".twin"),
    twinPort: portOf(variables.WEBSTEAD_TWIN_PORT ?? "8000"),
    color: process.stderr.isTTY === true && !variables.NO_COLOR,
    ...(proxy && { proxy }),
    ...(bakeProxy && { bakeProxy: proxyUrl("WEBSTEAD_BAKE_PROXY", bakeProxy) }),
    environment: {
      ...Object.fromEntries(
        Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
      ...inBothCases(proxy),
    },
  };
}

/** Lets the programs that inherit this process's variables find the proxy too, whichever case they read. */
export function passOnProxy({ proxy }: Settings): void {
  // biome-ignore lint/style/noProcessEnv: this is the one place for it
  Object.assign(process.env, inBothCases(proxy));
}

/** Listener ports up to 443 are added to it, so it ends well below 65535. */
function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1024 || port > 60000) {
    throw new UsageError(`WEBSTEAD_TWIN_PORT must be a whole number from 1024 to 60000, got "${text}"`);
  }
  return port;
}
