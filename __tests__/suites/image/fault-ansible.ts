import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Release } from "../../../cli/release/build.ts";
import { readSettings } from "../../../cli/settings.ts";
import { Processes } from "../../../twin/processes.ts";
import { preparePython } from "../../../twin/python.ts";

const settings = readSettings();
const ansible = join(settings.root, "ansible");

/** What a run of a playbook came to. */
export interface Outcome {
  readonly exitCode: number;
  /** "changed" of each host in the recap. */
  readonly changed: Readonly<Record<string, number>>;
  /** Names of the checks that failed, by host; a failure that is none of a check by its task's own words. */
  readonly failures: Readonly<Record<string, readonly string[]>>;
  /** All that Ansible said. */
  readonly output: string;
}

/** The tools of ansible/requirements-lint.txt, exactly those: made once, in the checkout's work folder. */
export async function preparedTools(): Promise<string> {
  const folder = join(settings.workDir, "ansible");
  mkdirSync(folder, { recursive: true });
  const python = await preparePython({
    folder: join(folder, "environment"),
    requirements: [join(ansible, "requirements-lint.txt")],
    environment: settings.environment,
    processes: new Processes(join(folder, "processes")),
    onProgress: () => {},
  });
  return join(python, "..");
}

/** Runs ansible-lint over all of ansible/. */
export async function lint(tools: string): Promise<{ exitCode: number | undefined; output: string }> {
  const { exitCode, all } = await execa("ansible-lint", ["--nocolor", "--offline", "."], {
    cwd: ansible,
    env: { PATH: `${tools}:${settings.environment.PATH}` },
    reject: false,
    all: true,
  });
  return { exitCode, output: all };
}

/** Hosts of an inventory: name -> Ansible's own variables of it. */
export type Hosts = Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>;

/** Runs a playbook of ansible/ with what Packer gives it. `folder` is for this run's files. */
export async function playbook(
  name: "playbook.yml" | "verify.yml",
  { tools, folder, release, hosts }: { tools: string; folder: string; release: Release; hosts: Hosts },
): Promise<Outcome> {
  mkdirSync(folder, { recursive: true });
  const inventory = join(folder, "inventory.json");
  writeFileSync(inventory, JSON.stringify({ all: { hosts } }));
  const variables = {
    family: "debian12",
    stand_in: true,
    release_archive: release.path,
    release_digest: release.sha256,
    commit: release.commit,
    // Nothing is fetched in a container, so nobody need be there: it must only leave no trace.
    bake_proxy: "http://127.0.0.1:9",
  };
  const { exitCode = 1, all: output } = await execa(
    join(tools, "ansible-playbook"),
    ["--inventory", inventory, "--forks", "4", "--extra-vars", JSON.stringify(variables), name],
    {
      cwd: ansible,
      env: { ANSIBLE_CONFIG: join(ansible, "ansible.cfg"), ANSIBLE_NOCOLOR: "1", ANSIBLE_HOME: folder },
      reject: false,
      all: true,
    },
  );
  return { exitCode, changed: changes(output), failures: failures(output), output };
}

/** Stands in for ssh: the "host" is the number of a container's first process, and no network is in between. */
export function enterInsteadOfSsh(folder: string): string {
  const file = join(folder, "enter");
  const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  writeFileSync(
    file,
    `#!/bin/sh
for argument; do pid=$command command=$argument; done
exec nsenter --target "$pid" --mount --uts --ipc --net --pid -- \\
  env -i PATH=${path} HOME=/root LC_ALL=C.UTF-8 /bin/sh -c "$command"
`,
  );
  chmodSync(file, 0o755);
  return file;
}

function changes(output: string): Record<string, number> {
  const lines = output.matchAll(/^(\S+)\s+: ok=\d+\s+changed=(\d+)/gm);
  return Object.fromEntries([...lines].map(([, host = "", count]) => [host, Number(count)]));
}

function failures(output: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [, host = "", item, rest = ""] of output.matchAll(
    /^(?:failed|fatal): \[([^\]\s]+)[^\]]*\](?: \(item=(.+?)\))?(.*)/gm,
  )) {
    found[host] = [...(found[host] ?? []), item ?? rest];
  }
  return found;
}
