import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { buildRelease } from "../../../cli/release/build.ts";

/** What a machine has and a container lacks, and what the image's packages leave to the base image. */
const MACHINE_PACKAGES = ["initramfs-tools", "kmod", "linux-image-cloud-amd64", "systemd", "udev"];

/** Only the drivers of the emulated machine: a smaller file to unpack in software emulation. */
const RAM_DISK = [
  "printf 'MODULES=list\\\\nCOMPRESS=gzip\\\\n' > /etc/initramfs-tools/conf.d/machine",
  "printf 'virtio_pci\\\\nvirtio_blk\\\\nvirtio_net\\\\n' > /etc/initramfs-tools/modules",
  "update-initramfs -u",
].join(" && ");

/** Debian 12 with the packages of the image and a kernel, nothing configured: a tar below `cache`. */
export function baseSystem(root: string, cache: string): Promise<string> {
  const packages = [...debianPackages(root), ...MACHINE_PACKAGES];
  return debian(cache, packages, [`--customize-hook=chroot "$1" sh -c "${RAM_DISK}"`]);
}

/** Debian 12 with these packages: a tar that is made once for the same options of mmdebstrap and kept in `cache`. */
export async function debian(
  cache: string,
  packages: readonly string[],
  options: readonly string[],
): Promise<string> {
  const all = ["--quiet", "--variant=apt", `--include=${[...packages].sort().join(",")}`, ...options];
  const key = createHash("sha256").update(all.join("\n")).digest("hex").slice(0, 16);
  const tar = join(cache, `debian-${key}.tar`);
  if (existsSync(tar)) return tar;
  mkdirSync(cache, { recursive: true });
  const partial = mkdtempSync(join(cache, "partial-"));
  try {
    await execa("mmdebstrap", [...all, "bookworm", join(partial, "debian.tar")]);
    renameSync(join(partial, "debian.tar"), tar);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return tar;
}

/** The names that ansible/packages.yml lists for Debian. */
export function debianPackages(root: string): string[] {
  const text = readFileSync(join(root, "ansible/packages.yml"), "utf8");
  const list = /^ {2}debian12:\n((?: {4}- .+\n)+)/m.exec(text)?.[1];
  if (list === undefined) throw new Error("ansible/packages.yml: no list for debian12");
  return list
    .trim()
    .split(/\n? *- /)
    .filter(Boolean);
}

/**
 * Unpacks the base system into `target` and runs the image's own playbook on it, from outside, in a namespace without
 * network. /proc is read-only: the kernel's settings of this machine stay as they are.
 */
export async function bake(root: string, base: string, target: string): Promise<void> {
  const release = await buildRelease({ root });
  mkdirSync(target, { recursive: true });
  await execa("tar", ["-xf", base, "-C", target]);
  const variables = {
    ansible_host: target,
    family: "debian12",
    stand_in: true,
    release_archive: release.path,
    release_digest: release.sha256,
    commit: release.commit,
  };
  const script = [
    'mount -t proc -o ro proc "$1/proc"',
    'mount -t sysfs -o ro sysfs "$1/sys"',
    'mount --rbind /dev "$1/dev"',
    'mount -t tmpfs tmpfs "$1/run"',
    'mkdir "$1/run/sshd"',
    'exec ansible-playbook -i machine, -c community.general.chroot -e "$2" playbook.yml',
  ].join("\n");
  const { exitCode, all } = await execa(
    "unshare",
    [
      ...["--mount", "--net", "--propagation", "private"],
      ...["sh", "-ec", script, "sh", target, JSON.stringify(variables)],
    ],
    {
      cwd: join(root, "ansible"),
      env: { SYSTEMD_OFFLINE: "1", ANSIBLE_NOCOLOR: "1" },
      all: true,
      reject: false,
      stdin: "ignore",
    },
  );
  if (exitCode !== 0) throw new Error(`the playbook failed on ${basename(target)}:\n${all.slice(-4000)}`);
}
