/**
 * Runs the suites and ends with the line "N passed, N failed". Those that wait run beside those that work; what each
 * prints is shown whole when it ends. One suite alone prints as it goes.
 */
import { createReadStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createConsole, formatDuration } from "../cli/console.ts";
import { Failure } from "../cli/errors.ts";
import { readSettings } from "../cli/settings.ts";
import { requireTools } from "../cli/tools.ts";
import { type Outcome, type Place, say } from "./runner/command.ts";
import { SUITES, type Suite } from "./runner/suites.ts";

const STDERR = 2;
const SIGN_OF_LIFE_MS = 60_000;
/** Behind the suites that wait: those notice it when what they wait for comes late. */
const STEPPED_BACK = 10;

const settings = readSettings();
const screen = createConsole({ color: settings.color });
const running = new Map<string, number>();

async function main(names: readonly string[]): Promise<void> {
  if (names.includes("--help") || names.includes("-h")) return help();
  const unknown = names.filter((name) => !(name in SUITES));
  if (unknown.length > 0) {
    const known = Object.keys(SUITES).join(", ");
    console.error(`error: unknown suite "${unknown.join('", "')}": there are ${known}`);
    process.exitCode = 2;
    return;
  }
  const chosen = Object.entries(SUITES).filter(([name]) => names.length === 0 || names.includes(name));
  const suites = chosen.filter(([name, { needsRoot }]) => {
    const passedOver = needsRoot && process.getuid?.() !== 0;
    if (passedOver) console.error(`== ${name}: passed over, it needs root: sudo ./test.sh ${name}`);
    return !passedOver;
  });
  const signOfLife = setInterval(tellWhatRuns, SIGN_OF_LIFE_MS);
  const lanes = [suites.filter(([, suite]) => suite.waits), suites.filter(([, suite]) => !suite.waits)];
  const outcomes = (await Promise.all(lanes.map((lane) => runLane(lane, suites.length === 1)))).flat();
  clearInterval(signOfLife);
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  // Together, once more: what a suite prints of them is far up by now.
  for (const failure of failures) console.error(`✖ ${failure}`);
  console.log(`${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

async function runLane(lane: readonly [string, Suite][], alone: boolean): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [name, suite] of lane) outcomes.push(await runSuite(name, suite, alone));
  return outcomes;
}

async function runSuite(name: string, suite: Suite, alone: boolean): Promise<Outcome> {
  console.error(`\n== ${name}: ${suite.about}`);
  const started = Date.now();
  running.set(name, started);
  const log = join(settings.workDir, "tests", `${name}.log`);
  mkdirSync(join(log, ".."), { recursive: true });
  writeFileSync(log, "");
  const place: Place = {
    root: settings.root,
    output: alone ? STDERR : { file: log, append: true },
    niceness: suite.waits || suite.isTimed || alone ? 0 : STEPPED_BACK,
  };
  const { passed, failures } = await withTools(suite)
    .then(() => suite.run(place, settings))
    .catch((error) => {
      say(place, error instanceof Failure ? `error: ${error.message}` : error.stack);
      return { passed: 0, failures: ["the suite did not run to its end"] };
    });
  running.delete(name);
  if (!alone) for await (const part of createReadStream(log)) process.stderr.write(part);
  const took = formatDuration(Date.now() - started);
  console.error(`== ${name}: ${passed} passed, ${failures.length} failed in ${took}`);
  return { passed, failures: failures.map((failure) => `${name}: ${failure}`) };
}

/** One at a time: Debian's package manager has a lock. */
let installing: Promise<unknown> = Promise.resolve();
function withTools({ tools }: Suite): Promise<unknown> {
  const ready = installing.then(() => screen.step("Tools", (step) => requireTools(tools, step)));
  installing = ready.catch(() => {});
  return ready;
}

function tellWhatRuns(): void {
  const now = Date.now();
  const each = [...running].map(([name, since]) => `${name} for ${formatDuration(now - since)}`);
  if (running.size > 0) console.error(`   running: ${each.join(", ")}`);
}

function help(): void {
  const lines = Object.entries(SUITES).map(([name, { about }]) => `  ${name.padEnd(9)} ${about}`);
  console.error(`usage: ./test.sh [suite …]\n\n${lines.join("\n")}`);
}

await main(process.argv.slice(2));
