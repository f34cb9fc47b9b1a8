import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

const ADDED = join(import.meta.dirname, "guest-files");

/** What the test adds to an image so that it can be looked at. */
export interface Additions {
  /** Variables of the app that say where the test differs from AWS. */
  readonly variables: Readonly<Record<string, string>>;
  /** A line for /etc/hosts. */
  readonly host: string;
  /** The authority of the database: a file here, and where it goes. */
  readonly authority: { readonly from: string; readonly to: string };
}

/** The files that QEMU boots. */
export interface Bootable {
  readonly disk: string;
  readonly kernel: string;
  readonly initialRamDisk: string;
}

/**
 * Adds what a cloud's base image has and a bare Debian lacks (a root file system by name, an address by DHCP), and
 * what reports from inside. The image's own files stay as the playbook left them.
 */
export async function prepare(target: string, { variables, host, authority }: Additions): Promise<void> {
  const units = join(target, "etc/systemd/system");
  const programs = join(target, "usr/share/webstead-test");
  mkdirSync(programs, { recursive: true });
  for (const name of readdirSync(ADDED)) {
    const folder = name.endsWith(".service")
      ? units
      : name.endsWith(".network")
        ? join(target, "etc/systemd/network")
        : programs;
    cpSync(join(ADDED, name), join(folder, name));
  }
  const addition = join(units, "webapp.service.d");
  mkdirSync(addition, { recursive: true });
  const lines = Object.entries(variables).map(([key, value]) => `Environment=${key}=${value}\n`);
  writeFileSync(join(addition, "test.conf"), `[Service]\n${lines.join("")}`);
  cpSync(authority.from, join(target, authority.to));
  writeFileSync(join(target, "etc/hosts"), `127.0.0.1 localhost\n${host}\n`);
  writeFileSync(join(target, "etc/resolv.conf"), "nameserver 127.0.0.1\n");
  writeFileSync(join(target, "etc/fstab"), "/dev/vda / ext4 defaults 0 1\n");
  const enabled = ["intruder.service", "report.service", "systemd-networkd.service"];
  await execa("systemctl", [`--root=${target}`, "enable", ...enabled]);
}

/** Takes the app's module out of the policy again, as if role selinux had never run. */
export async function removeModule(target: string): Promise<void> {
  await execa("chroot", [target, "semodule", "--noreload", "--remove", "webapp"]);
  rmSync(join(target, "etc/systemd/system/webapp-settings.service.d/selinux.conf"));
}

/** Labels all files by the system's own policy, from outside, and makes a disk of them. */
export async function makeDisk(target: string, file: string): Promise<Bootable> {
  const contexts = join(target, "etc/selinux/default/contexts/files/file_contexts");
  await execa("setfiles", ["-F", "-r", target, contexts, target]);
  rmSync(file, { force: true });
  await execa("mke2fs", ["-q", "-t", "ext4", "-m", "0", "-d", target, file, "2G"]);
  const boot = join(target, "boot");
  const of = (start: string) => {
    const name = readdirSync(boot).find((entry) => entry.startsWith(start));
    if (name === undefined) throw new Error(`the image has no ${start}* in /boot`);
    return join(boot, name);
  };
  return { disk: file, kernel: of("vmlinuz-"), initialRamDisk: of("initrd.img-") };
}
