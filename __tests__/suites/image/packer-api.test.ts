/**
 * Packer's own amazon-ebs build against the twin's EC2 API, its shell over SSH in a stand-in: the smallest template
 * there is, so that it is the API and the stand-in that are tested. Needs root and Packer; seconds.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
  RegisterImageCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { baseRoot } from "../../../cli/bake/base-root.ts";
import { STAND_IN_PROGRAMS } from "../../../cli/bake/requirements.ts";
import { type StandIn, startStandIn } from "../../../cli/bake/stand-in.ts";
import { startTwin, stopTwin, twinEnvironment } from "../../../twin/client.ts";
import { machineProblem } from "../../../twin/machines/requirements.ts";
import { freePort } from "../database/wait.ts";
import { PROJECT } from "./bootable-root.ts";

const MINUTE = 60_000;
const REGION = "eu-central-1";
jest.setTimeout(MINUTE);

const TEMPLATE = `
variable "endpoint" {}
variable "source_ami" {}
variable "port" {}
variable "key" { default = "" }
variable "command" {}
source "amazon-ebs" "it" {
  ami_name             = "baked"
  region               = "${REGION}"
  instance_type        = "t3.micro"
  custom_endpoint_ec2  = var.endpoint
  source_ami           = var.source_ami
  ssh_username         = "admin"
  ssh_host             = "127.0.0.1"
  ssh_port             = var.port
  ssh_private_key_file = var.key
  ssh_timeout          = "5s"
  encrypt_boot         = true
  temporary_security_group_source_cidrs = ["127.0.0.1/32"]
  launch_block_device_mappings {
    device_name           = "/dev/xvda"
    volume_type           = "gp3"
    volume_size           = 8
    iops                  = 3000
    throughput            = 125
    delete_on_termination = true
  }
  tags          = { ReleaseDigest = "abc" }
  snapshot_tags = { Project = "webstead" }
}
build {
  sources = ["source.amazon-ebs.it"]
  provisioner "shell" { inline = [var.command] }
}
`;

const problem = machineProblem({ ...STAND_IN_PROGRAMS, packer: "packer" });
if (problem !== undefined) console.warn(`Packer on the twin is not tested: ${problem}`);

(problem === undefined ? describe : describe.skip)("Packer on the twin", () => {
  const folder = mkdtempSync(join(tmpdir(), "packer-"));
  const stateDir = join(folder, "twin");
  const key = join(folder, "key");
  let ec2: EC2Client;
  let environment: Record<string, string> = {};
  let standIn: StandIn;
  let source = "";

  beforeAll(async () => {
    const twin = await startTwin({ root: PROJECT, stateDir, portBase: await freePort() });
    environment = twinEnvironment(twin, "123456789012", REGION);
    ec2 = new EC2Client({
      endpoint: twin.endpoint,
      region: REGION,
      credentials: { accessKeyId: environment.AWS_ACCESS_KEY_ID ?? "", secretAccessKey: "twin" },
    });
    const base = await baseRoot({ root: PROJECT, workDir: join(PROJECT, ".webstead") });
    const image = new RegisterImageCommand({ Name: base.name, RootDeviceName: "/dev/xvda" });
    source = (await ec2.send(image)).ImageId ?? "";
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    standIn = await startStandIn({
      base: base.tar,
      folder: join(folder, "stand-in"),
      authorizedKey: readFileSync(`${key}.pub`, "utf8"),
    });
    writeFileSync(join(folder, "it.pkr.hcl"), TEMPLATE);
  }, 8 * MINUTE);

  afterAll(async () => {
    await standIn?.stop();
    await stopTwin(stateDir);
    rmSync(folder, { recursive: true, force: true });
  }, 2 * MINUTE);

  function build(variables: Record<string, string>) {
    const all = {
      endpoint: environment.AWS_ENDPOINT_URL ?? "",
      source_ami: source,
      port: String(standIn.sshPort),
      ...variables,
    };
    const flags = Object.entries(all).flatMap(([name, value]) => ["-var", `${name}=${value}`]);
    return execa("packer", ["build", "-color=false", ...flags, join(folder, "it.pkr.hcl")], {
      env: { ...environment, CHECKPOINT_DISABLE: "1", PACKER_CACHE_DIR: join(folder, "cache") },
      reject: false,
      stdin: "ignore",
      all: true,
    });
  }

  /** What a bake makes besides the image. */
  async function leftovers() {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
    const groups = (await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups ?? [];
    return {
      instances: Reservations.flatMap(({ Instances = [] }) => Instances).filter(
        ({ State }) => State?.Name !== "terminated",
      ),
      keyPairs: (await ec2.send(new DescribeKeyPairsCommand({}))).KeyPairs,
      groups: groups.filter(({ GroupName }) => GroupName !== "default"),
      volumes: (await ec2.send(new DescribeVolumesCommand({}))).Volumes,
    };
  }
  const snapshots = async () =>
    (await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }))).Snapshots ?? [];
  const baked = async () =>
    (await ec2.send(new DescribeImagesCommand({ Filters: [{ Name: "name", Values: ["baked"] }] }))).Images ??
    [];
  const nothing = { instances: [], keyPairs: [], groups: [], volumes: [] };

  test("a provisioner that fails leaves nothing in the API", async () => {
    const { exitCode } = await build({ key, command: "exit 3" });
    expect(exitCode).toBe(1);
    expect(await leftovers()).toEqual(nothing);
    expect([...(await baked()), ...(await snapshots())]).toEqual([]);
  });

  test("a key pair made through the API does not open the stand-in, and is gone after the failed build", async () => {
    const { exitCode, all } = await build({ command: "true" });
    expect(all).toContain("Creating temporary keypair");
    expect(all).toContain("Timeout waiting for SSH");
    expect(exitCode).toBe(1);
    expect(await leftovers()).toEqual(nothing);
    expect([...(await baked()), ...(await snapshots())]).toEqual([]);
  });

  test("a build works in the stand-in and ends with a tagged image and its tagged snapshot", async () => {
    const { exitCode, all } = await build({ key, command: "sudo touch /etc/baked-here" });
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    const [image] = await baked();
    expect(all).toContain(`${REGION}: ${image?.ImageId}`);
    expect(image?.Tags).toEqual([{ Key: "ReleaseDigest", Value: "abc" }]);
    expect((await snapshots()).map(({ SnapshotId }) => SnapshotId)).toEqual([
      image?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId,
    ]);
    expect((await snapshots())[0]?.Tags).toContainEqual({ Key: "Project", Value: "webstead" });
    expect(await leftovers()).toEqual(nothing);
    await standIn.stop();
    expect(readFileSync(join(standIn.root, "etc/baked-here"), "utf8")).toBe("");
  });
});
