import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Step } from "../console.ts";
import { Failure } from "../errors.ts";
import type { Settings } from "../settings.ts";
import { packerVersion } from "./requirements.ts";

/** The one file that Packer 1.6 rejects and that newer ones need. */
const PLUGINS = "plugins.pkr.hcl";
const FIRST_WITH_PLUGINS = 7;

/**
 * The folder of the template for the Packer of this machine: `packer/` with its plugins fetched; for Packer 1.6, which
 * has them built in and rejects the block that names them, a copy without it.
 */
export async function prepareTemplate({ root, workDir }: Settings, step: Step): Promise<string> {
  const template = join(root, "packer");
  const [major = 0, minor = 0] = packerVersion() ?? [];
  if (major === 1 && minor < FIRST_WITH_PLUGINS) return copyWithoutPlugins(root, template, workDir);
  step.update("packer init");
  const { exitCode, stderr, stdout } = await execa("packer", ["init", template], {
    reject: false,
    stdin: "ignore",
  });
  if (exitCode !== 0) throw new Failure(`packer init failed in ${template}:\n${stderr.trim() || stdout}`);
  return template;
}

/** The template finds Ansible's files beside its own folder, so the copy gets a link to them there. */
export function copyWithoutPlugins(root: string, template: string, workDir: string): string {
  const beside = join(workDir, "packer-1.6");
  const copy = join(beside, "packer");
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const name of readdirSync(template).filter((file) => file !== PLUGINS)) {
    cpSync(join(template, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, "ansible"), join(beside, "ansible"));
  return copy;
}
