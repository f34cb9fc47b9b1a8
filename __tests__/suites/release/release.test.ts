import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import sharp from "sharp";
import { buildRelease, type Release } from "../../../cli/release/build.ts";
import { nativePackages } from "../../../cli/release/native.ts";
import { phonePicture } from "../../../webapp/test/photos/pictures.ts";
import { startMetadataService } from "../../cli/release/metadata-service.ts";
import { freePort, until } from "../database/wait.ts";

jest.setTimeout(120_000);

const root = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "release-"));
const node = join(folder, "bin/node");

/** Each release is copied to every instance, and kept five times over. */
const MOST_MEGABYTES = 50;
let release: Release;

beforeAll(async () => {
  release = await buildRelease({ root, outFile: join(folder, "release.tar.gz") });
  await execa("tar", ["-xzf", release.path, "-C", folder]);
}, 400_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("building again changes nothing, and builds nothing", async () => {
  const said: string[] = [];
  const again = await buildRelease({ root, outFile: release.path, onProgress: (line) => said.push(line) });
  expect(again).toEqual(release);
  expect(said).toEqual([]);
});

test("the release says what it is and carries the Node it names", async () => {
  const description = JSON.parse(readFileSync(join(folder, "release.json"), "utf8"));
  expect(description).toMatchObject({ name: "webapp", commit: release.commit, arch: "x64" });
  expect((await execa(node, ["--version"])).stdout).toBe(`v${description.node}`);
});

test("the release names each package that is in it, and stays small", () => {
  const { components, metadata } = JSON.parse(readFileSync(join(folder, "sbom.cdx.json"), "utf8"));
  expect(metadata.component).toMatchObject({ name: "webapp", version: release.version });
  const names = components.map(({ purl }: { purl: string }) => purl);
  expect(names).toContainEqual(expect.stringMatching(/^pkg:npm\/%40img\/sharp-libvips-linux-x64@/));
  const megabytes = statSync(release.path).size / 1e6;
  process.stderr.write(`release: ${megabytes.toFixed(1)} MB, ${components.length} components\n`);
  expect(megabytes).toBeLessThan(MOST_MEGABYTES);
});

test("its own Node decodes a picture, with the libraries it carries and nothing of the environment", async () => {
  const input = await phonePicture();
  const { stdout } = await execa(node, [join(folder, "app/resizer.mjs")], {
    cwd: "/",
    env: {},
    extendEnv: false,
    encoding: "buffer",
    input,
  });
  const output = Buffer.from(stdout);
  const large = output.subarray(4, 4 + output.readUInt32BE());
  expect(await sharp(large).metadata()).toMatchObject({ format: "webp", width: 320, height: 640 });
});

test("for the other processor it carries the libraries of that one, with their licences' texts", async () => {
  const { sharp } = JSON.parse(readFileSync(join(root, "webapp/package.json"), "utf8")).dependencies;
  const { archivePart, manifests } = await nativePackages(
    root,
    { dependencies: { sharp } },
    "arm64",
    () => {},
  );
  const { stdout } = await execa("tar", ["-tzf", "-"], { input: archivePart, reject: false });
  expect(manifests.map(({ name }) => name)).toContain("@img/sharp-libvips-linux-arm64");
  const paths = stdout.split("\n");
  expect(paths).toContain("app/node_modules/@img/sharp-libvips-linux-arm64/package.json");
  expect(paths.filter((path) => /[.](?:node|so[.0-9]*)$/.test(path))).toEqual([
    expect.stringMatching(/sharp-libvips-linux-arm64.lib.libvips-cpp[.]so/),
    expect.stringMatching(/sharp-linux-arm64.lib.sharp-linux-arm64-.+[.]node$/),
  ]);
  expect(paths).toContain("app/node_modules/sharp/LICENSE");
});

test("an instance boots: user data becomes the environment, and the app answers", async () => {
  const port = await freePort();
  const userData = {
    PORT: port,
    DB_HOST: "127.0.0.1",
    DB_PORT: await freePort(),
    DB_NAME: "webapp",
    DB_SECRET_ARN: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:x",
    PHOTOS_BUCKET: "photos",
    DIRECTORY_TABLE: "directory",
    AWS_REGION: "eu-central-1",
  };
  const lines = Object.entries(userData).map(([key, value]) => `${key}=${value}`);
  const service = await startMetadataService(lines.join("\n"));
  const metadata = { AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url };
  const file = join(folder, "environment");
  await execa(node, [join(folder, "boot.mjs"), file], { env: metadata, extendEnv: false });
  expect(readFileSync(file, "utf8")).toBe(`${lines.join("\n")}\n`);

  const variables = Object.fromEntries(lines.map((line) => line.split("=") as [string, string]));
  const started = performance.now();
  const app = execa(node, [join(folder, "app/server.mjs")], {
    cwd: "/",
    env: { ...variables, ...metadata, HOST: "127.0.0.1" },
    extendEnv: false,
    reject: false,
  });
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  try {
    await until("the app is alive", async () => (await status("/healthz")) === 200);
    process.stderr.write(`start to first 200: ${Math.round(performance.now() - started)} ms\n`);
    expect([await status("/readyz"), await status("/"), await status("/nowhere")]).toEqual([503, 503, 404]);
    const page = await (await fetch(`http://127.0.0.1:${port}/status`)).text();
    expect(page).toContain(`<code>${release.commit}</code>`);
    for (const [, asset = ""] of page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
      expect([asset, await status(asset)]).toEqual([asset, 200]);
    }
  } finally {
    app.kill("SIGTERM");
  }
  const { exitCode, stdout, stderr } = await app;
  expect([exitCode, stderr]).toEqual([0, ""]);
  for (const line of stdout.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("level");
  await service.stop();
});

test("a missing variable is one line and exit code 1", async () => {
  const args = [join(folder, "app/server.mjs")];
  const { exitCode, stdout, stderr } = await execa(node, args, {
    env: { PORT: "0" },
    extendEnv: false,
    reject: false,
  });
  expect([exitCode, stdout]).toEqual([1, ""]);
  expect(stderr).toBe("webapp: environment: set DB_HOST, DB_PORT, DB_NAME, DB_SECRET_ARN, AWS_REGION");
});
