import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { sql } from "kysely";
import { MIGRATIONS } from "../migrations/all.ts";
import { buildApp } from "./app.ts";
import { type Config, ConfigurationError, readConfig } from "./config.ts";
import { connectDatabase } from "./database/connect.ts";
import { migrate } from "./database/migrate.ts";
import { CachedSecret } from "./database/secret.ts";
import { fetchCredentials } from "./database/secrets-manager.ts";
import { openDirectory } from "./directory.ts";
import { entryRepository } from "./entries/repository.ts";
import { LOGGER } from "./log.ts";
import { startMetrics } from "./metrics.ts";
import { sweepRegularly } from "./photos/sweep.ts";
import { readRelease } from "./release.ts";
import { untilDone } from "./retry.ts";
import { placeFinder } from "./status/place.ts";

/** Time for requests in progress after SIGTERM, in milliseconds; with the database's farewell it stays under 25 s. */
const GRACE = 20_000;
const FAREWELL = 2000;

/** How long a start waits for its schema before it listens all the same, in milliseconds. */
const PATIENCE = 5000;

/**
 * Collects what starting left, with the space that young objects had grown to, some 13 MB: else it is kept for good.
 * V8 offers it by a flag only, to contexts that are made afterwards.
 */
function giveBackMemory(): void {
  setFlagsFromString("--expose-gc");
  const collect: NodeJS.GCFunction = runInNewContext("gc");
  collect({ type: "major", flavor: "last-resort" });
}

/**
 * Migrates, and listens when the schema is there: what the load balancer finds alive answers its first request. When that
 * takes long or fails, it listens and goes on trying: an instance whose database is away is alive, only not ready.
 */
async function serve(config: Config): Promise<void> {
  const secret = new CachedSecret(() => fetchCredentials(config.secretArn, config.region));
  const limits = { connections: 10, queryTimeout: 5000 };
  const pools = { primary: { taken: 0, waiting: 0 }, replica: { taken: 0, waiting: 0 } };
  const db = connectDatabase(config.database, secret, { ...limits, use: pools.primary });
  const { replicaHost } = config.database;
  const replica = replicaHost
    ? connectDatabase({ ...config.database, host: replicaHost }, secret, { ...limits, use: pools.replica })
    : undefined;
  const metrics = config.metricsPort === undefined ? undefined : await startMetrics(pools);
  const stop = new AbortController();
  let migrated = false;

  const { store, pictures } = await openDirectory(config, { db, replica }, (error) =>
    app.log.warn({ err: error }, "a photo is left to the sweep"),
  );
  const release = readRelease();

  const app = buildApp({
    entries: entryRepository(db, replica),
    employees: store,
    photos: pictures?.photos,
    hasReplica: replica !== undefined,
    rateLimit: config.rateLimit,
    ...(metrics && { count: metrics.count }),
    stopping: () => stop.signal.aborted,
    probe: async () => {
      if (!migrated) throw new Error("the schema is not there yet");
      await sql`select 1`.execute(db);
    },
    commit: release.commit,
    status: {
      release,
      place: placeFinder(config.metadata),
      uptime: () => process.uptime(),
      probeReplica: replica && (async () => void (await sql`select 1`.execute(replica))),
    },
    logger: LOGGER,
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void end(signal));
  const failedOnce = Promise.withResolvers<void>();
  const schema = migrateInBackground();
  await Promise.race([schema, failedOnce.promise, sleep(PATIENCE, undefined, { ref: false })]);
  await app.listen({ port: config.port, host: config.host });
  if (config.metricsPort !== undefined) {
    // Users are served, measured or not.
    await metrics?.listen(config.metricsPort).catch((err) => app.log.error({ err }, "no metrics"));
  }
  await schema;
  if (pictures) {
    await sweepRegularly(
      { ledger: store.ledger, bucket: pictures.bucket },
      {
        signal: stop.signal,
        onDone: (result) => {
          if (result instanceof Error)
            app.log.warn({ err: result }, "the sweep of photos failed; it comes again");
          else if (result > 0) app.log.info({ photos: result }, "removed photos that nobody has");
        },
      },
    );
  }

  async function migrateInBackground(): Promise<void> {
    const once = async () => {
      const single = connectDatabase(config.database, secret, { connections: 2 });
      try {
        return await migrate(single, MIGRATIONS);
      } finally {
        await single.destroy();
      }
    };
    const names = await untilDone(once, {
      firstDelay: 500,
      longestDelay: 5000,
      signal: stop.signal,
      onFailure: (error, attempt) => {
        app.log.warn({ err: error, attempt }, "migration failed; trying again");
        failedOnce.resolve();
      },
    });
    giveBackMemory();
    migrated = true;
    app.log.info({ migrations: names }, "schema is up to date");
  }

  async function end(signal: string): Promise<void> {
    stop.abort();
    app.log.info({ signal }, "stopping");
    const closeIdle = setInterval(() => app.server.closeIdleConnections(), 100);
    await Promise.race([app.close(), sleep(GRACE)]);
    clearInterval(closeIdle);
    const farewells = Promise.all([db.destroy(), replica?.destroy()]);
    await Promise.race([farewells, sleep(FAREWELL)]).catch(() => {});
    app.log.info("stopped");
    process.exit(0);
  }
}

try {
  // biome-ignore lint/style/noProcessEnv: the one place where the app reads its environment
  await serve(readConfig(process.env));
} catch (error) {
  if (error instanceof Error && error.name === "AbortError") {
    // Stopped while migrating: end() is on its way.
  } else if (error instanceof ConfigurationError || (error as NodeJS.ErrnoException).syscall === "listen") {
    process.stderr.write(`webapp: ${(error as Error).message}\n`);
    process.exit(1);
  } else {
    throw error;
  }
}
