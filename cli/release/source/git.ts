import { rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

/** One fetch, in milliseconds. */
const FETCH_TIMEOUT = 180_000;

/**
 * Puts the files of a commit into an empty folder. Git computes the id of all that it fetches, so what lies there is
 * what the id names.
 * @param git where git fetches from
 * @param commit the whole id
 * @throws Error if the repository cannot be reached, or has no such commit
 */
export async function fetchCommit(git: string, commit: string, folder: string): Promise<void> {
  // No template: its hooks would run.
  await run(folder, ["init", "--quiet", "--template="]);
  const alone = await run(folder, ["fetch", "--quiet", "--depth=1", "--no-tags", "--", git, commit]);
  if (alone !== undefined) await fetchAll(git, commit, folder);
  const failure = await run(folder, ["checkout", "--quiet", "--detach", commit]);
  if (failure !== undefined) throw new Error(`it cannot be checked out: ${failure}`);
  await rm(join(folder, ".git"), { recursive: true });
}

/** Some servers give no commit by its id: then it must be behind a branch or a tag. */
async function fetchAll(git: string, commit: string, folder: string): Promise<void> {
  const refs = ["+refs/heads/*:refs/remotes/source/*", "+refs/tags/*:refs/tags/*"];
  const unreachable = await run(folder, ["fetch", "--quiet", "--no-tags", "--", git, ...refs]);
  if (unreachable !== undefined) {
    throw new Error(`git cannot fetch it: ${unreachable}; check the address, and who may read it`);
  }
  if ((await run(folder, ["cat-file", "-e", `${commit}^{commit}`])) !== undefined) {
    throw new Error("no branch or tag has that commit; push it, or name another");
  }
}

/** @returns undefined when it went well, else why not */
async function run(folder: string, args: readonly string[]): Promise<string | undefined> {
  const { failed, timedOut, stderr } = await execa("git", args, {
    cwd: folder,
    reject: false,
    stdin: "ignore",
    timeout: FETCH_TIMEOUT,
    // Who would have to type a password is told so instead; a variable of a calling git would lead it elsewhere.
    env: { GIT_TERMINAL_PROMPT: "0", GIT_DIR: undefined, GIT_WORK_TREE: undefined },
  });
  if (!failed) return undefined;
  if (timedOut) return `no answer within ${FETCH_TIMEOUT / 1000} s`;
  return stderr.trim().split("\n").at(0) || `git ${args[0]} failed`;
}
