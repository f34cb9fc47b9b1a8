import { existsSync } from "node:fs";

const FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** The programs that booting a machine needs, and the Debian packages that bring them. */
export const MACHINE_PROGRAMS: Readonly<Record<string, string>> = {
  "systemd-nspawn": "systemd-container",
  journalctl: "systemd",
  ip: "iproute2",
  mount: "mount",
  nsenter: "util-linux",
  unshare: "util-linux",
  tar: "tar",
};

/** Where machines and their programs look for programs, whatever the PATH of the user is. */
export const SYSTEM_PATH = FOLDERS.join(":");

/**
 * Says in one line why this user cannot boot machines on this machine, and the remedy; undefined if it can.
 *
 * @param programs program -> Debian package
 */
export function machineProblem(programs = MACHINE_PROGRAMS, uid = process.getuid?.()): string | undefined {
  if (uid !== 0) return `booting a machine needs root, this is user ${uid}: run it as root (sudo)`;
  const missing = Object.keys(programs).filter(
    (program) => !FOLDERS.some((folder) => existsSync(`${folder}/${program}`)),
  );
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map((program) => programs[program]))].join(" ");
  const are = missing.length === 1 ? "is" : "are";
  return `${missing.join(", ")} ${are} missing (to boot a machine): apt-get install ${packages}`;
}
