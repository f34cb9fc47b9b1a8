import type { Owner, WorldClient } from "../world.ts";

const EVERY_MS = 1_000;
/** Lines kept while the API does not take them; older ones are dropped. */
const MOST_KEPT = 2_000;
const BATCH = 500;

interface Line {
  readonly timestamp: number;
  readonly message: string;
}

/** Sends the lines an instance writes to its CloudWatch log group, in batches of a second. */
export class LogShipper {
  private readonly client: Pick<WorldClient, "sendLogEvents">;
  private readonly to: Owner & { group: string; stream: string };
  private lines: Line[] = [];
  private rest = "";
  private timer: NodeJS.Timeout | undefined;

  /** @param to log group and stream; no group, nothing is sent */
  constructor(client: Pick<WorldClient, "sendLogEvents">, to: Owner & { group: string; stream: string }) {
    this.client = client;
    this.to = to;
  }

  /** Takes output as it comes; an unfinished line waits for its end. */
  write(chunk: string): void {
    const lines = (this.rest + chunk).split("\n");
    this.rest = lines.pop() ?? "";
    const timestamp = Date.now();
    this.lines.push(...lines.filter((line) => line !== "").map((message) => ({ timestamp, message })));
    this.lines = this.lines.slice(-MOST_KEPT);
    if (this.lines.length > 0) this.timer ??= setTimeout(() => void this.flush(), EVERY_MS);
  }

  /** Sends what is there; what the API does not take is tried again with the next lines. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = this.lines.splice(0, BATCH);
    if (batch.length === 0) return;
    try {
      await this.client.sendLogEvents({ ...this.to, lines: batch });
    } catch {
      this.lines.unshift(...batch);
      return;
    }
    if (this.lines.length > 0) this.timer ??= setTimeout(() => void this.flush(), EVERY_MS);
  }
}
