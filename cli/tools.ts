import { existsSync } from "node:fs";
import { execa, execaSync } from "execa";
import type { Step } from "./console.ts";
import { Failure } from "./errors.ts";

/** A program of the operating system that a command needs. */
export interface Tool {
  readonly name: string;
  /** What it is for, in the message when it is missing. */
  readonly purpose: string;
  /** Says whether it is there, and which. */
  find(): string | undefined;
  /** The Debian packages that bring it; installed without a question when the user is root. */
  readonly packages?: readonly string[];
  /** How to get it where there is no such package. */
  readonly remedy: string;
}

const MINIMUM_TERRAFORM = [1, 11] as const;

/** Terraform, the real one: for both clouds. */
export const TERRAFORM: Tool = {
  name: `terraform ${MINIMUM_TERRAFORM.join(".")} or newer`,
  purpose: "to plan and apply",
  find: () => {
    const { stdout, failed } = execaSync("terraform", ["version", "-json"], {
      reject: false,
      env: { CHECKPOINT_DISABLE: "1" },
    });
    if (failed) return undefined;
    const version = /"terraform_version":\s*"([^"]+)"/.exec(stdout)?.[1];
    const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
    const recent =
      major > MINIMUM_TERRAFORM[0] || (major === MINIMUM_TERRAFORM[0] && minor >= MINIMUM_TERRAFORM[1]);
    return recent ? `terraform ${version}` : undefined;
  },
  remedy: "install it from https://developer.hashicorp.com/terraform/install",
};

/** Git tells which commit a release is of. */
export const GIT: Tool = {
  name: "git",
  purpose: "to name the commit of a release",
  find: () => findProgram("git"),
  packages: ["git"],
  remedy: "apt-get install git",
};

/** The twin's AWS API runs in Python, in an environment of its own. */
export const PYTHON: Tool = {
  name: "python3 3.11 or newer with venv",
  purpose: "for the twin's AWS API",
  find: () =>
    ["python3", "python3.13", "python3.12", "python3.11"].find((program) => {
      const check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
      return execaSync(program, ["-c", check], { reject: false }).exitCode === 0;
    }),
  packages: ["python3", "python3-venv"],
  remedy: "apt-get install python3 python3-venv",
};

/** The twin has a certificate authority of its own. */
export const OPENSSL: Tool = {
  name: "openssl",
  purpose: "for the twin's certificates",
  find: () => findProgram("openssl"),
  packages: ["openssl"],
  remedy: "apt-get install openssl",
};

/** The twin's database: the server alone, without the system service that the full package would start. */
export const MARIADB: Tool = {
  name: "mariadbd",
  purpose: "for the twin's database",
  find: () => (findProgram("mariadb-install-db") ? findProgram("mariadbd") : undefined),
  packages: ["mariadb-server-core", "mariadb-client-core"],
  remedy: "apt-get install mariadb-server-core mariadb-client-core",
};

/** All that the twin needs. */
export const TWIN_TOOLS: readonly Tool[] = [PYTHON, MARIADB, OPENSSL];

/**
 * Makes sure that the tools are there. What is missing is installed from Debian's packages where the user is root
 * and the system has apt; all that still misses is named at once, with the command that brings it.
 */
export async function requireTools(tools: readonly Tool[], step: Step): Promise<string[]> {
  const missing = tools.filter((tool) => tool.find() === undefined);
  const packages = missing.flatMap((tool) => tool.packages ?? []);
  if (packages.length > 0 && process.getuid?.() === 0 && findProgram("apt-get")) {
    await installPackages(packages, step);
  }
  const found = tools.map((tool) => ({ tool, version: tool.find() }));
  const absent = found.filter(({ version }) => version === undefined);
  if (absent.length > 0) {
    const lines = absent.map(({ tool }) => `${tool.name} is missing (${tool.purpose}): ${tool.remedy}`);
    throw new Failure(lines.join("\n"));
  }
  return found.flatMap(({ version }) => version ?? []);
}

async function installPackages(packages: readonly string[], step: Step): Promise<void> {
  const options = { env: { DEBIAN_FRONTEND: "noninteractive" }, reject: false, stdin: "ignore" } as const;
  step.update(`apt-get install ${packages.join(" ")}`);
  await execa("apt-get", ["update", "-qq"], options);
  const { exitCode, stderr } = await execa(
    "apt-get",
    ["install", "-y", "-qq", "--no-install-recommends", ...packages],
    options,
  );
  if (exitCode !== 0) throw new Failure(`apt-get install ${packages.join(" ")} failed: ${stderr.trim()}`);
}

/** The path of a program: on PATH, or in the system folders that an ordinary user's PATH lacks. */
export function findProgram(name: string): string | undefined {
  const { stdout, exitCode } = execaSync("sh", ["-c", `command -v ${name}`], { reject: false });
  if (exitCode === 0 && stdout !== "") return stdout;
  return ["/usr/sbin", "/usr/local/sbin", "/sbin"]
    .map((folder) => `${folder}/${name}`)
    .find((file) => existsSync(file));
}
