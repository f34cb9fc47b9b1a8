/**
 * The container image: built by a real builder, then started in its own root as the user that it names. Needs root. The
 * base is the bake's Debian in the place of the one that the Dockerfile fetches: the tests fetch from nobody.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { baseRoot } from "../../../cli/bake/base-root.ts";
import { buildImage } from "../../../cli/bake/container-build.ts";
import { buildRelease } from "../../../cli/release/build.ts";
import { freePort } from "../database/wait.ts";
import { until } from "../twin/until.ts";
import { PROJECT } from "./bootable-root.ts";

const MINUTE = 60_000;
jest.setTimeout(2 * MINUTE);

const folder = mkdtempSync(join(tmpdir(), "container-"));
/** Everything of the builder lies in the test's folder: images of whoever runs the tests are not touched. */
const store = ["--root", join(folder, "images"), "--runroot", join(folder, "run"), "--storage-driver", "vfs"];
const image = "localhost/app:test";
let container = "";
let root = "";
let app: ChildProcess | undefined;

const buildah = async (...args: string[]) => (await execa("buildah", [...store, ...args])).stdout.trim();

beforeAll(async () => {
  const { tar } = await baseRoot({ root: PROJECT, workDir: join(PROJECT, ".webstead") });
  const release = await buildRelease({ root: PROJECT });
  const base = await buildah("from", "scratch");
  await buildah("add", "--quiet", base, tar, "/");
  await buildah("commit", "--quiet", "--rm", base, "localhost/base:test");
  const built = { root: PROJECT, workDir: folder, archive: release.path, image, base: "localhost/base:test" };
  await buildImage("buildah", built, store);
  container = await buildah("from", image);
  root = await buildah("mount", container);
}, 8 * MINUTE);

afterAll(async () => {
  app?.kill("SIGKILL");
  if (root) await buildah("umount", container);
  rmSync(folder, { recursive: true, force: true });
});

test("it runs the app as nobody, and says on which port", async () => {
  const { OCIv1 } = JSON.parse(await buildah("inspect", "--type", "image", image));
  expect(OCIv1.config).toMatchObject({
    User: "10001:10001",
    ExposedPorts: { "8000/tcp": {} },
    Entrypoint: ["/opt/webapp/bin/node", "/opt/webapp/app/server.mjs"],
    StopSignal: "SIGTERM",
  });
});

test("nothing of the release belongs to its user", () => {
  for (const path of ["", "bin/node", "app/server.mjs", "release.json"]) {
    const { uid, gid, mode } = statSync(join(root, "opt/webapp", path));
    expect([path, uid, gid, mode & 0o022]).toEqual([path, 0, 0, 0]);
  }
});

test("it answers 200 before it has a database, and ends on SIGTERM", async () => {
  const port = await freePort();
  const env = {
    PORT: String(port),
    HOST: "127.0.0.1",
    DB_HOST: "127.0.0.1",
    DB_PORT: "1",
    DB_NAME: "webapp",
    DB_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:none",
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
  };
  const command = ["--userspec=10001:10001", root, "/opt/webapp/bin/node", "/opt/webapp/app/server.mjs"];
  app = spawn("/usr/sbin/chroot", command, { env, stdio: "ignore" });
  const ended = once(app, "exit");
  await until(
    "the app to answer",
    async () => (await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined))?.status,
    (status) => status === 200,
    20_000,
  );
  app.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});
