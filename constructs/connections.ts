import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group/index.js";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "./naming.ts";

/** Something with a security group of its own. */
export interface Connectable {
  readonly connections: Connections;
}

export interface ConnectionsProps {
  /** Where the security group lives. */
  readonly vpc: { readonly id: string };
  /** The one TCP port this tier listens on. */
  readonly port: number;
}

const anywhere = "0.0.0.0/0";

/**
 * Who may talk to a tier: its security group, empty until something is allowed. Every permission is a rule
 * resource of its own with a description; a connection has one at each end. Free.
 */
export class Connections extends Construct {
  /** The tier's security group. */
  readonly securityGroup: SecurityGroup;
  /** The port that `allowFrom` opens. */
  readonly port: number;
  /** Every rule of this tier: what needs the network to be open waits for them. */
  readonly rules: ITerraformDependable[] = [];
  private readonly tier: string;

  constructor(scope: Construct, id: string, { vpc, port }: ConnectionsProps) {
    super(scope, id);
    this.port = port;
    this.tier = scope.node.id;
    this.securityGroup = new SecurityGroup(this, "security-group", {
      namePrefix: physicalName(this, "securityGroupPrefix", this.tier),
      description: `Who may talk to the ${this.tier}`,
      vpcId: vpc.id,
      tags: { Name: physicalName(this, "tag", this.tier) },
      lifecycle: { createBeforeDestroy: true },
    });
  }

  /** Lets `peer` reach this tier's port: one rule out there, one rule in here. */
  allowFrom(peer: Connectable): void {
    const other = peer.connections;
    const description = `${other.tier} to ${this.tier}`;
    this.rules.push(
      new VpcSecurityGroupIngressRule(this, `from-${other.tier}`, {
        ...this.tcp(this.securityGroup, this.port, description),
        referencedSecurityGroupId: other.securityGroup.id,
      }),
    );
    other.rules.push(
      new VpcSecurityGroupEgressRule(other, `to-${this.tier}`, {
        ...this.tcp(other.securityGroup, this.port, description),
        referencedSecurityGroupId: this.securityGroup.id,
      }),
    );
  }

  /**
   * Opens this tier's port, or another one, to the internet: for the public listeners and nothing else.
   * @throws Error for port 22
   */
  allowFromAnywhere(port = this.port): void {
    if (port === 22) {
      throw new Error(
        `${this.node.path}: port 22 from ${anywhere} is refused; use Session Manager instead: aws ssm start-session --target <instance id>`,
      );
    }
    this.rules.push(
      new VpcSecurityGroupIngressRule(this, port === this.port ? "from-anywhere" : `from-anywhere-${port}`, {
        ...this.tcp(this.securityGroup, port, `Anyone to ${this.tier}`),
        cidrIpv4: anywhere,
      }),
    );
  }

  /**
   * Opens this tier's port to the addresses of a block.
   * @throws Error for a block that is the whole internet
   */
  allowFromBlock(block: string): void {
    if (block.endsWith("/0")) {
      throw new Error(
        `${this.node.path}: port ${this.port} from ${block} is refused; name the addresses that may`,
      );
    }
    this.rules.push(
      new VpcSecurityGroupIngressRule(this, `from-${block.replace(/\W/g, "-")}`, {
        ...this.tcp(this.securityGroup, this.port, `${block} to ${this.tier}`),
        cidrIpv4: block,
      }),
    );
  }

  /** Opens this tier's port to a service's own list of addresses. */
  allowFromPrefixList(service: string, prefixListId: string): void {
    this.rules.push(
      new VpcSecurityGroupIngressRule(this, `from-${service}`, {
        ...this.tcp(this.securityGroup, this.port, `${service} to ${this.tier}`),
        prefixListId,
      }),
    );
  }

  /** Lets this tier open connections to any address at `port`. */
  allowToAnywhere(port: number): void {
    this.rules.push(
      new VpcSecurityGroupEgressRule(this, `to-anywhere-${port}`, {
        ...this.tcp(this.securityGroup, port, `${this.tier} to anywhere`),
        cidrIpv4: anywhere,
      }),
    );
  }

  /** Lets this tier open connections to a service's own list of addresses. */
  allowToPrefixList(service: string, prefixListId: string, port: number): void {
    this.rules.push(
      new VpcSecurityGroupEgressRule(this, `to-${service}`, {
        ...this.tcp(this.securityGroup, port, `${this.tier} to ${service}`),
        prefixListId,
      }),
    );
  }

  private tcp(securityGroup: SecurityGroup, port: number, description: string) {
    return {
      securityGroupId: securityGroup.id,
      description,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      tags: { Name: description },
    };
  }
}
