import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hasEnded } from "../../../twin/processes.ts";

/** The network the machine believes to be in; the metadata service has its address on EC2. */
const NETWORK = "169.254.169.0/24";

/** What to boot. */
export interface GuestOptions {
  /** Folder for what the machine writes. */
  readonly folder: string;
  readonly disk: string;
  readonly kernel: string;
  readonly initialRamDisk: string;
  /** Loopback port of this machine that leads to port 80 of the other. */
  readonly httpPort: number;
  /** `address:port` as the machine sees it, and the loopback port here that it leads to. */
  readonly reaches: Readonly<Record<string, number>>;
}

/** A machine in QEMU, emulated in software: nothing of it reaches further than the loopback ports it is given. */
export class Guest {
  readonly #process: ChildProcess;
  readonly #folder: string;

  constructor({ folder, disk, kernel, initialRamDisk, httpPort, reaches }: GuestOptions) {
    this.#folder = folder;
    const toPort = `${process.execPath} ${join(import.meta.dirname, "to-port.mjs")}`;
    const forwards = Object.entries(reaches).map(
      ([address, port]) => `guestfwd=tcp:${address}-cmd:${toPort} ${port}`,
    );
    const network = `user,id=n0,net=${NETWORK},host=169.254.169.1,dns=169.254.169.3,dhcpstart=169.254.169.15`;
    const inwards = `hostfwd=tcp:127.0.0.1:${httpPort}-:80`;
    // No limit to what the kernel prints: a denial that is not printed would not be seen.
    const log = "audit=1 audit_backlog_limit=8192 sysctl.kernel.printk_ratelimit=0 loglevel=6";
    const messages = openSync(join(folder, "qemu"), "w");
    this.#process = spawn(
      "setpriv",
      [
        // A test run that is killed must not leave a machine behind.
        ...["--pdeathsig", "KILL", "qemu-system-x86_64"],
        // One processor: of two, each a thread of its own, QEMU now and then leaves both stuck where the kernel patches
        // its code.
        ...["-M", "q35", "-accel", "tcg,thread=single,tb-size=512", "-cpu", "max", "-smp", "1", "-m", "1024"],
        ...["-nodefaults", "-display", "none", "-no-reboot", "-snapshot"],
        ...["-kernel", kernel, "-initrd", initialRamDisk],
        ...["-append", `root=/dev/vda rw console=ttyS0 security=selinux ${log} systemd.mask=auditd.service`],
        ...["-drive", `file=${disk},format=raw,if=virtio,cache=unsafe`],
        ...["-netdev", [network, "restrict=on", inwards, ...forwards].join(",")],
        ...["-device", "virtio-net-pci,netdev=n0,romfile=", "-device", "virtio-rng-pci"],
        ...["-serial", `file:${join(folder, "console")}`, "-serial", `file:${join(folder, "reports")}`],
      ],
      { stdio: ["ignore", messages, messages] },
    );
    closeSync(messages);
  }

  /** What the kernel printed, SELinux's denials among it. */
  get console(): string {
    return this.#read("console");
  }

  /** The parts of the machine's latest whole account of itself; none before the first. */
  report(): string[] {
    const last = this.#read("reports").trim().split(/\r?\n/).at(-1) ?? "";
    const parts = last.split("|").filter(Boolean);
    return parts.at(-1) === "end" ? parts.slice(0, -1) : [];
  }

  /** QEMU makes the files when it starts. */
  #read(name: string): string {
    const file = join(this.#folder, name);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  /** Switches it off. */
  async end(): Promise<void> {
    if (hasEnded(this.#process)) return;
    this.#process.kill("SIGKILL");
    await once(this.#process, "exit");
  }
}
