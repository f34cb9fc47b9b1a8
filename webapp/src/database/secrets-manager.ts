import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Credentials, parseCredentials } from "./secret.ts";

/** The whole fetch, retries included, in milliseconds. */
const DEADLINE = 8000;

/** Beside this file as a source, beside the bundle in a release. */
const READER = import.meta.url.endsWith(".ts") ? "./secret-reader.ts" : "./secret-reader.mjs";

/**
 * Fetches the database credentials from AWS Secrets Manager, with the credentials of the default chain (on an
 * instance: its role). It takes a second once in a while, and the SDK that does it would keep 14 MB of the app's
 * memory for good, so it runs in a process of its own; the secret comes back over a pipe.
 * @throws Error of the SDK, or of a secret with another content.
 */
export async function fetchCredentials(secretArn: string, region: string): Promise<Credentials> {
  const reader = fileURLToPath(new URL(READER, import.meta.url));
  return parseCredentials(await run([reader, secretArn, region]));
}

function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: DEADLINE, killSignal: "SIGKILL", encoding: "utf8" } as const;
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (error.killed) reject(new Error(`Secrets Manager did not answer within ${DEADLINE / 1000} s`));
      // Not error.message, which quotes the command line and all that was printed.
      else reject(new Error(stderr.trim() || `the secret cannot be read (${error.code ?? error.signal})`));
    });
  });
}
