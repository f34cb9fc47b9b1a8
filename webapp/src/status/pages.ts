import type { FastifyPluginAsync } from "fastify";
import { answers, type Readiness } from "../health.ts";
import type { Release } from "../release.ts";
import type { Views } from "../views.ts";
import type { Place } from "./place.ts";

/** What the status page tells of, besides the app itself. */
export interface StatusSource {
  readonly release: Release;
  /** Where this process runs. Must not reject. */
  readonly place: () => Promise<Place>;
  /** Resolves if the replica answers; else rejects. Default: there is none. */
  readonly probeReplica?: (() => Promise<void>) | undefined;
  /** How long this process has run, in seconds. */
  readonly uptime: () => number;
}

/** What the page needs. */
export interface StatusOptions extends Readiness {
  readonly status: StatusSource;
  readonly views: Views;
}

const UNKNOWN = "unknown";

/**
 * Who answers, and what with: what one watches while an instance is replaced or a release rolled out. It names neither
 * the database's host nor anything secret, and answers while the database is away.
 */
export const statusPage: FastifyPluginAsync<StatusOptions> = async (app, options) => {
  const { stopping, probe, probeTimeout, status, views } = options;
  const { release, probeReplica, uptime } = status;

  app.get("/status", async (_request, reply) => {
    const [place, primary, replica] = await Promise.all([
      status.place(),
      answers(probe, probeTimeout),
      probeReplica && answers(probeReplica, probeTimeout),
    ]);
    return views.send(reply, "status", {
      title: "Status",
      section: "status",
      stopping: stopping(),
      version: release.version ?? "from its sources",
      commit: release.commit ?? UNKNOWN,
      uptime: inWords(uptime()),
      kind: place.kind,
      id: place.id ?? UNKNOWN,
      zone: place.zone ?? UNKNOWN,
      answers: primary,
      reads: whoReads(primary, replica),
      said: `${place.kind} ${place.id ?? UNKNOWN} answers; the database ${primary ? "answers" : "does not answer"}.`,
    });
  });
};

function whoReads(primary: boolean, replica: boolean | undefined): string {
  if (replica) return "the replica";
  if (!primary) return "nowhere";
  return replica === undefined ? "the primary" : "the primary: the replica does not answer";
}

/** A time in its two largest units. */
function inWords(seconds: number): string {
  const whole = Math.floor(seconds);
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor(whole / 3600) % 24;
  const minutes = Math.floor(whole / 60) % 60;
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min ${whole % 60} s`;
  return `${whole} s`;
}
