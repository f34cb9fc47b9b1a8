import type { SecureContext } from "node:tls";
import type { Certificate } from "../certificates.ts";
import { messageOf } from "../http-json.ts";
import type { Log } from "../log.ts";
import type { Alias, Listener as ListenerSpec, LoadBalancer, TargetHealth, World } from "../world.ts";
import { Listener } from "./listener.ts";
import { isKnown } from "./rules.ts";
import type { Resolve } from "./target.ts";
import { TargetGroup } from "./target-group.ts";

const DEFAULT_IDLE_SECONDS = 60;

/** What the load balancers need from the rest of the twin. */
export interface LoadBalancersOptions {
  /** A listener of port P listens on portBase + P. */
  readonly portBase: number;
  readonly resolve: Resolve;
  readonly secureContext: (serverName: string) => Promise<SecureContext>;
  readonly certificate: (address: string) => Promise<Certificate>;
  readonly log: Log;
}

/** A listener as the status shows it. */
export interface ListenerStatus {
  readonly dnsName: string;
  /** The names of Route 53 that lead to it. */
  readonly aliases: readonly string[];
  /** The port of the API; the real one is in the URL. */
  readonly port: number;
  readonly url: string;
}

/** All load balancers of the world: keeps listeners and target groups as the API says. */
export class LoadBalancers {
  private readonly options: LoadBalancersOptions;
  private readonly listeners = new Map<string, Listener>();
  private readonly groups = new Map<string, TargetGroup>();
  private readonly dropped = new Set<TargetGroup>();
  private balancers = new Map<string, LoadBalancer>();
  private aliases: readonly Alias[] = [];

  constructor(options: LoadBalancersOptions) {
    this.options = options;
  }

  /** Makes listeners and target groups what the world says. Requests in flight go on. */
  reconcile(world: World): void {
    this.balancers = new Map(world.loadBalancers.map((balancer) => [balancer.arn, balancer]));
    this.aliases = world.aliases;
    this.reconcileGroups(world);
    this.reconcileListeners(world.listeners);
  }

  /** Whether a load balancer still has this instance as a target, or drains it. */
  uses(instanceId: string): boolean {
    return [...this.groups.values(), ...this.dropped].some((group) => group.uses(instanceId));
  }

  /** The health of all targets, by target group ARN. */
  health(): Map<string, TargetHealth[]> {
    return new Map([...this.groups].map(([arn, group]) => [arn, group.report()]));
  }

  /** The listeners that answer now. */
  status(): ListenerStatus[] {
    return [...this.listeners.values()].flatMap(({ spec, port }) => {
      const dnsName = this.balancers.get(spec.loadBalancerArn)?.dnsName;
      if (port === undefined || dnsName === undefined) return [];
      const aliases = this.aliases
        .filter(({ target }) => target.replace(/^dualstack\./, "") === dnsName.toLowerCase())
        .map(({ name }) => name);
      const url = `${spec.protocol.toLowerCase()}://127.0.0.1:${port}`;
      return [{ dnsName, aliases, port: spec.port, url }];
    });
  }

  /** Closes every listener and connection. */
  close(): void {
    for (const listener of this.listeners.values()) listener.close(true);
    for (const group of [...this.groups.values(), ...this.dropped]) group.close();
    this.listeners.clear();
    this.groups.clear();
  }

  private reconcileGroups(world: World): void {
    const states = new Map(world.instances.map(({ id, state }) => [id, state]));
    const runs = (id: string) =>
      !id.startsWith("i-") || ["pending", "running"].includes(states.get(id) ?? "");
    const wanted = new Map(world.targetGroups.map((spec) => [spec.arn, spec]));
    for (const [arn, group] of this.groups) {
      if (wanted.has(arn)) continue;
      group.drainAll();
      this.groups.delete(arn);
      this.dropped.add(group);
    }
    for (const [arn, spec] of wanted) {
      const group = this.groups.get(arn) ?? new TargetGroup(spec, this.options.resolve);
      group.update(spec, runs);
      this.groups.set(arn, group);
    }
    for (const group of this.dropped) {
      if (group.sweep()) this.dropped.delete(group);
    }
  }

  private reconcileListeners(specs: readonly ListenerSpec[]): void {
    const wanted = new Map(specs.map((spec) => [spec.arn, spec]));
    for (const [arn, listener] of this.listeners) {
      const spec = wanted.get(arn);
      // Another port or protocol is another socket.
      if (spec?.port === listener.spec.port && spec.protocol === listener.spec.protocol) listener.spec = spec;
      else {
        listener.close();
        this.listeners.delete(arn);
      }
    }
    for (const [arn, spec] of wanted) {
      if (!this.listeners.has(arn)) this.open(spec);
    }
  }

  private open(spec: ListenerSpec): void {
    const { log, portBase } = this.options;
    const balancer = () => this.balancers.get(spec.loadBalancerArn);
    const listener = new Listener(spec, {
      targetGroup: (arn) => this.groups.get(arn),
      loopbackPort: (port) =>
        [...this.listeners.values()].find(
          (other) => other.spec.loadBalancerArn === spec.loadBalancerArn && other.spec.port === port,
        )?.port,
      idleTimeoutMs: () =>
        Number(balancer()?.attributes["idle_timeout.timeout_seconds"] ?? DEFAULT_IDLE_SECONDS) * 1_000,
      secureContext: (name) => this.options.secureContext(name),
      certificate: () => this.options.certificate("127.0.0.1"),
    });
    this.listeners.set(spec.arn, listener);
    for (const { Field } of spec.rules.flatMap(({ conditions }) =>
      conditions.filter((one) => !isKnown(one)),
    )) {
      log(`${balancer()?.name ?? spec.arn}: rules with a condition on ${Field} never match on the twin`);
    }
    listener.open(portBase + spec.port).then(
      () => log(`${balancer()?.name ?? spec.arn}: port ${spec.port} is 127.0.0.1:${listener.port}`),
      (error) => {
        log(`${balancer()?.name ?? spec.arn}: port ${spec.port} cannot listen: ${messageOf(error)}`);
        this.listeners.delete(spec.arn);
      },
    );
  }
}
