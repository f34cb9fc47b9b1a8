import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DescribeImagesCommand, type EC2Client, RegisterImageCommand } from "@aws-sdk/client-ec2";
import { execa } from "execa";
import { addRootFileSystem } from "../../twin/client.ts";
import type { Step } from "../console.ts";
import { Failure } from "../errors.ts";
import { takeBackImage } from "../images/removal.ts";
import type { Session } from "../session.ts";
import { baseRoot } from "./base-root.ts";
import { type PackerVariables, packerBuild } from "./packer.ts";
import { startStandIn } from "./stand-in.ts";

/**
 * A bake without AWS: Packer's real build launches an instance of the twin, which is a record only, and works over SSH
 * on a Debian machine that is booted here in its place. What that machine holds afterwards is what the image boots.
 *
 * @returns the id of the image, which has its root file system
 */
export async function bakeOnStandIn(
  session: Session,
  variables: PackerVariables,
  step: Step,
): Promise<string> {
  const { cloud, settings, runDir } = session;
  const twin = cloud.twin;
  if (twin === undefined) throw new Failure("a stand-in takes the place of an instance of the twin only");
  const onProgress = (line: string) => step.update(line);
  const base = await baseRoot({ root: settings.root, workDir: settings.workDir, onProgress });
  const folder = join(runDir, "stand-in");
  const key = await temporaryKey(`${folder}-key`);
  const standIn = await startStandIn({ base: base.tar, folder, authorizedKey: key.publicKey, onProgress });
  try {
    const image = await packerBuild(
      session,
      {
        ...variables,
        family: "debian12",
        stand_in: "true",
        source_ami: await baseImage(cloud.clients.ec2, base.name),
        custom_endpoint_ec2: twin.endpoint,
        ssh_host: "127.0.0.1",
        ssh_port: String(standIn.sshPort),
        ssh_username: standIn.user,
        ssh_private_key_file: key.file,
      },
      step,
    );
    step.update("keeping the root file system of the image");
    await standIn.stop();
    await addRootFileSystem(twin.stateDir, image, standIn.root).catch(async (error: Error) => {
      // An image without its root file system would pass for one that is a release alone.
      await takeBackImage(cloud.clients, session.environment, image);
      throw new Failure(`the root file system of the image cannot be kept: ${error.message}`);
    });
    return image;
  } finally {
    await standIn.stop();
    rmSync(folder, { recursive: true, force: true });
    for (const file of [key.file, `${key.file}.pub`]) rmSync(file, { force: true });
  }
}

/** A key pair for this bake only. */
async function temporaryKey(file: string): Promise<{ file: string; publicKey: string }> {
  for (const old of [file, `${file}.pub`]) rmSync(old, { force: true });
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "bake", "-f", file], { stdin: "ignore" });
  return { file, publicKey: readFileSync(`${file}.pub`, "utf8") };
}

/** The stock image that Packer starts from, as the twin's EC2 knows it: registered once for each base. */
async function baseImage(ec2: EC2Client, name: string): Promise<string> {
  const { Images = [] } = await ec2.send(
    new DescribeImagesCommand({ Owners: ["self"], Filters: [{ Name: "name", Values: [name] }] }),
  );
  const known = Images[0]?.ImageId;
  if (known !== undefined) return known;
  const { ImageId } = await ec2.send(
    new RegisterImageCommand({
      Name: name,
      Description: "Debian 12 from its packages: what a bake on the twin starts from",
      Architecture: process.arch === "arm64" ? "arm64" : "x86_64",
      RootDeviceName: "/dev/xvda",
      VirtualizationType: "hvm",
      TagSpecifications: [{ ResourceType: "image", Tags: [{ Key: "Name", Value: name }] }],
    }),
  );
  return ImageId ?? "";
}
