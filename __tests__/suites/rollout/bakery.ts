import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
  type Image,
} from "@aws-sdk/client-ec2";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

/** What bakes leave in the account, by AWS's own listings. */
export class Bakery {
  readonly #ec2: EC2Client;
  readonly #ecr: ECRClient;
  readonly #ssm: SSMClient;

  /** @param variables what `twin env` gives to a shell */
  constructor(variables: Readonly<Record<string, string>>) {
    const options = {
      endpoint: variables.AWS_ENDPOINT_URL ?? "",
      region: variables.AWS_REGION ?? "",
      credentials: {
        accessKeyId: variables.AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? "",
      },
    };
    this.#ec2 = new EC2Client(options);
    this.#ecr = new ECRClient(options);
    this.#ssm = new SSMClient(options);
  }

  /** The ids of all that a bake makes and uses, sorted: what was there before it is there after it. */
  async stock(): Promise<Record<string, string[]>> {
    const ec2 = this.#ec2;
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
    const { KeyPairs = [] } = await ec2.send(new DescribeKeyPairsCommand({}));
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
    const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
    const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
    const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ["self"] }));
    const running = Reservations.flatMap(({ Instances = [] }) => Instances).filter(
      ({ State }) => State?.Name !== "terminated",
    );
    const ids = (list: (string | undefined)[]) => list.flatMap((id) => id ?? []).sort();
    return {
      instances: ids(running.map(({ InstanceId }) => InstanceId)),
      keyPairs: ids(KeyPairs.map(({ KeyPairId }) => KeyPairId)),
      securityGroups: ids(SecurityGroups.map(({ GroupId }) => GroupId)),
      volumes: ids(Volumes.map(({ VolumeId }) => VolumeId)),
      snapshots: ids(Snapshots.map(({ SnapshotId }) => SnapshotId)),
      images: ids(Images.map(({ ImageId }) => ImageId)),
    };
  }

  /** An image as EC2 describes it. */
  async image(id: string): Promise<Image | undefined> {
    return (await this.#ec2.send(new DescribeImagesCommand({ ImageIds: [id] }))).Images?.[0];
  }

  /** The names of the repositories for container images. */
  async repositories(): Promise<string[]> {
    const { repositories = [] } = await this.#ecr.send(new DescribeRepositoriesCommand({}));
    return repositories.flatMap(({ repositoryName }) => repositoryName ?? []);
  }

  /** The value of a parameter. */
  async parameter(name: string): Promise<string | undefined> {
    return (await this.#ssm.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
  }
}
