import { execaSync } from "execa";
import { MACHINE_PROGRAMS, machineProblem } from "../../twin/machines/requirements.ts";
import type { Step } from "../console.ts";
import { Failure } from "../errors.ts";
import { findProgram, requireTools, type Tool } from "../tools.ts";

/** Packer; the one of Debian is enough. */
export const PACKER: Tool = {
  name: "packer 1.6 or newer",
  purpose: "to bake an image",
  find: () => (packerVersion() === undefined ? undefined : `packer ${packerVersion()?.join(".")}`),
  packages: ["packer"],
  remedy: "install it with apt-get install packer, or from https://developer.hashicorp.com/packer/install",
};

/** Ansible runs on this machine and reaches the instance over SSH. */
export const ANSIBLE: Tool = {
  name: "ansible-playbook",
  purpose: "to bake an image",
  find: () => findProgram("ansible-playbook"),
  packages: ["ansible-core", "openssh-client"],
  remedy: "apt-get install ansible-core openssh-client",
};

/** Packer reaches an instance of Amazon Linux through Session Manager, so that no port is open. */
const SESSION_MANAGER: Tool = {
  name: "session-manager-plugin",
  purpose: "to reach the instance that is baked on",
  find: () => findProgram("session-manager-plugin"),
  remedy:
    "install it from https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
};

/** Packer's version, as numbers; undefined without it, or when it is older than 1.6. */
export function packerVersion(): readonly [number, number] | undefined {
  const { stdout, failed } = execaSync("packer", ["version"], {
    reject: false,
    env: { CHECKPOINT_DISABLE: "1" },
  });
  const [, major, minor] = /Packer v(\d+)\.(\d+)/.exec(failed ? "" : stdout) ?? [];
  const version = [Number(major), Number(minor)] as const;
  return version[0] > 1 || (version[0] === 1 && version[1] >= 6) ? version : undefined;
}

/** What makes and boots the system that a bake on this machine works on: program -> Debian package. */
export const STAND_IN_PROGRAMS: Readonly<Record<string, string>> = {
  ...MACHINE_PROGRAMS,
  mmdebstrap: "mmdebstrap",
};

// Ubuntu's mmdebstrap does not come with the keys of Debian's archive.
const MACHINE_PACKAGES = [...new Set([...Object.values(STAND_IN_PROGRAMS), "debian-archive-keyring"])];

/** What `--baked` needs of this machine besides Packer and Ansible: root, and what makes and boots a container. */
export const MACHINE: Tool = {
  name: "what boots a machine",
  purpose: "for --baked",
  find: () => (machineProblem(STAND_IN_PROGRAMS) === undefined ? "systemd-nspawn" : undefined),
  packages: MACHINE_PACKAGES,
  remedy: `apt-get install ${MACHINE_PACKAGES.join(" ")}`,
};

/**
 * Makes sure that a bake can run here, before anything is made.
 *
 * @param standIn whether it is baked on this machine, for the twin
 * @throws Failure in one line, with the remedy
 */
export async function requireBakeTools(standIn: boolean, step: Step): Promise<void> {
  if (standIn && process.getuid?.() !== 0) {
    throw new Failure(
      `${machineProblem(STAND_IN_PROGRAMS) ?? "booting a machine needs root"}; or leave --baked out: instances are then processes of the release`,
    );
  }
  await requireTools([PACKER, ANSIBLE, standIn ? MACHINE : SESSION_MANAGER], step);
}
