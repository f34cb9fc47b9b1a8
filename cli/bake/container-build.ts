import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { execa } from "execa";
import { repositoryName } from "../../config/names.ts";
import type { Step } from "../console.ts";
import { Failure } from "../errors.ts";
import type { Release } from "../release/build.ts";
import type { Session } from "../session.ts";

/** Builders of container images, the first that is there is used; each understands the same words. */
export const BUILDERS = ["docker", "podman", "buildah"] as const;

/** A release, and the tag its image gets. */
export interface Built {
  readonly release: Release;
  readonly tag: string;
}

/**
 * Builds the image from `container/` and pushes it to the project's repository.
 * @throws Failure when there is no builder, or it fails
 */
export async function buildAndPush(session: Session, { release, tag }: Built, step: Step): Promise<void> {
  const { environment, settings } = session;
  const builder = await findBuilder();
  const registry = `${environment.account}.dkr.ecr.${environment.region}.amazonaws.com`;
  const image = `${registry}/${repositoryName(environment)}:${tag}`;
  step.update(`${builder} builds`);
  await buildImage(builder, { root: settings.root, workDir: settings.workDir, archive: release.path, image });
  const password = await registryPassword(session);
  await run(builder, ["login", "--username", "AWS", "--password-stdin", registry], password);
  step.update(`${builder} pushes`);
  await run(builder, ["push", image]);
}

/** What an image is built of. */
export interface BuildOptions {
  readonly root: string;
  readonly workDir: string;
  /** The release. */
  readonly archive: string;
  /** Repository and tag. */
  readonly image: string;
  /** Another base than the Dockerfile's. */
  readonly base?: string;
}

/**
 * Builds `container/Dockerfile` with a release beside it.
 * @param global options of the builder that stand before its command
 */
export async function buildImage(
  builder: (typeof BUILDERS)[number],
  { root, workDir, archive, image, base }: BuildOptions,
  global: readonly string[] = [],
): Promise<void> {
  const context = join(workDir, "container");
  rmSync(context, { recursive: true, force: true });
  mkdirSync(context, { recursive: true });
  cpSync(join(root, "container/Dockerfile"), join(context, "Dockerfile"));
  cpSync(archive, join(context, "release.tar.gz"));
  const based = base === undefined ? [] : ["--build-arg", `BASE=${base}`];
  await run(builder, [...global, "build", ...based, "--tag", image, context]);
}

async function findBuilder(): Promise<(typeof BUILDERS)[number]> {
  for (const builder of BUILDERS) {
    const { exitCode } = await execa(builder, ["--version"], { reject: false, stdio: "ignore" });
    if (exitCode === 0) return builder;
  }
  throw new Failure(
    `a container image needs one of ${BUILDERS.join(", ")} and none is on this machine; install one (Debian: apt install buildah), or try it without by adding --local`,
  );
}

async function registryPassword({ cloud }: Session): Promise<string> {
  const { authorizationData } = await cloud.clients.ecr.send(new GetAuthorizationTokenCommand({}));
  const [, password = ""] = Buffer.from(authorizationData?.[0]?.authorizationToken ?? "", "base64")
    .toString()
    .split(":");
  return password;
}

async function run(builder: string, args: readonly string[], input = ""): Promise<void> {
  const { exitCode, all } = await execa(builder, args, { reject: false, all: true, input });
  if (exitCode !== 0) throw new Failure(`${builder} ${args[0]} failed:\n${all.trim().slice(-2000)}`);
}
