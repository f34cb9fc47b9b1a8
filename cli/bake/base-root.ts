import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { machineProblem } from "../../twin/machines/requirements.ts";
import { Failure } from "../errors.ts";
import { sha256 } from "../release/archive.ts";
import { STAND_IN_PROGRAMS } from "./requirements.ts";

const SUITE = "bookworm";
/** What any machine needs that is booted and then reached by Ansible over SSH; the roles' own packages come from ansible/packages.yml. */
const PACKAGES = [
  ...["systemd", "systemd-sysv", "dbus", "openssh-server", "python3", "python3-apt", "sudo", "iproute2"],
  "ca-certificates",
  // A machine without DNS knows its own name.
  "libnss-myhostname",
];
/** As in Debian's own AMI: this user gets the key pair's key and becomes root by sudo. */
const USER = "admin";
const CUSTOMIZE = [
  `chroot "$1" useradd --create-home --shell /bin/bash ${USER}`,
  `chroot "$1" passwd --lock ${USER} >/dev/null`,
  `install -m 0440 /dev/null "$1/etc/sudoers.d/90-cloud-init-users"`,
  `echo "${USER} ALL=(ALL) NOPASSWD:ALL" >"$1/etc/sudoers.d/90-cloud-init-users"`,
  `printf '127.0.0.1 localhost\\n' >"$1/etc/hosts"`,
  // mmdebstrap copies these two from the machine it runs on.
  `rm -f "$1/etc/hostname" "$1/etc/resolv.conf"`,
];
const BASES_KEPT = 2;

/** The login of the base that is root by sudo. */
export const BASE_USER = USER;

/** Where the base comes from and goes to. */
export interface BaseOptions {
  /** The checkout. */
  readonly root: string;
  /** What the command line keeps between two commands: the base is made once for the same packages. */
  readonly workDir: string;
  readonly onProgress?: (line: string) => void;
}

/** The root file system of a stock Debian 12: the tar, and what it is called as a machine image. */
export interface BaseRoot {
  readonly tar: string;
  /** "debian-12-<digest>": the name to register it under. */
  readonly name: string;
}

/**
 * Makes the base from Debian's packages (a minute or two), or finds the one of the same packages.
 * @throws Failure in one line: not root, a program missing, or what mmdebstrap said
 */
export async function baseRoot({ root, workDir, onProgress }: BaseOptions): Promise<BaseRoot> {
  const problem = machineProblem(STAND_IN_PROGRAMS);
  if (problem !== undefined) throw new Failure(problem);
  const packages = basePackages(root);
  const digest = sha256(JSON.stringify([SUITE, process.arch, packages, CUSTOMIZE])).slice(0, 12);
  const name = `debian-12-${digest}`;
  const folder = join(workDir, "base");
  const tar = join(folder, `${name}.tar`);
  if (existsSync(tar)) return { tar, name };
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `${name}.${process.pid}.unfinished`);
  onProgress?.(`Debian 12 from its packages, once: ${packages.length} packages and what they need`);
  try {
    await mmdebstrap(packages, unfinished, onProgress);
    renameSync(unfinished, tar);
  } finally {
    rmSync(unfinished, { force: true });
  }
  for (const old of olderBases(folder, `${name}.tar`)) rmSync(join(folder, old), { force: true });
  return { tar, name };
}

/** The packages of a base: those any machine needs, and those of the roles for Debian, if there are any. */
export function basePackages(root: string): string[] {
  const file = join(root, "ansible/packages.yml");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const section = /^( *)debian12:\s*\n((?:\1 +.*\n|\s*\n)*)/m.exec(text)?.[2] ?? "";
  const listed = [...section.matchAll(/^\s*-\s+["']?([a-z0-9][a-z0-9.+-]*)["']?\s*(?:#.*)?$/gm)];
  if (text !== "" && listed.length === 0) {
    throw new Failure(`${file} lists no packages under debian12: add them as "- name" lines`);
  }
  return [...new Set([...PACKAGES, ...listed.map(([, name = ""]) => name)])].sort();
}

async function mmdebstrap(
  packages: readonly string[],
  target: string,
  onProgress: BaseOptions["onProgress"],
): Promise<void> {
  const process = execa(
    "mmdebstrap",
    [
      ...["--mode=root", "--variant=apt", "--format=tar", `--include=${packages.join(",")}`],
      ...CUSTOMIZE.map((command) => `--customize-hook=${command}`),
      ...[SUITE, target],
    ],
    { reject: false, stdin: "ignore", env: { LC_ALL: "C.UTF-8", DEBIAN_FRONTEND: "noninteractive" } },
  );
  for await (const line of process.iterable({ from: "stderr" })) {
    const said = /^I: (.*)/.exec(String(line))?.[1];
    if (said !== undefined && !/tempdir|--customize-hook/.test(said)) onProgress?.(said);
  }
  const { exitCode, stderr } = await process;
  if (exitCode === 0) return;
  const reason = stderr.split("\n").find((line) => /^E: /.test(line)) ?? stderr.trim().split("\n").at(-1);
  throw new Failure(
    `mmdebstrap made no root file system of Debian ${SUITE}: ${reason}; check the network and apt's sources`,
  );
}

function olderBases(folder: string, current: string): string[] {
  const others = readdirSync(folder).filter((name) => /^debian-12-.*\.tar$/.test(name) && name !== current);
  return others.slice(BASES_KEPT - 1);
}
