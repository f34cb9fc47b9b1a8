import {
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  type Image,
  RegisterImageCommand,
} from "@aws-sdk/client-ec2";
import {
  DeleteParameterCommand,
  GetParameterCommand,
  PutParameterCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import type { Environment } from "../config/environment.ts";
import { amiParameterName } from "../config/names.ts";
import { addRelease } from "../twin/client.ts";
import type { Clients, Cloud } from "./cloud.ts";
import { Failure } from "./errors.ts";
import type { Release } from "./release/build.ts";

/** The image of a release: found by the release's digest, or made. */
export async function ensureImage(
  cloud: Cloud,
  environment: Environment,
  release: Release,
): Promise<{ id: string; made: boolean }> {
  if (cloud.twin === undefined) {
    throw new Failure(
      "baking an AMI on AWS is not part of this version yet: bake one by hand, put its id into the parameter " +
        `${amiParameterName(environment)}, and run this again; or try all of it without an account by adding --local`,
    );
  }
  await addRelease(cloud.twin.stateDir, release.path, release.sha256);
  const known = (await environmentImages(cloud.clients, environment)).find(
    (image) =>
      image.Tags?.some(({ Key, Value }) => Key === "ReleaseDigest" && Value === release.sha256) ?? false,
  );
  if (known?.ImageId !== undefined) return { id: known.ImageId, made: false };
  return { id: await register(cloud.clients, environment, release), made: true };
}

/** On the twin an AMI is the release that its tag names: an instance of it is a process of that release. */
async function register(clients: Clients, environment: Environment, release: Release): Promise<string> {
  const name = `${environment.project}-${environment.name}-${release.sha256.slice(0, 12)}`;
  const { ImageId } = await clients.ec2.send(
    new RegisterImageCommand({
      Name: name,
      Description: `${environment.project} ${release.version}, commit ${release.commit}`,
      Architecture: "x86_64",
      RootDeviceName: "/dev/xvda",
      VirtualizationType: "hvm",
      TagSpecifications: [
        {
          ResourceType: "image",
          Tags: [
            { Key: "Name", Value: name },
            { Key: "Project", Value: environment.project },
            { Key: "Environment", Value: environment.name },
            { Key: "Commit", Value: release.commit },
            { Key: "ReleaseDigest", Value: release.sha256 },
          ],
        },
      ],
    }),
  );
  if (ImageId === undefined) throw new Failure(`the EC2 API registered the image ${name} without an id`);
  return ImageId;
}

/** Hands an image over to Terraform. @returns whether the parameter changed */
export async function publishImage(ssm: SSMClient, environment: Environment, id: string): Promise<boolean> {
  const Name = amiParameterName(environment);
  if ((await publishedImage(ssm, environment)) === id) return false;
  await ssm.send(new PutParameterCommand({ Name, Value: id, Type: "String", Overwrite: true }));
  return true;
}

/** The image that the environment's instances are launched from, or undefined before the first bake. */
export async function publishedImage(ssm: SSMClient, environment: Environment): Promise<string | undefined> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: amiParameterName(environment) }));
    return Parameter?.Value;
  } catch (error) {
    if ((error as Error).name === "ParameterNotFound") return undefined;
    throw error;
  }
}

/** The images that were made for an environment. */
export async function environmentImages(clients: Clients, environment: Environment): Promise<Image[]> {
  const { Images = [] } = await clients.ec2.send(
    new DescribeImagesCommand({
      Owners: ["self"],
      Filters: [
        { Name: "tag:Project", Values: [environment.project] },
        { Name: "tag:Environment", Values: [environment.name] },
      ],
    }),
  );
  return Images;
}

/** Removes what the bake made outside Terraform: images, their snapshots, the parameter. @returns how many images */
export async function removeImages(clients: Clients, environment: Environment): Promise<number> {
  const images = await environmentImages(clients, environment);
  for (const image of images) {
    await clients.ec2.send(new DeregisterImageCommand({ ImageId: image.ImageId }));
    for (const { Ebs } of image.BlockDeviceMappings ?? []) {
      if (Ebs?.SnapshotId) await clients.ec2.send(new DeleteSnapshotCommand({ SnapshotId: Ebs.SnapshotId }));
    }
  }
  if ((await publishedImage(clients.ssm, environment)) !== undefined) {
    await clients.ssm.send(new DeleteParameterCommand({ Name: amiParameterName(environment) }));
  }
  return images.length;
}
