import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../../../cli/release/bundle.ts";
import type { Contestant } from "../contestant.ts";
import type { BenchDatabase } from "../database.ts";
import type { RawNodeSettings } from "./raw-node/server.ts";

/** As many as the app has. */
const CONNECTIONS = 10;

/** What Node can do at best: its own server and mysql2, nothing between; bundled as the app is, on the same Node. */
export async function rawNode(
  root: string,
  folder: string,
  node: string,
  database: BenchDatabase,
): Promise<Contestant> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const script = join(folder, "server.mjs");
  const { data } = await bundle(root, "bench/web/contestants/raw-node/server.ts");
  writeFileSync(script, data);
  // A copy: pages of one file that two programs map would count by halves.
  const program = join(folder, "node");
  copyFileSync(node, program);
  const { host, port, name, user, password, caFile } = database;
  return {
    name: "raw Node",
    about: "node:http and mysql2, the same Node, one process",
    readiness: "/api/entries?limit=1",
    command: (listening) => {
      const settings: RawNodeSettings = {
        port: listening,
        database: { host, port, name, user, password, caFile },
        connections: CONNECTIONS,
      };
      return { program, arguments: [script, JSON.stringify(settings)], folder, environment: {} };
    },
  };
}
