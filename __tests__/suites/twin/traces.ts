import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Python is on every machine that runs the twin, unzip is not. */
const UNZIP =
  "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); [sys.stdout.buffer.write(z.read(n)) for n in z.namelist()]";

/** Larger files than this hold programs, not words. */
const LARGEST = 64 * 1024 * 1024;

/**
 * Whether a text holds a word: as it is, or in the encodings in which configuration hides words.
 * (Of base64 three forms, since the word may begin at any of three places in a group.)
 */
export function holds(text: string | Buffer, word: string): boolean {
  const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text);
  const base64 = [0, 1, 2].map((pad) =>
    Buffer.from(`${"_".repeat(pad)}${word}`)
      .toString("base64")
      .slice(pad + 1, -4),
  );
  return [word, encodeURIComponent(word), ...base64].some((form) => bytes.includes(form));
}

/**
 * The files below a folder in which a word is found, those inside zip files (a saved plan is one) and gzip tarballs
 * (a release) included. The database's own data is left out: a password must be there, hashed.
 */
export function filesHolding(root: string, word: string): string[] {
  return filesBelow(root).filter((file) => {
    if (statSync(file).size > LARGEST) return false;
    const content = readFileSync(file);
    if (content.subarray(0, 2).toString() === "PK")
      return holds(unpacked("python3", ["-c", UNZIP, file]), word);
    if (file.endsWith(".tar.gz")) return holds(unpacked("tar", ["-xzOf", file, "--exclude=bin/node"]), word);
    return holds(content, word);
  });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return /\/(databases|\.terraform|python|\.git)$/.test(path) ? [] : filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

function unpacked(program: string, args: readonly string[]): Buffer {
  return execFileSync(program, args, { maxBuffer: 512 * 1024 * 1024 });
}

/** The arguments and the environment of every process that can be read. */
export function processTexts(): { pid: number; text: Buffer }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => ({
      pid: Number(name),
      text: Buffer.concat(["cmdline", "environ"].map((part) => readIfThere(`/proc/${name}/${part}`))),
    }));
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Resident memory of a process in MB (of 1,000,000 bytes). */
export function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round((Number(kilobytes) * 1024) / 1e6);
}
