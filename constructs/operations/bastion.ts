import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js";
import { Instance } from "@cdktf/provider-aws/lib/instance/index.js";
import { Construct } from "constructs";
import type { BastionSettings } from "../../config/settings/operations.ts";
import { InstanceRole } from "../compute/instance-role.ts";
import { type Connectable, Connections } from "../connections.ts";
import { physicalName } from "../naming.ts";
import type { NetworkPlace } from "../network/network-place.ts";

export interface BastionProps {
  readonly network: NetworkPlace;
  readonly settings: BastionSettings;
}

/** Amazon's own, patched by AWS: a bastion has nothing of the app's. */
const image = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64";

/**
 * A machine beside the app from which the database can be reached. By Session Manager it stands in the app's tier and
 * no port is open; by SSH it stands in the public tier and answers the named addresses alone. About $8 a month.
 */
export class Bastion extends Construct implements Connectable {
  readonly connections: Connections;

  constructor(scope: Construct, id: string, { network, settings }: BastionProps) {
    super(scope, id);
    const isPublic = settings.access === "ssh";
    this.connections = new Connections(this, "connections", { vpc: network.vpc, port: 22 });
    if (settings.access === "ssh") for (const block of settings.from) this.connections.allowFromBlock(block);
    network.allowOutFrom(this);
    const tier = isPublic ? network.publicTier : network.appTier;
    new Instance(this, "instance", {
      ami: new DataAwsSsmParameter(this, "image", { name: image }).insecureValue,
      instanceType: "t3.micro",
      ebsOptimized: true,
      subnetId: tier.subnets[0]?.id ?? "",
      vpcSecurityGroupIds: [this.connections.securityGroup.id],
      iamInstanceProfile: new InstanceRole(this, "role").profile.name,
      ...(settings.access === "ssh" && { keyName: settings.keyName, associatePublicIpAddress: true }),
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { volumeType: "gp3", volumeSize: 8, encrypted: true },
      tags: { Name: physicalName(this, "tag", "bastion") },
      // A new image of Amazon's is no reason to throw the machine away.
      lifecycle: { ignoreChanges: ["ami"] },
    });
  }
}
