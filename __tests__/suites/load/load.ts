/**
 * A load of its own process: `node load.ts <url> <requests per second>` asks until its stdin closes, then prints what
 * it saw as JSON. Requests start by the clock, whatever came of those before.
 */
import { Agent, request } from "node:http";

/** What the load saw. */
export interface Seen {
  readonly sent: number;
  /** Requests that got no answer in 10 s, or another one than 2xx; the first of each sort, with its time. */
  readonly failed: number;
  readonly failures: readonly string[];
  /** The commits that answered, in the order in which each was first seen. */
  readonly commits: readonly string[];
  /** The commit that answered last. */
  readonly lastCommit: string;
  /** Milliseconds: the slowest answer. */
  readonly slowest: number;
}

const PATIENCE_MS = 10_000;

/** Most ask the process, some the database, few write: a write may not be sent twice by the load balancer. */
const MIX = [
  ...Array.from({ length: 12 }, () => ({ method: "GET", path: "/healthz" })),
  ...Array.from({ length: 5 }, () => ({ method: "GET", path: "/api/entries" })),
  ...Array.from({ length: 2 }, () => ({ method: "GET", path: "/" })),
  { method: "POST", path: "/api/entries" },
];

const [base = "", rate = "100"] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const commits = new Set<string>();
const failures = new Map<string, string>();
let [sent, failed, slowest, lastCommit, open] = [0, 0, 0, "", 0];

function ask(): void {
  const { method, path } = MIX[sent % MIX.length] ?? { method: "GET", path: "/" };
  const body = method === "POST" ? JSON.stringify({ text: `load ${sent}` }) : "";
  const started = Date.now();
  let over = false;
  sent++;
  open++;
  const end = (failure?: string) => {
    if (over) return;
    over = true;
    open--;
    slowest = Math.max(slowest, Date.now() - started);
    if (failure === undefined) return;
    failed++;
    const what = `${method} ${path}: ${failure}`;
    if (!failures.has(what)) failures.set(what, `${new Date(started).toISOString()} ${what}`);
  };
  const headers = body
    ? { "content-type": "application/json", "content-length": Buffer.byteLength(body) }
    : {};
  const outgoing = request(
    new URL(path, base),
    { method, agent, headers, timeout: PATIENCE_MS },
    (incoming) => {
      let text = "";
      incoming.setEncoding("utf8");
      incoming.on("data", (chunk: string) => {
        text += chunk;
      });
      incoming.on("error", (error) => end(`cut: ${error.message}`));
      incoming.on("end", () => {
        const status = incoming.statusCode ?? 0;
        if (path === "/healthz" && status === 200) {
          lastCommit = String((JSON.parse(text) as { commit?: string }).commit);
          commits.add(lastCommit);
        }
        end(status >= 200 && status < 300 ? undefined : String(status));
      });
    },
  );
  outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in 10 s")));
  outgoing.on("error", (error) => end(`${(error as NodeJS.ErrnoException).code ?? error.message}`));
  outgoing.end(body);
}

// By the clock, not by the timer: a timer that is late must not lower the rate.
const started = Date.now();
const timer = setInterval(() => {
  const due = ((Date.now() - started) / 1000) * Number(rate);
  while (sent < due) ask();
}, 5);

process.stdin.resume().on("end", () => {
  clearInterval(timer);
  const report = setInterval(() => {
    if (open > 0) return;
    clearInterval(report);
    const seen: Seen = {
      sent,
      failed,
      failures: [...failures.values()].slice(0, 20),
      commits: [...commits],
      lastCommit,
      slowest,
    };
    process.stdout.write(`${JSON.stringify(seen)}\n`);
    agent.destroy();
  }, 20);
});
