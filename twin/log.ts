import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from "node:fs";
import { dirname } from "node:path";

/** Writes a line about one part of the twin. */
export type Log = (line: string) => void;

const LARGEST = 5_000_000;

/** A log file that is moved to `<file>.1` at 5 MB, so that it takes 10 MB at most. */
export class LogFile {
  private readonly file: string;
  private stream: WriteStream;
  private size: number;

  constructor(file: string) {
    this.file = file;
    mkdirSync(dirname(file), { recursive: true });
    this.size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    this.stream = this.open();
  }

  /** Appends bytes. */
  write(data: string | Buffer): void {
    if (this.size > LARGEST) {
      this.stream.end();
      renameSync(this.file, `${this.file}.1`);
      this.size = 0;
      this.stream = this.open();
    }
    this.size += data.length;
    this.stream.write(data);
  }

  /** Flushes and closes. */
  close(): void {
    this.stream.end();
  }

  private open(): WriteStream {
    const stream = createWriteStream(this.file, { flags: "a" });
    // The state folder may be deleted under a running twin: a lost log line must not end it.
    stream.on("error", () => {});
    return stream;
  }
}

/** A Log that says each thing once until it says something else: loops that fail the same way stay quiet. */
export function onlyChanges(log: Log): Log {
  let last = "";
  return (line) => {
    if (line !== last) log(line);
    last = line;
  };
}
