import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl/index.js";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association/index.js";
import { Construct } from "constructs";
import type { WebAclSettings } from "../../config/settings/edge.ts";
import { physicalName } from "../naming.ts";

/** AWS's own groups: common attacks, inputs known to be bad, SQL injection. */
const managedGroups = [
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesSQLiRuleSet",
];

/**
 * A firewall that reads requests. In `count` mode it lets everything pass and counts what it would have stopped: an
 * upload or a rich text can look like an attack. About $9 a month.
 */
export class WebAcl extends Construct {
  readonly arn: string;

  /** @param props.isGlobal whether it is for CloudFront, which takes those of us-east-1 */
  constructor(
    scope: Construct,
    id: string,
    { mode, requestsPer5Minutes = 2000, isGlobal = false }: WebAclSettings & { readonly isGlobal?: boolean },
  ) {
    super(scope, id);
    const isBlocking = mode === "block";
    const acl = new Wafv2WebAcl(this, "acl", {
      name: physicalName(this, "webAcl"),
      scope: isGlobal ? "CLOUDFRONT" : "REGIONAL",
      defaultAction: { allow: {} },
      rule: [
        ...managedGroups.map((name, index) => ({
          name,
          priority: index + 1,
          overrideAction: isBlocking ? { none: {} } : { count: {} },
          statement: { managed_rule_group_statement: { name, vendor_name: "AWS" } },
          visibilityConfig: visible(name),
        })),
        {
          name: "rate",
          priority: managedGroups.length + 1,
          action: isBlocking ? { block: {} } : { count: {} },
          statement: { rate_based_statement: { limit: requestsPer5Minutes, aggregate_key_type: "IP" } },
          visibilityConfig: visible("rate"),
        },
      ],
      visibilityConfig: visible("all"),
    });
    this.arn = acl.arn;
  }

  /** Puts it in front of a load balancer. */
  protect(resourceArn: string): void {
    new Wafv2WebAclAssociation(this, "association", { resourceArn, webAclArn: this.arn });
  }
}

function visible(metricName: string) {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
