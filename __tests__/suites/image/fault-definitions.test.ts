import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execa } from "execa";
import { packerVersion } from "../../../cli/bake/requirements.ts";
import { copyWithoutPlugins } from "../../../cli/bake/template.ts";
import { readSettings } from "../../../cli/settings.ts";
import { lint, preparedTools } from "./fault-ansible.ts";

const { root } = readSettings();
const MINUTE = 60_000;
const REQUIRED = {
  project: "webstead",
  environment: "dev",
  region: "us-east-1",
  commit: "4783ee10b3d1",
  release_archive: join(root, "package.json"),
  release_digest: "0".repeat(64),
  image_digest: "1".repeat(64),
};
let folder: string;
let template: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "webstead-packer-"));
  const old = (packerVersion()?.[1] ?? 0) < 7;
  template = old ? copyWithoutPlugins(root, join(root, "packer"), folder) : join(root, "packer");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test(
  "ansible-lint finds nothing at its strictest profile",
  async () => {
    const { exitCode, output } = await lint(await preparedTools());
    expect(output).toContain("Profile 'production' was required, and it passed");
    expect(exitCode).toBe(0);
  },
  5 * MINUTE,
);

test("every role documents its arguments", () => {
  const roles = join(root, "ansible/roles");
  const silent = readdirSync(roles).filter(
    (role) => !existsSync(join(roles, role, "meta/argument_specs.yml")),
  );
  expect(silent).toEqual([]);
});

test("the template is formatted as packer does it", async () => {
  const { exitCode, stdout } = await packer("fmt", "-check", join(root, "packer"));
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
});

test.each([
  { family: "al2023", arch: "x86_64" },
  { family: "al2023", arch: "arm64" },
  { family: "debian12", arch: "x86_64" },
  { family: "debian12", arch: "arm64" },
])("the template is valid for $family on $arch", async (choice) => {
  expect(await validate(choice)).toEqual({ exitCode: 0, stderr: "" });
});

test("the template is valid for a bake on a container", async () => {
  const key = join(folder, "key");
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key], { stdin: "ignore" });
  const container = {
    family: "debian12",
    stand_in: "true",
    source_ami: "ami-0123456789abcdef0",
    custom_endpoint_ec2: "http://127.0.0.1:8000",
    ssh_host: "127.0.0.1",
    ssh_port: "2222",
    ssh_username: "admin",
    ssh_private_key_file: key,
  };
  expect(await validate(container)).toEqual({ exitCode: 0, stderr: "" });
});

test("the template refuses another family", async () => {
  expect(await validate({ family: "ubuntu" })).toMatchObject({ exitCode: 1 });
});

async function validate(choice: Record<string, string>): Promise<{ exitCode: number; stderr: string }> {
  const variables = Object.entries({ ...REQUIRED, ...choice }).flatMap(([name, value]) => [
    "-var",
    `${name}=${value}`,
  ]);
  const { exitCode, stderr, stdout } = await packer("validate", ...variables, template);
  return { exitCode, stderr: exitCode === 0 ? "" : stderr + stdout };
}

async function packer(...args: readonly string[]) {
  const {
    exitCode = 1,
    stdout,
    stderr,
  } = await execa("packer", args, {
    reject: false,
    stdin: "ignore",
    env: { CHECKPOINT_DISABLE: "1", PACKER_NO_COLOR: "1" },
  });
  return { exitCode, stdout, stderr };
}
