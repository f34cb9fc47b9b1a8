import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addRelease } from "../../twin/client.ts";
import type { StateFolder } from "../../twin/state-folder.ts";

const BOOT = `
const at = process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT;
const token = await (await fetch(at + "/latest/api/token",
  { method: "PUT", headers: { "X-aws-ec2-metadata-token-ttl-seconds": "60" } })).text();
const text = await (await fetch(at + "/latest/user-data", { headers: { "X-aws-ec2-metadata-token": token } })).text();
if (text.includes("FAIL")) { console.error("no user data"); process.exit(1); }
(await import("node:fs")).writeFileSync(process.argv[2], text);
`;
const APP = `
import { createServer } from "node:http";
createServer((_, response) => response.end(JSON.stringify({ ...process.env, cwd: process.cwd() })))
  .listen(Number(process.env.PORT), process.env.HOST, () => console.log("listening"));
process.on("SIGTERM", () => { console.log("got SIGTERM"); process.exit(0); });
`;

/** A release whose app answers with what it sees of its surroundings. @returns its digest */
export async function makeRelease(folder: string, state: StateFolder): Promise<string> {
  const release = join(folder, "release");
  for (const name of ["bin", "app"]) mkdirSync(join(release, name), { recursive: true });
  writeFileSync(join(release, "bin/node"), `#!/bin/sh\nexec "${process.execPath}" "$@"\n`);
  chmodSync(join(release, "bin/node"), 0o755);
  writeFileSync(join(release, "boot.mjs"), BOOT);
  writeFileSync(join(release, "app/server.mjs"), APP);
  const tarball = join(folder, "release.tar.gz");
  execFileSync("tar", ["-czf", tarball, "-C", release, "."]);
  const digest = createHash("sha256").update(readFileSync(tarball)).digest("hex");
  await addRelease(state.root, tarball, digest);
  return digest;
}
