import type { Action } from "../world.ts";

/** The parts of a request's URL as the client asked for it. */
export interface RequestedUrl {
  readonly protocol: "http" | "https";
  /** Without the port. */
  readonly host: string;
  /** The listener's port, as the API knows it. */
  readonly port: number;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
}

/**
 * The Location of a redirect action. `loopbackPort` says where a port of this load balancer really listens:
 * a redirect within the same host has to lead there.
 */
export function redirectLocation(
  config: NonNullable<Action["RedirectConfig"]>,
  requested: RequestedUrl,
  loopbackPort: (port: number) => number | undefined,
): string {
  const fill = (template: string) =>
    template.replace(/#\{(protocol|host|port|path|query)\}/g, (_, name: keyof RequestedUrl) =>
      // The path keeps its slash outside of the placeholder: "/#{path}".
      name === "path" ? requested.path.replace(/^\//, "") : String(requested[name]),
    );
  const protocol = fill(config.Protocol ?? "#{protocol}").toLowerCase();
  const host = fill(config.Host ?? "#{host}");
  const port = fill(config.Port ?? "#{port}");
  const path = fill(config.Path ?? "/#{path}");
  const query = fill(config.Query ?? "#{query}");
  const real = host === requested.host ? (loopbackPort(Number(port)) ?? port) : port;
  return `${protocol}://${host}:${real}${path}${query === "" ? "" : `?${query}`}`;
}

/** Spreads requests over the target groups of a forward action by their weights, exactly. */
export class WeightedChoice {
  private turn = 0;

  /** The ARN of the target group that the next request goes to; undefined if no group has a weight. */
  next(action: Action): string | undefined {
    const groups = action.ForwardConfig?.TargetGroups ?? [];
    if (groups.length === 0) return action.TargetGroupArn;
    const total = groups.reduce((sum, { Weight = 1 }) => sum + Weight, 0);
    if (total === 0) return undefined;
    let place = this.turn % total;
    this.turn += 1;
    for (const { TargetGroupArn, Weight = 1 } of groups) {
      if (place < Weight) return TargetGroupArn;
      place -= Weight;
    }
    return undefined;
  }
}
