import type { Environment } from "./environment.ts";

/** What every name is built from. */
type Named = Pick<Environment, "project" | "name">;

/** SSM parameter that holds the id of the AMI to run: the one hand-over between baking and deploying. */
export function amiParameterName({ project, name }: Named): string {
  return `/${project}/${name}/ami-id`;
}

/** SSM parameter that holds the tag of the container image to run: the same hand-over where tasks run the app. */
export function imageTagParameterName({ project, name }: Named): string {
  return `/${project}/${name}/image-tag`;
}

/** The parameter by which images are handed over to this environment. */
export function handOverName(environment: Pick<Environment, "project" | "name" | "compute">): string {
  return environment.compute.fargate ? imageTagParameterName(environment) : amiParameterName(environment);
}

/** What an environment has one of is named so: its load balancer, its database, its ECS cluster. */
export function baseName({ project, name }: Named): string {
  return `${project}-${name}`;
}

/** ECR repository of the project's container images, shared by its environments. */
export function repositoryName({ project }: Pick<Environment, "project">): string {
  return `${project}/app`;
}

/** Where the image of an environment's tasks comes from. */
export function taskImage(environment: Pick<Environment, "project" | "name" | "account" | "region">) {
  const { account, region } = environment;
  const repository = repositoryName(environment);
  return { account, region, repository, tagParameter: imageTagParameterName(environment) };
}

/** S3 bucket of the Terraform state. One per project, account and region, shared by its environments. */
export function stateBucketName({
  project,
  account,
  region,
}: Pick<Environment, "project" | "account" | "region">): string {
  return `${project}-${account}-${region}-state`;
}

/** Object key of the environment's state in the state bucket; the lock is the same with `.tflock`. */
export function stateKey({ name }: Pick<Environment, "name">): string {
  return `${name}/terraform.tfstate`;
}
