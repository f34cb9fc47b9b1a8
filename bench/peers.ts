import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "peers");

/** Where a package that the benchmarks compare with is installed; installs them all if need be. */
export function peer(name: string, say: (line: string) => void): string {
  if (!existsSync(join(folder, "node_modules"))) {
    say("installing the peers (once)");
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  return join(folder, "node_modules", name);
}
