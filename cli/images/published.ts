import {
  DeleteParameterCommand,
  GetParameterCommand,
  PutParameterCommand,
  paginateGetParameterHistory,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import type { Environment } from "../../config/environment.ts";
import { amiParameterName, handOverName, imageTagParameterName } from "../../config/names.ts";

/** Hands an image over to Terraform. @returns whether the parameter changed */
export async function publishImage(ssm: SSMClient, environment: Environment, id: string): Promise<boolean> {
  const Name = handOverName(environment);
  if ((await publishedImage(ssm, environment)) === id) return false;
  await ssm.send(new PutParameterCommand({ Name, Value: id, Type: "String", Overwrite: true }));
  return true;
}

/** The image that the environment's instances are launched from, or undefined before the first bake. */
export async function publishedImage(ssm: SSMClient, environment: Environment): Promise<string | undefined> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: handOverName(environment) }));
    return Parameter?.Value;
  } catch (error) {
    if ((error as Error).name === "ParameterNotFound") return undefined;
    throw error;
  }
}

/** The images the environment has had, the latest first; each once. AWS keeps the last 100 values of a parameter. */
export async function publishedBefore(ssm: SSMClient, environment: Environment): Promise<string[]> {
  return publishedIn(ssm, handOverName(environment));
}

/** The values that a parameter has had, the latest first. */
export async function publishedIn(ssm: SSMClient, Name: string): Promise<string[]> {
  const values: string[] = [];
  try {
    for await (const page of paginateGetParameterHistory({ client: ssm }, { Name })) {
      values.push(...(page.Parameters ?? []).flatMap(({ Value }) => Value ?? []));
    }
  } catch (error) {
    if ((error as Error).name !== "ParameterNotFound") throw error;
  }
  return [...new Set(values.reverse())];
}

/** Takes the hand-over away, if it is there: that of instances and that of tasks, since an environment may have been both. */
export async function unpublish(ssm: SSMClient, environment: Environment): Promise<void> {
  for (const Name of [amiParameterName(environment), imageTagParameterName(environment)]) {
    await ssm.send(new DeleteParameterCommand({ Name })).catch((error: Error) => {
      if (error.name !== "ParameterNotFound") throw error;
    });
  }
}
