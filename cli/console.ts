import { styleText } from "node:util";
import ora, { type Ora } from "ora";

/**
 * What a command says while it works. All of it goes to stderr: stdout belongs to the result alone.
 * On a terminal a running step is one line that moves; elsewhere each line is printed once and stays.
 */
export interface Console {
  /** A line of its own. */
  say(line: string): void;
  /** Runs one step under a title; `update` shows what it is at, the returned text what came of it. */
  step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T>;
}

/** A step that is running. */
export interface Step {
  /** What is going on now. On a terminal it replaces the line before; elsewhere only a changed one is printed. */
  update(detail: string): void;
  /** A sign of life with a clock in it: elsewhere than on a terminal only printed after a silence of 15 s. */
  tick(detail: string): void;
  /** What came of it: shown behind the title when the step ends. */
  result(detail: string): void;
}

/** How many characters a step's title takes, so that details stand in one column. */
const TITLE_WIDTH = 9;

/** After so long without a line a log looks stuck. */
const SILENCE_MS = 15_000;

/** A console on stderr. */
export function createConsole(options: { color: boolean; stream?: NodeJS.WriteStream }): Console {
  const stream = options.stream ?? process.stderr;
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    options.color ? styleText(style, text, { validateStream: false }) : text;
  const print = (line: string) => stream.write(`${line}\n`);

  async function step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T> {
    const label = title.padEnd(TITLE_WIDTH);
    const started = Date.now();
    const spinner = stream.isTTY ? startSpinner(label, stream, options.color) : undefined;
    let latest = "";
    let result = "";
    let shownAt = started;
    const show = (detail: string) => {
      latest = detail;
      shownAt = Date.now();
      if (spinner) spinner.text = clip(`${label} ${detail}`, stream.columns);
      else print(`  ${label} ${detail}`);
    };
    try {
      const value = await work({
        update(detail) {
          if (detail !== latest) show(detail);
        },
        tick(detail) {
          if (spinner || Date.now() - shownAt >= SILENCE_MS) show(detail);
        },
        result(detail) {
          result = detail;
        },
      });
      spinner?.stop();
      const took = Date.now() - started;
      const time = took >= 1000 ? paint("dim", ` (${formatDuration(took)})`) : "";
      print(`${paint("green", "✔")} ${label} ${result}${time}`.trimEnd());
      return value;
    } catch (error) {
      spinner?.stop();
      print(`${paint("red", "✖")} ${label} ${latest}`.trimEnd());
      throw error;
    }
  }

  return { say: print, step };
}

function startSpinner(label: string, stream: NodeJS.WriteStream, color: boolean): Ora {
  // discardStdin would swallow the Ctrl-C that a step must see as a signal
  return ora({ text: label, stream, color: color ? "cyan" : false, discardStdin: false }).start();
}

function clip(text: string, columns: number | undefined): string {
  const width = (columns ?? 80) - 3;
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

/** "0.4 s", "12 s", "2 min 5 s". */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
