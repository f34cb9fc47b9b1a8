import type { TargetGroup as Spec, TargetHealth } from "../world.ts";
import { type Resolve, Target } from "./target.ts";

const DEFAULT_DELAY_SECONDS = 300;

const NOT_REGISTERED = {
  reason: "Target.NotRegistered",
  description: "Target is not registered to the target group",
};
const NOT_RUNNING = { reason: "Target.InvalidState", description: "Target is in the terminated state" };
const NOT_IN_USE = {
  reason: "Target.NotInUse",
  description: "Target group is not configured to receive traffic from the load balancer",
};

/** A target group: who is registered, whom the next request goes to, who is still draining. */
export class TargetGroup {
  private spec: Spec;
  private readonly resolve: Resolve;
  private readonly targets = new Map<string, Target>();
  private readonly leaving = new Set<Target>();
  private turn = 0;

  constructor(spec: Spec, resolve: Resolve) {
    this.spec = spec;
    this.resolve = resolve;
  }

  get arn(): string {
    return this.spec.arn;
  }

  /**
   * Takes over what the API says: new targets are probed, missing ones drained. A target whose instance no
   * longer runs (`runs` is false) is drained as well.
   */
  update(spec: Spec, runs: (id: string) => boolean): void {
    this.spec = spec;
    const inUse = spec.loadBalancerArns.length > 0;
    const registered = spec.targets.filter(({ draining }) => draining !== true);
    const wanted = inUse ? registered.filter(({ id }) => runs(id)) : [];
    const keys = new Set(wanted.map(keyOf));
    for (const key of this.targets.keys()) {
      if (!keys.has(key)) this.drain(key);
    }
    for (const wantedTarget of wanted) {
      const key = keyOf(wantedTarget);
      if (this.targets.has(key)) continue;
      const target = new Target(wantedTarget.id, wantedTarget.port, spec.protocol === "HTTPS", this.resolve);
      target.startChecks(() => this.spec.healthCheck);
      this.targets.set(key, target);
    }
    this.sweep();
  }

  /** Drains every target: the group itself is gone. */
  drainAll(): void {
    for (const key of this.targets.keys()) this.drain(key);
  }

  /** Lets go of the targets that are drained; true if none is left. */
  sweep(): boolean {
    for (const target of this.leaving) {
      if (!target.drained) continue;
      target.close();
      this.leaving.delete(target);
    }
    return this.targets.size + this.leaving.size === 0;
  }

  /**
   * The target for the next request: round robin over the healthy ones; if none is healthy, over the unhealthy
   * ones ("fail open"); undefined without any. A target that has not passed its first check gets nothing.
   */
  pick(): Target | undefined {
    const all = [...this.targets.values()];
    const healthy = all.filter((target) => target.healthy);
    const candidates = healthy.length > 0 ? healthy : all.filter((target) => target.unhealthy);
    this.turn += 1;
    return candidates[this.turn % candidates.length];
  }

  /** Whether requests to this instance or address may still be in flight or come. */
  uses(id: string): boolean {
    return [...this.targets.values(), ...this.leaving].some((target) => target.id === id);
  }

  /** The health of every target the API lists; one that has drained is unused, which ends its draining there. */
  report(): TargetHealth[] {
    const leaving = new Map([...this.leaving].map((target) => [keyOf(target), target]));
    return this.spec.targets.map((target) => {
      const known = this.targets.get(keyOf(target)) ?? leaving.get(keyOf(target));
      if (known !== undefined) return known.report();
      const inUse = this.spec.loadBalancerArns.length > 0;
      const why = target.draining === true ? NOT_REGISTERED : inUse ? NOT_RUNNING : NOT_IN_USE;
      return { id: target.id, port: target.port, state: "unused", ...why };
    });
  }

  private drain(key: string): void {
    const target = this.targets.get(key);
    if (target === undefined) return;
    const seconds = this.spec.attributes["deregistration_delay.timeout_seconds"] ?? DEFAULT_DELAY_SECONDS;
    target.drain(Number(seconds));
    this.targets.delete(key);
    this.leaving.add(target);
  }

  /** Breaks everything off at once. */
  close(): void {
    for (const target of [...this.targets.values(), ...this.leaving]) target.close();
    this.targets.clear();
    this.leaving.clear();
  }
}

function keyOf(target: { readonly id: string; readonly port: number }): string {
  return `${target.id}:${target.port}`;
}
