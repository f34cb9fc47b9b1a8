import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { SecretsManager } from "../../__tests__/suites/database/secrets-manager.ts";
import { readSettings } from "../../cli/settings.ts";
import { GIT, MARIADB, OPENSSL, PYTHON, requireTools } from "../../cli/tools.ts";
import { Processes } from "../../twin/processes.ts";
import type { Measure } from "../figure.ts";
import { agree } from "../web/agreement.ts";
import { type Contestant, whileServing } from "../web/contestant.ts";
import { webApp } from "../web/contestants/app.ts";
import { flask } from "../web/contestants/flask.ts";
import { rawNode } from "../web/contestants/raw-node.ts";
import { BenchDatabase } from "../web/database.ts";
import { agreeOnEmployees, BenchDirectory, DIRECTORY_OPERATIONS } from "../web/directory.ts";
import { ceilings, figuresOf, rounded } from "../web/goals.ts";
import { OPERATIONS, type Operation } from "../web/operations.ts";
import { lookAtMachine, writeResults } from "../web/results.ts";
import {
  aspectOf,
  type Course,
  DIRECTORY_ROUNDS,
  playRound,
  ROUNDS,
  type Round,
  typical,
} from "../web/rounds.ts";
import { WRK } from "../web/wrk.ts";

/**
 * The app's release against the stack that its walk-throughs describe, and against Node without a framework: the
 * same table in the same MariaDB, the same operations, in turn on this machine. Seven minutes. Writes bench/results/web.md.
 */
export const measure: Measure = async (say) => {
  const settings = readSettings();
  const processors = availableParallelism();
  const machine = lookAtMachine(processors);
  if (machine.busy) {
    say(
      `this machine is busy (load average ${machine.load.toFixed(2)}): the figures will not be worth keeping`,
    );
  }
  await requireTools([GIT, MARIADB, OPENSSL, PYTHON, WRK], { update: say, tick: say, result: say });
  const folder = mkdtempSync(join(tmpdir(), "webapp-bench-"));
  const kept = join(settings.workDir, "bench");
  mkdirSync(kept, { recursive: true });
  const processes = new Processes(join(folder, "processes"));
  processes.startGuard();
  const database = await BenchDatabase.start(join(folder, "database"));
  const { user: username, password } = database;
  const secrets = await SecretsManager.start({ username, password });
  try {
    const app = await webApp(settings.root, join(kept, "app"), database, secrets);
    const contestants = [
      app,
      await flask(settings, processors, processes, database, say),
      await rawNode(settings.root, join(kept, "raw-node"), app.node, database),
    ];
    // The app makes the table.
    await whileServing([app], processes, folder, () => database.fill());
    const pageLengths = await whileServing(contestants, processes, folder, (urls) => agree(urls, database));
    say("all of them give the same answers");

    const play = async (of: readonly Contestant[], course: Course, count: number): Promise<Round[]> => {
      const rounds: Round[] = [];
      for (let number = 1; number <= count; number++) {
        // Everybody comes first, and last, about as often.
        const first = number % of.length;
        const order = [...of.slice(first), ...of.slice(0, first)];
        const round = await playRound(order, course, processes, folder);
        rounds.push(round);
        say(`round ${number} of ${count}: ${inWords(round, course.operations)}`);
      }
      return rounds;
    };
    const rounds = await play(contestants, { operations: OPERATIONS, reset: () => database.reset() }, ROUNDS);

    say("the employee directory, in MySQL and in DynamoDB");
    const directory = await BenchDirectory.start(database);
    const places = directory.contestants(app);
    let inPlaces: Round[];
    try {
      await whileServing(places, processes, folder, agreeOnEmployees);
      const reset = () => directory.reset();
      inPlaces = await play(places, { operations: DIRECTORY_OPERATIONS, reset }, DIRECTORY_ROUNDS);
    } finally {
      directory.stop();
    }
    const [own, other, raw] = contestants.map(({ name }) => name) as [string, string, string];
    const figures = figuresOf(rounds, { app: own, flask: other, raw });
    const file = join(settings.root, "bench/results/web.md");
    writeResults(file, {
      ...{ machine, contestants, pageLengths, rounds, figures },
      ceilings: ceilings(rounds, { flask: other, raw }),
      directory: { contestants: places, rounds: inPlaces },
      database: await database.version(),
    });
    say(`written to ${file}`);
    return figures;
  } finally {
    secrets.stop();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

function inWords(round: Round, operations: readonly Operation[]): string {
  return [...round.keys()]
    .map((name) => {
      const rates = operations.map((operation) =>
        rounded(typical([round], name, aspectOf(operation.name, "rate"))),
      );
      return `${name} ${rates.join(" · ")} requests/s`;
    })
    .join("; ");
}
