/**
 * Runs the suites one after the other and ends with the line "N passed, N failed". The suites differ in what they
 * need and in how long they take; each is quick, or says why it is not.
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { ANSIBLE, MACHINE, PACKER } from "../cli/bake/requirements.ts";
import { createConsole, formatDuration } from "../cli/console.ts";
import { Failure } from "../cli/errors.ts";
import { readSettings } from "../cli/settings.ts";
import { findProgram, GIT, PYTHON, requireTools, TERRAFORM, type Tool, TWIN_TOOLS } from "../cli/tools.ts";
import { Processes } from "../twin/processes.ts";
import { preparePython } from "../twin/python.ts";

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Suite {
  /** What it looks at, and why it takes as long as it does. */
  readonly about: string;
  readonly tools: readonly Tool[];
  /** Boots containers or mounts file systems: passed over, with a line that says so, for an ordinary user. */
  readonly needsRoot?: boolean;
  /** Runs only when it is named. */
  readonly onDemand?: boolean;
  run(): Promise<Counts>;
}

const settings = readSettings();

/** A program that one Debian package brings. */
const program = (name: string, debianPackage: string, purpose: string): Tool => ({
  name,
  purpose,
  find: () => findProgram(name),
  packages: [debianPackage],
  remedy: `apt-get install ${debianPackage}`,
});

const SSH_CLIENT = program("ssh", "openssh-client", "to reach the machine that is baked on");
const SELINUX_TOOLS = [
  {
    name: "Ansible's collection community.general",
    purpose: "to run the playbook in a folder",
    // It ends well with a warning when there is no such plugin.
    find: () =>
      execaSync("ansible-doc", ["--list", "-t", "connection", "community.general"], {
        reject: false,
      }).stdout?.includes("community.general.chroot")
        ? "community.general"
        : undefined,
    packages: ["ansible"],
    remedy: "apt-get install ansible",
  },
  program("qemu-system-x86_64", "qemu-system-x86", "to boot the image with a kernel of its own"),
  program("setfiles", "policycoreutils", "to label the image's files"),
  program("mke2fs", "e2fsprogs", "to make the image's disk"),
];

const SUITES: Record<string, Suite> = {
  check: {
    about: "types, lint and format: seconds",
    tools: [],
    run: async () => {
      const steps = [
        await succeeds("npx", ["tsc", "--noEmit"]),
        await succeeds("npx", ["biome", "check", "--error-on-warnings", "."]),
      ];
      return { passed: steps.filter(Boolean).length, failed: steps.filter((ok) => !ok).length };
    },
  },
  unit: { about: "every part by itself: under 15 s", tools: [], run: () => jest("unit") },
  "aws-api": {
    about: "the twin's patches of moto, each against plain moto too: under a minute, it starts both servers",
    tools: [PYTHON],
    run: () => pytest(),
  },
  release: {
    about: "the app from its release, on the Node that it carries: half a minute, it fetches that Node once",
    tools: [GIT],
    run: () => jest("release"),
  },
  database: {
    about:
      "web app and twin against a real MariaDB: under two minutes, it starts, stops and restarts servers",
    tools: [GIT, ...TWIN_TOOLS],
    run: () => jest("database"),
  },
  twin: {
    about:
      "the whole way on the twin with the real Terraform: half an hour, most of it the waits of the AWS provider",
    tools: [TERRAFORM, GIT, ...TWIN_TOOLS],
    run: () => jest("twin"),
  },
  rollout: {
    about:
      "good and bad releases rolled out under load on the twin: a quarter of an hour, each bad one takes its time",
    tools: [TERRAFORM, GIT, ...TWIN_TOOLS],
    run: () => jest("rollout"),
  },
  image: {
    about:
      "the bake and its verification in containers that boot: ten minutes, it boots one for each seeded fault",
    tools: [GIT, PACKER, ANSIBLE, MACHINE, SSH_CLIENT, ...TWIN_TOOLS],
    needsRoot: true,
    onDemand: true,
    run: () => jest("image"),
  },
  selinux: {
    about: "the baked system with SELinux enforcing in QEMU: ten minutes, every instruction is emulated",
    tools: [GIT, ANSIBLE, MACHINE, ...SELINUX_TOOLS, ...TWIN_TOOLS],
    needsRoot: true,
    onDemand: true,
    run: () => jest("selinux"),
  },
};

async function main(names: readonly string[]): Promise<void> {
  if (names.includes("--help") || names.includes("-h")) return help();
  const unknown = names.filter((name) => !(name in SUITES));
  if (unknown.length > 0) {
    console.error(
      `error: unknown suite "${unknown.join('", "')}": there are ${Object.keys(SUITES).join(", ")}`,
    );
    process.exitCode = 2;
    return;
  }
  const suites = Object.entries(SUITES).filter(([name, { onDemand }]) =>
    names.length === 0 ? !onDemand : names.includes(name),
  );
  const total = { passed: 0, failed: 0 };
  const screen = createConsole({ color: settings.color });
  for (const [name, suite] of suites) {
    console.error(`\n== ${name}: ${suite.about}`);
    if (suite.needsRoot && process.getuid?.() !== 0) {
      console.error(`== ${name}: passed over, it needs root: sudo ./test.sh ${name}`);
      continue;
    }
    const started = Date.now();
    const { passed, failed } = await screen
      .step("Tools", (step) => requireTools(suite.tools, step))
      .then(() => suite.run())
      .catch((error) => {
        console.error(error instanceof Failure ? `error: ${error.message}` : error);
        return { passed: 0, failed: 1 };
      });
    console.error(
      `== ${name}: ${passed} passed, ${failed} failed in ${formatDuration(Date.now() - started)}`,
    );
    total.passed += passed;
    total.failed += failed;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

function help(): void {
  const lines = Object.entries(SUITES).map(
    ([name, { about, onDemand }]) => `  ${name.padEnd(9)} ${about}${onDemand ? " (only when named)" : ""}`,
  );
  console.error(`usage: ./test.sh [suite …]\n\n${lines.join("\n")}`);
}

/** Jest's own count. A run that ends without one, or with no test in it, is a failure. */
async function jest(project: string): Promise<Counts> {
  const report = join(tmpdir(), `webstead-jest-${process.pid}-${project}.json`);
  const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  await succeeds("node", [
    ...flags,
    "node_modules/jest/bin/jest.js",
    "--selectProjects",
    project,
    "--json",
    `--outputFile=${report}`,
    ...(project === "unit" ? ["--maxWorkers=100%"] : ["--runInBand"]),
  ]);
  try {
    const result = JSON.parse(readFileSync(report, "utf8"));
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return { passed: result.numPassedTests, failed: result.numTotalTests === 0 ? 1 : failed };
  } finally {
    rmSync(report, { force: true });
  }
}

/** The Python tests run in an environment like the twin's own, with pytest in it. */
async function pytest(): Promise<Counts> {
  const awsApi = join(settings.root, "twin/aws-api");
  const folder = join(settings.workDir, "python-tests");
  mkdirSync(folder, { recursive: true });
  const python = await createConsole({ color: settings.color }).step("Python", (step) =>
    preparePython({
      folder: join(folder, "environment"),
      requirements: ["requirements.txt", "requirements-test.txt"].map((file) => join(awsApi, file)),
      environment: settings.environment,
      processes: new Processes(join(folder, "processes")),
      onProgress: (line) => step.update(line),
    }),
  );
  const report = join(tmpdir(), `webstead-pytest-${process.pid}.xml`);
  await succeeds(python, ["-m", "pytest", "-q", `--junitxml=${report}`, "tests"], awsApi);
  try {
    const attribute = (name: string) =>
      Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(readFileSync(report, "utf8"))?.[1] ?? 0);
    const failed = attribute("failures") + attribute("errors");
    const passed = attribute("tests") - failed - attribute("skipped");
    return { passed, failed: attribute("tests") === 0 ? 1 : failed };
  } finally {
    rmSync(report, { force: true });
  }
}

/** What the tools print belongs to the reader, not to the result: all of it goes to stderr. */
async function succeeds(program: string, args: readonly string[], cwd = settings.root): Promise<boolean> {
  const { exitCode } = await execa(program, args, {
    cwd,
    reject: false,
    stdin: "ignore",
    stdout: process.stderr,
    stderr: process.stderr,
  });
  return exitCode === 0;
}

await main(process.argv.slice(2));
