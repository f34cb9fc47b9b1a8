/**
 * A load of its own process: `node load.ts <url> <requests per second> <mix> <at least>` asks until its stdin closes and
 * so many requests were sent, then prints what it saw as JSON. Requests start by the clock, whatever came of those before.
 */
import { Agent, type IncomingMessage, request } from "node:http";
import { MIXES, type Mix } from "./mixes.ts";

/** A request that got no answer in 10 s, or another one than 2xx. Times in milliseconds since 1970. */
export interface Failed {
  /** Method and path. */
  readonly what: string;
  /** The status, or the code of the error. */
  readonly outcome: string;
  /** Whether the answer says when to try again. */
  readonly retryAfter: boolean;
  readonly started: number;
  readonly ended: number;
}

/** What the load saw. */
export interface Seen {
  readonly sent: number;
  readonly failed: readonly Failed[];
  /** The paths of what was written: each was answered 201. */
  readonly written: readonly string[];
  /** The commits that answered, in the order in which each was first seen. */
  readonly commits: readonly string[];
  /** The commit that answered last. */
  readonly lastCommit: string;
  /** Milliseconds: the slowest answer. */
  readonly slowest: number;
}

const PATIENCE_MS = 10_000;

const [base = "", rate = "100", mix = "process", atLeast = "0"] = process.argv.slice(2);
const asks = MIXES[mix as Mix];
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const failed: Failed[] = [];
const written: string[] = [];
const commits = new Set<string>();
let [sent, slowest, lastCommit, open] = [0, 0, "", 0];

function ask(): void {
  const { method, path, body } = asks[sent % asks.length] ?? { method: "GET", path: "/" };
  const text = body === undefined ? "" : JSON.stringify(body(sent));
  const started = Date.now();
  let over = false;
  sent++;
  open++;
  const end = (failure?: string, retryAfter = false) => {
    if (over) return;
    over = true;
    open--;
    const ended = Date.now();
    slowest = Math.max(slowest, ended - started);
    if (failure === undefined) return;
    failed.push({ what: `${method} ${path}`, outcome: failure, retryAfter, started, ended });
  };
  const headers = text
    ? { "content-type": "application/json", "content-length": Buffer.byteLength(text) }
    : {};
  const outgoing = request(
    new URL(path, base),
    { method, agent, headers, timeout: PATIENCE_MS },
    (incoming) => {
      let answer = "";
      incoming.setEncoding("utf8");
      incoming.on("data", (chunk: string) => {
        answer += chunk;
      });
      incoming.on("error", (error) => end(`cut: ${error.message}`));
      incoming.on("end", () => {
        const status = incoming.statusCode ?? 0;
        const good = status >= 200 && status < 300;
        if (good) note(path, incoming, answer);
        end(good ? undefined : String(status), incoming.headers["retry-after"] !== undefined);
      });
    },
  );
  outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in 10 s")));
  outgoing.on("error", (error) => end(`${(error as NodeJS.ErrnoException).code ?? error.message}`));
  outgoing.end(text);
}

function note(path: string, { statusCode }: IncomingMessage, answer: string): void {
  if (statusCode === 201) written.push(`${path}/${(JSON.parse(answer) as { id: string | number }).id}`);
  if (path !== "/healthz") return;
  lastCommit = String((JSON.parse(answer) as { commit?: string }).commit);
  commits.add(lastCommit);
}

// By the clock, not by the timer: a timer that is late must not lower the rate.
const started = Date.now();
let told = false;
const timer = setInterval(() => {
  const due = ((Date.now() - started) / 1000) * Number(rate);
  while (sent < due && !(told && sent >= Number(atLeast))) ask();
  if (!told || sent < Number(atLeast) || open > 0) return;
  clearInterval(timer);
  const seen: Seen = { sent, failed, written, commits: [...commits], lastCommit, slowest };
  process.stdout.write(`${JSON.stringify(seen)}\n`);
  agent.destroy();
}, 5);

process.stdin.resume().on("end", () => {
  told = true;
});
