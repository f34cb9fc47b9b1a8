import { RegisterImageCommand } from "@aws-sdk/client-ec2";
import type { Environment } from "../../config/environment.ts";
import type { Clients } from "../cloud.ts";
import { Failure } from "../errors.ts";
import type { Release } from "../release/build.ts";
import { type ImageTags, imageName } from "./tags.ts";

/** Registers an image that is a release alone: on the twin an instance of it is a process of that release. */
export async function registerReleaseImage(
  { ec2 }: Clients,
  environment: Environment,
  release: Release,
  tags: ImageTags,
): Promise<string> {
  const name = imageName(environment, tags);
  const { ImageId } = await ec2.send(
    new RegisterImageCommand({
      Name: name,
      Description: `${environment.project} ${release.version}, commit ${release.commit}`,
      Architecture: "x86_64",
      RootDeviceName: "/dev/xvda",
      VirtualizationType: "hvm",
      TagSpecifications: [
        {
          ResourceType: "image",
          Tags: Object.entries({ ...tags, Name: name }).map(([Key, Value]) => ({ Key, Value })),
        },
      ],
    }),
  );
  if (ImageId === undefined) throw new Failure(`the EC2 API registered the image ${name} without an id`);
  return ImageId;
}
