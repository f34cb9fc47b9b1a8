import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import { migrate } from "../../../../webapp/src/database/migrate.ts";
import type { Tables } from "../../../../webapp/src/database/tables.ts";
import type { WebappProcess } from "../webapp-process.ts";
import { type ApiDocument, type Exchange, exercise, leaveTraces } from "./exercise.ts";

/** What the gate looks at. */
export interface Gate {
  /** Starts the release before, on its own schema or on a newer one. */
  readonly start: () => Promise<WebappProcess>;
  /** Its description of its API. */
  readonly document: ApiDocument;
  /** A handle on its database. */
  readonly db: Kysely<Tables>;
  /** All migrations, its own and the new ones. */
  readonly migrations: Readonly<Record<string, Migration>>;
  /** Names of its own. */
  readonly known: readonly string[];
}

/**
 * Runs the release before while the new migrations are applied, one after the other, and starts it again behind the last.
 * It must answer as it did on its own schema, and keep what was there.
 * @returns what speaks against the new migrations, each by its name; nothing if they may be released
 */
export async function refusals({ start, document, db, migrations, known }: Gate): Promise<string[]> {
  const app = await start();
  await app.ready();
  const traces = await leaveTraces(app, document);
  const read = (from: WebappProcess) => Promise.all(traces.map((path) => from.json("GET", path)));
  const [answers, kept] = [await exercise(app, document), await read(app)];
  const against = async (from: WebappProcess) => [
    ...differences(answers, await exercise(from, document)),
    ...(JSON.stringify(await read(from)) === JSON.stringify(kept)
      ? []
      : ["what was kept before is not as it was"]),
  ];

  const applied = Object.fromEntries(Object.entries(migrations).filter(([name]) => known.includes(name)));
  for (const [name, migration] of Object.entries(migrations).filter(([one]) => !known.includes(one))) {
    applied[name] = migration;
    await migrate(db, applied);
    const found = await against(app);
    if (found.length > 0) return found.map((one) => `${name} breaks the release before it: ${one}`);
  }
  await app.stop();
  const again = await start();
  await again.ready();
  return (await against(again)).map((one) => `the release before, started on the new schema: ${one}`);
}

function differences(before: readonly Exchange[], after: readonly Exchange[]): string[] {
  return before.flatMap(({ request, answer }, index) => {
    const now = after[index]?.request === request ? after[index].answer : "nothing";
    return now === answer ? [] : [`${request} answers ${shorten(now)} instead of ${shorten(answer)}`];
  });
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
