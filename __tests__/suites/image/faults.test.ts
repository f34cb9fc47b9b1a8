import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { baseRoot } from "../../../cli/bake/base-root.ts";
import { startStandIn } from "../../../cli/bake/stand-in.ts";
import { buildRelease, type Release } from "../../../cli/release/build.ts";
import { readSettings } from "../../../cli/settings.ts";
import { Processes } from "../../../twin/processes.ts";
import { enterInsteadOfSsh, type Outcome, playbook, preparedTools } from "./fault-ansible.ts";
import { FAULTS } from "./fault-catalogue.ts";
import { bootCopy, type Copy } from "./fault-copies.ts";

const { root, workDir } = readSettings();
const MINUTE = 60_000;
const folder = mkdtempSync(join(tmpdir(), "webstead-image-"));
const processes = new Processes(join(folder, "processes"));
const runs: Record<"bake" | "again" | "verified", Outcome | undefined> = {
  bake: undefined,
  again: undefined,
  verified: undefined,
};

/**
 * Copies that run at the same time. Each systemd and those who read its journal take up to eight of the 128 inotify
 * instances that Linux lets one user have (fs.inotify.max_user_instances), and other suites boot machines too.
 */
const AT_ONCE = 9;

/** What the verification says of copies of the image: one for each fault, named by the check that finds it, and a good one. */
const faulty = { failures: {}, changed: {}, output: "" } as {
  failures: Record<string, readonly string[]>;
  changed: Record<string, number>;
  output: string;
};

beforeAll(async () => {
  processes.startGuard();
  const [tools, release, base] = await Promise.all([
    preparedTools(),
    buildRelease({ root }),
    baseRoot({ root, workDir }),
  ]);
  const image = await bake(tools, release, base.tar);
  const copies = [...FAULTS, { check: "good", script: "true" }];
  for (let first = 0; first < copies.length; first += AT_ONCE) {
    const options = { tools, release, folder: join(folder, `verified-${first}`) };
    const { failures, changed, output } = await verify(copies.slice(first, first + AT_ONCE), image, options);
    Object.assign(faulty.failures, failures);
    Object.assign(faulty.changed, changed);
    faulty.output += output;
  }
}, 12 * MINUTE);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Boots a copy of the image for each script, runs that in it, and verifies all of them at once. */
async function verify(
  copies: readonly { readonly check: string; readonly script: string }[],
  image: string,
  options: { readonly tools: string; readonly release: Release; readonly folder: string },
): Promise<Outcome> {
  const booted = new Map<string, Copy>();
  try {
    for (const { check, script } of copies) {
      booted.set(check, await bootCopy(check, { root: image, folder, processes, script }));
    }
    const ssh = enterInsteadOfSsh(folder);
    const hosts = Object.fromEntries(
      [...booted].map(([check, { leader }]) => [
        check,
        { ansible_host: leader, ansible_ssh_executable: ssh, ansible_become: false },
      ]),
    );
    return await playbook("verify.yml", { ...options, hosts });
  } finally {
    await Promise.all([...booted.values()].map((copy) => copy.stop()));
  }
}

/** As Packer does it: over SSH, with a key of this bake. @returns the folder of the image's root file system */
async function bake(tools: string, release: Release, base: string): Promise<string> {
  const key = join(folder, "key");
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key], { stdin: "ignore" });
  const machine = await startStandIn({
    base,
    folder: join(folder, "stand-in"),
    authorizedKey: readFileSync(`${key}.pub`, "utf8"),
  });
  try {
    const hosts = {
      default: {
        ansible_host: "127.0.0.1",
        ansible_port: machine.sshPort,
        ansible_user: machine.user,
        ansible_ssh_private_key_file: key,
      },
    };
    const options = { tools, release, hosts, folder: join(folder, "bake") };
    runs.bake = await playbook("playbook.yml", options);
    runs.again = await playbook("playbook.yml", options);
    runs.verified = await playbook("verify.yml", options);
    return machine.root;
  } finally {
    await machine.stop();
  }
}

describe("the playbook", () => {
  test("makes an image of a stock system", () => {
    expect(runs.bake).toMatchObject({ exitCode: 0, failures: {} });
  });

  test("changes nothing when it runs again", () => {
    expect(runs.again).toMatchObject({ exitCode: 0, changed: { default: 0 } });
  });

  test("leaves an image that passes its verification, over the connection that is still open", () => {
    expect(runs.verified).toMatchObject({ exitCode: 0, failures: {}, changed: { default: 0 } });
  });
});

describe("the verification", () => {
  test.each(FAULTS)("says $check when $about", ({ check }) => {
    expect(faulty.failures[check]).toEqual([check]);
    expect(faulty.output).toMatch(new RegExp(`${check}: .*; fix: `));
  });

  test("passes a booted copy without a fault", () => {
    expect(Object.keys(faulty.failures)).not.toContain("good");
    expect(faulty.changed).toHaveProperty("good", 0);
  });

  test("says what it cannot see in a container, and why", () => {
    const skipped = [...(runs.verified?.output ?? "").matchAll(/skipped: ([a-z-]+): /g)].map(
      ([, name]) => name,
    );
    expect(skipped.sort()).toEqual([
      "clock-sync-running",
      "cloudwatch-agent",
      "no-core-dumps-running",
      "selinux-running",
      "session-manager",
    ]);
  });
});
