import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyPluginAsync } from "fastify";

/** What readiness depends on. */
export interface Readiness {
  /** True once the process was told to stop. */
  readonly stopping: () => boolean;
  /** Resolves if the database answers and its schema is there; else rejects. */
  readonly probe: () => Promise<void>;
  /** Longest wait for the probe, in milliseconds. Default 2000. */
  readonly probeTimeout?: number;
  /** The commit this app was released from: liveness tells it, so that a rollout can be seen from outside. */
  readonly commit?: string | undefined;
}

/** Liveness, which asks nobody, and readiness, which asks the database. */
export const health: FastifyPluginAsync<Readiness> = async (
  app,
  { stopping, probe, probeTimeout, commit },
) => {
  app.get("/healthz", async () => ({ status: "ok", commit }));

  app.get("/readyz", async (_request, reply) => {
    if (stopping()) return reply.code(503).send({ status: "stopping" });
    if (await answers(probe, probeTimeout)) return { status: "ready" };
    return reply.code(503).send({ status: "waiting for the database" });
  });
};

/** Whether a probe resolves within a time in milliseconds. */
export async function answers(probe: () => Promise<void>, timeout = 2000): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(timeout, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([
      probe().then(
        () => true,
        () => false,
      ),
      late,
    ]);
  } finally {
    timer.abort();
  }
}
