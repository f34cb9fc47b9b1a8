import { formatDuration } from "../console.ts";
import type { TerraformEvent } from "./events.ts";

/** Follows the events of an apply and says in one line where it is. */
export class ApplyProgress {
  readonly #total: number;
  readonly #running = new Map<string, number>();
  #done = 0;

  /** @param total how many resources the saved plan creates, updates and deletes */
  constructor(total: number) {
    this.#total = total;
  }

  /** Takes in one event. */
  see(event: TerraformEvent): void {
    if (!event.type.startsWith("apply_") || !("hook" in event) || !("action" in event.hook)) return;
    // Ephemeral resources and data sources are opened and read, not changed.
    if (event.hook.action === "read") return;
    const { addr } = event.hook.resource;
    if (event.type === "apply_start") this.#running.set(addr, Date.now());
    if (event.type === "apply_complete") this.#done++;
    if (event.type === "apply_complete" || event.type === "apply_errored") this.#running.delete(addr);
  }

  /** "23/64 aws_db_instance.database (1 min 20 s)": what is done, and the longest-running of what is under way. */
  describe(now = Date.now()): string {
    const count = `${Math.min(this.#done, this.#total)}/${this.#total}`;
    const [longest] = this.#running;
    if (longest === undefined) return count;
    const [address, since] = longest;
    const more = this.#running.size > 1 ? `, ${this.#running.size - 1} more` : "";
    return `${count} ${address} (${formatDuration(now - since)}${more})`;
  }

  /** "23/64": for where each line stays, and a clock in it would print a line a second. */
  describeDone(latest: string): string {
    return `${Math.min(this.#done, this.#total)}/${this.#total} ${latest}`;
  }
}
