import { execaSync } from "execa";
import { ANSIBLE, MACHINE, PACKER } from "../../cli/bake/requirements.ts";
import type { Settings } from "../../cli/settings.ts";
import {
  findProgram,
  GIT,
  MARIADB,
  OPENSSL,
  PYTHON,
  TERRAFORM,
  type Tool,
  TWIN_TOOLS,
} from "../../cli/tools.ts";
import { CHROMIUM } from "../suites/browser/chromium.ts";
import { type Outcome, type Place, succeeds } from "./command.ts";
import { jest } from "./jest.ts";
import { pytest } from "./pytest.ts";

/** Tests that need the same things and take about as long. */
export interface Suite {
  /** What it looks at, and why it takes as long as it does. */
  readonly about: string;
  readonly tools: readonly Tool[];
  /**
   * Whether it spends its time waiting for somebody else's clock. Such suites run one after the other, beside those
   * that need the processor, which step back behind them. Default: it works.
   */
  readonly waits?: boolean;
  /** Whether what it runs would give up by its own clock on a processor that others have. Default: it steps back. */
  readonly isTimed?: boolean;
  /** Boots containers or mounts file systems: passed over, with a line that says so, for an ordinary user. */
  readonly needsRoot?: boolean;
  run(place: Place, settings: Settings): Promise<Outcome>;
}

/** A program that one Debian package brings. */
const program = (name: string, debianPackage: string, purpose: string): Tool => ({
  name,
  purpose,
  find: () => findProgram(name),
  packages: [debianPackage],
  remedy: `apt-get install ${debianPackage}`,
});

/** Reaches into a folder as if it were a machine; Debian's ansible-core comes without it. */
const CHROOT_CONNECTION: Tool = {
  name: "Ansible's collection community.general",
  purpose: "to run the playbook in a folder",
  // Asked for a plugin that is not there, ansible-doc warns and ends well.
  find: () =>
    execaSync("ansible-doc", ["--list", "-t", "connection", "community.general"], {
      reject: false,
    }).stdout?.includes("community.general.chroot")
      ? "community.general"
      : undefined,
  packages: ["ansible"],
  remedy: "apt-get install ansible",
};

const BUILDAH = program("buildah", "buildah", "to build the container image");
const BAKE_TOOLS = [PACKER, ANSIBLE, MACHINE];
const SELINUX_TOOLS = [
  ANSIBLE,
  CHROOT_CONNECTION,
  MACHINE,
  program("qemu-system-x86_64", "qemu-system-x86", "to boot the image with a kernel of its own"),
  program("setfiles", "policycoreutils", "to label the image's files"),
  program("mke2fs", "e2fsprogs", "to make the image's disk"),
];

const isRoot = process.getuid?.() === 0;

/** All suites by name, in the order in which they run. */
export const SUITES: Readonly<Record<string, Suite>> = {
  check: {
    about: "types, lint and format: seconds",
    tools: [],
    run: async (place) => {
      const steps = {
        types: await succeeds(place, "npx", ["tsc", "--noEmit"]),
        "lint and format": await succeeds(place, "npx", ["biome", "check", "--error-on-warnings", "."]),
      };
      const failures = Object.entries(steps).flatMap(([name, ok]) => (ok ? [] : [name]));
      return { passed: Object.keys(steps).length - failures.length, failures };
    },
  },
  unit: {
    about: "every part by itself: a minute",
    tools: [],
    run: (place) => jest("unit", place),
  },
  selinux: {
    about:
      "the baked system with SELinux enforcing in QEMU: three to four minutes, every instruction is emulated",
    tools: [GIT, ...SELINUX_TOOLS, ...TWIN_TOOLS],
    needsRoot: true,
    isTimed: true,
    run: (place) => jest("selinux", place),
  },
  "aws-api": {
    about: "the twin's patches of moto, each against plain moto too: under a minute, it starts both servers",
    tools: [PYTHON],
    run: (place, settings) => pytest(settings, place),
  },
  browser: {
    about:
      "the app's pages in Chromium, with and without JavaScript: two minutes, it takes screenshots of each",
    tools: [CHROMIUM],
    run: (place) => jest("browser", place),
  },
  release: {
    about: "the app from its release, on the Node that it carries: half a minute, it fetches that Node once",
    tools: [GIT],
    run: (place) => jest("release", place),
  },
  database: {
    about:
      "apps, migrations and twin against a real MariaDB: about two minutes, it starts, stops and restarts servers",
    tools: [GIT, ...TWIN_TOOLS],
    run: (place) => jest("database", place),
  },
  soak: {
    about:
      "the requests of half an hour on the web app with a real MariaDB: does it keep anything? two minutes",
    tools: [MARIADB, OPENSSL],
    run: (place) => jest("soak", place),
  },
  hostile: {
    about:
      "all that should not be sent to the web app, sent to it: three to four minutes, some clients are slow on purpose",
    tools: [...TWIN_TOOLS],
    run: (place) => jest("hostile", place),
  },
  policy: {
    about: "every stack as Terraform and checkov see it: a minute, it installs checkov once",
    tools: [PYTHON, TERRAFORM],
    run: (place) => jest("policy", place),
  },
  image: {
    about: "the bake and its verification in containers that boot: eight minutes, one boot for each fault",
    tools: [TERRAFORM, GIT, ...BAKE_TOOLS, BUILDAH, ...TWIN_TOOLS],
    needsRoot: true,
    run: (place) => jest("image", place),
  },
  environments: {
    about:
      "every environment that ships, all at once on one twin: ten minutes, most of it the AWS provider's waits",
    tools: [TERRAFORM, GIT, ...TWIN_TOOLS],
    run: (place) => jest("environments", place),
  },
  twin: {
    about:
      "the whole way on the twin with the real Terraform: a quarter of an hour, most of it the AWS provider's waits",
    tools: [TERRAFORM, GIT, ...TWIN_TOOLS],
    waits: true,
    run: (place) => jest("twin", place),
  },
  trouble: {
    about:
      "the app under load on the twin while its password, its database and its instance go: eight minutes, two of them to deploy",
    tools: [TERRAFORM, GIT, ...TWIN_TOOLS],
    waits: true,
    run: (place) => jest("trouble", place),
  },
  rollout: {
    about: "good and bad images rolled out under load on the twin: half an hour, each bad one takes its time",
    tools: [TERRAFORM, GIT, ...TWIN_TOOLS, ...(isRoot ? BAKE_TOOLS : [])],
    waits: true,
    run: (place) => jest("rollout", place),
  },
};
