import { open, rename, rm } from "node:fs/promises";
import { argv, env, exit, pid, stderr } from "node:process";
import { readUserData } from "./metadata.ts";
import { toEnvironmentFile } from "./user-data.ts";

/** Two minutes: longer than the network of a booting instance needs. */
const PATIENCE = 120_000;

/** Writes the whole file or nothing, also if the power fails in between. */
async function writeAtomically(file: string, text: string): Promise<void> {
  const partial = `${file}.${pid}.partial`;
  try {
    const handle = await open(partial, "wx", 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Becomes boot.mjs of a release: the instance's user data into the environment file named by the argument. */
try {
  const [file, ...rest] = argv.slice(2);
  if (file === undefined || rest.length > 0) throw new Error("usage: node boot.mjs <environment-file>");
  // biome-ignore lint/style/noProcessEnv: a program of its own on the instance; the variable is AWS's
  const endpoint = env.AWS_EC2_METADATA_SERVICE_ENDPOINT || "http://169.254.169.254";
  await writeAtomically(file, toEnvironmentFile(await readUserData({ endpoint, patience: PATIENCE })));
} catch (error) {
  stderr.write(`boot: ${error instanceof Error ? error.message : String(error)}\n`);
  exit(1);
}
