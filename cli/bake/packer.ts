import { join } from "node:path";
import type { Step } from "../console.ts";
import type { Session } from "../session.ts";
import { runPacker } from "./packer-run.ts";
import { prepareTemplate } from "./template.ts";

/** What the template wants to know, on AWS and for the twin alike. */
export type PackerVariables = Readonly<Record<string, string>>;

/** Runs the template with these variables. @returns the id of the image */
export async function packerBuild(session: Session, variables: PackerVariables, step: Step): Promise<string> {
  const { cloud, runDir, settings } = session;
  const template = await prepareTemplate(settings, step);
  const logFile = join(runDir, "packer.log");
  const args = [
    ...Object.entries(variables).flatMap(([name, value]) => ["-var", `${name}=${value}`]),
    template,
  ];
  return runPacker({ args, cwd: settings.root, environment: cloud.variables, logFile }, step);
}
