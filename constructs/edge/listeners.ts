import { LbListener } from "@cdktf/provider-aws/lib/lb-listener/index.js";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule/index.js";
import type { Construct } from "constructs";
import type { HttpsSettings, ListenerRuleSettings } from "../../config/settings/edge.ts";

export interface ListenersProps {
  readonly loadBalancerArn: string;
  readonly targetGroupArn: string;
  /** With it the app answers on 443 by HTTPS, and 80 sends there. */
  readonly certificateArn?: string;
  readonly minimumTls?: HttpsSettings["minimumTls"];
}

/** AWS's policies; both offer TLS 1.3, and no cipher without forward secrecy. */
const tlsPolicies = {
  "1.2": "ELBSecurityPolicy-TLS13-1-2-2021-06",
  "1.3": "ELBSecurityPolicy-TLS13-1-3-2021-06",
} as const;

/**
 * The ports of a load balancer. The one on port 80 is there either way: going from HTTP to HTTPS changes what it does,
 * and never takes it away.
 */
export class Listeners {
  /** The one that leads to the app. Without it the target group is unused, and no target ever becomes healthy. */
  readonly forwarding: LbListener;

  constructor(scope: Construct, props: ListenersProps) {
    const { loadBalancerArn, targetGroupArn, certificateArn, minimumTls = "1.2" } = props;
    const forward = [{ type: "forward", targetGroupArn }];
    const http = new LbListener(scope, "listener", {
      loadBalancerArn,
      protocol: "HTTP",
      port: 80,
      defaultAction:
        certificateArn === undefined
          ? forward
          : [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
    });
    if (certificateArn === undefined) {
      this.forwarding = http;
      return;
    }
    this.forwarding = new LbListener(scope, "https-listener", {
      loadBalancerArn,
      protocol: "HTTPS",
      port: 443,
      certificateArn,
      sslPolicy: tlsPolicies[minimumTls],
      defaultAction: forward,
    });
  }
}

/** Answers of the load balancer's own, asked before the app is. */
export function addListenerRules(
  scope: Construct,
  listenerArn: string,
  rules: readonly ListenerRuleSettings[],
): void {
  for (const { priority, paths, hosts, answer } of rules) {
    new LbListenerRule(scope, `rule-${priority}`, {
      listenerArn,
      priority,
      condition: [
        ...(paths ? [{ pathPattern: { values: [...paths] } }] : []),
        ...(hosts ? [{ hostHeader: { values: [...hosts] } }] : []),
      ],
      action: [
        "redirectTo" in answer
          ? { type: "redirect", redirect: { statusCode: "HTTP_301", ...answer.redirectTo } }
          : {
              type: "fixed-response",
              fixedResponse: {
                contentType: "text/plain",
                statusCode: String(answer.status),
                messageBody: answer.body,
              },
            },
      ],
    });
  }
}
