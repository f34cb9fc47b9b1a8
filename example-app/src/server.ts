import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Database } from "./database.ts";
import { log, reasonOf } from "./log.ts";
import { notes } from "./notes.ts";

/** Time for requests in progress after SIGTERM, in milliseconds. */
const GRACE = 20_000;

// biome-ignore lint/style/noProcessEnv: the one place where the app reads its environment
const environment = process.env;
const needed = ["PORT", "DB_HOST", "DB_PORT", "DB_NAME", "DB_SECRET_ARN", "AWS_REGION"] as const;
const missing = needed.filter((name) => !environment[name]);
if (missing.length > 0) {
  process.stderr.write(`example-app: set ${missing.join(", ")}\n`);
  process.exit(1);
}
const variable = (name: (typeof needed)[number]) => environment[name] ?? "";

const database = new Database({
  host: variable("DB_HOST"),
  port: Number(variable("DB_PORT")),
  name: variable("DB_NAME"),
  secretArn: variable("DB_SECRET_ARN"),
  region: variable("AWS_REGION"),
  caFile: environment.DB_CA_FILE,
});
let isMigrated = false;
let isStopping = false;

// The load balancer keeps connections for 60 s: ours outlive its.
const server = createServer({ keepAliveTimeout: 65_000, headersTimeout: 66_000 }, (request, response) => {
  if (isStopping) response.setHeader("connection", "close");
  answer(request, response).catch((error) => {
    log("warn", "request failed", { method: request.method, reason: reasonOf(error) });
    if (response.headersSent) response.destroy();
    else response.writeHead(503, { "retry-after": "5" }).end("The database does not answer.\n");
  });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Asks nobody: a database that is away must not make anybody replace this instance.
  if (request.url === "/healthz") response.writeHead(200).end("ok\n");
  else if (request.url === "/readyz") response.writeHead((await isReady()) ? 200 : 503).end();
  else if (!(await notes(request, response, database)))
    response.writeHead(404).end("There is no such page.\n");
}

async function isReady(): Promise<boolean> {
  if (isStopping || !isMigrated) return false;
  const answers = database.query("select 1").then(
    () => true,
    () => false,
  );
  return Promise.race([answers, sleep(2000, false, { ref: false })]);
}

/** Goes on until the table is there. @param onFailure called when it is not there yet */
async function migrate(onFailure: () => void): Promise<void> {
  for (let pause = 500; !isMigrated && !isStopping; pause = Math.min(2 * pause, 5000)) {
    try {
      await database.migrate();
      isMigrated = true;
      log("info", "the table is there");
    } catch (error) {
      log("warn", "no table yet; trying again", { reason: reasonOf(error) });
      onFailure();
      await sleep(pause);
    }
  }
}

async function stop(signal: string): Promise<void> {
  isStopping = true;
  log("info", "stopping", { signal });
  const closed = new Promise((resolve) => server.close(resolve));
  // A connection is idle, and may go, when its last answer is out.
  setInterval(() => server.closeIdleConnections(), 100);
  await Promise.race([closed, sleep(GRACE)]);
  await Promise.race([database.close(), sleep(2000)]).catch(() => {});
  log("info", "stopped");
  process.exit(0);
}

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop(signal));

// Alive is what answers its first request, so the table comes first. While the database is away the app lives, and is not
// ready.
const failedOnce = Promise.withResolvers<void>();
await Promise.race([migrate(failedOnce.resolve), failedOnce.promise, sleep(5000, undefined, { ref: false })]);
server.listen(Number(variable("PORT")), environment.HOST ?? "0.0.0.0", () =>
  log("info", "listening", { port: variable("PORT") }),
);
