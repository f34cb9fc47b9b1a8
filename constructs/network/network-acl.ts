import { NetworkAcl as Acl } from "@cdktf/provider-aws/lib/network-acl/index.js";
import { NetworkAclRule } from "@cdktf/provider-aws/lib/network-acl-rule/index.js";
import type { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { Construct } from "constructs";
import { physicalName } from "../naming.ts";
import type { SubnetTier } from "./subnet-tier.ts";

/** TCP that a tier may take in or send out. */
export interface Flow {
  /** IPv4 block at the other end. */
  readonly peer: string;
  readonly ports: readonly [from: number, to: number];
}

export interface NetworkAclProps {
  readonly vpc: Vpc;
  readonly tier: SubnetTier;
  /** Connections that others open to the tier. */
  readonly in: readonly Flow[];
  /** Connections that the tier opens to others. */
  readonly out: readonly Flow[];
}

/** Where the answers to a connection go, whatever the system that opened it. */
const returnPorts = [1024, 65_535] as const;

/**
 * A fence around a tier of subnets, in front of the security groups. It remembers nothing: each connection needs a
 * rule for its answers, and gets it here. What has no rule is dropped. Free.
 */
export class NetworkAcl extends Construct {
  private readonly acl: Acl;

  constructor(scope: Construct, id: string, props: NetworkAclProps) {
    super(scope, id);
    this.acl = new Acl(this, "acl", {
      vpcId: props.vpc.id,
      subnetIds: props.tier.subnets.map((subnet) => subnet.id),
      tags: { Name: physicalName(this, "tag", props.tier.node.id) },
    });
    const answersTo = (flows: readonly Flow[]) =>
      unique(flows.map(({ peer }) => ({ peer, ports: returnPorts })));
    this.createRules("in", false, [...props.in, ...answersTo(props.out)]);
    this.createRules("out", true, [...props.out, ...answersTo(props.in)]);
  }

  private createRules(way: string, egress: boolean, flows: readonly Flow[]): void {
    unique(flows).forEach(({ peer, ports: [fromPort, toPort] }, index) => {
      new NetworkAclRule(this, `${way}-${index + 1}`, {
        networkAclId: this.acl.id,
        ruleNumber: 100 + index * 10,
        egress,
        ruleAction: "allow",
        protocol: "tcp",
        cidrBlock: peer,
        fromPort,
        toPort,
      });
    });
  }
}

function unique(flows: readonly Flow[]): Flow[] {
  return [...new Map(flows.map((flow) => [JSON.stringify(flow), flow])).values()];
}
