import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type LoadBalancer,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import type { Environment } from "../../config/environment.ts";
import { baseName, handOverName } from "../../config/names.ts";
import { statusOf } from "../ask-url.ts";
import type { Cloud } from "../cloud.ts";
import { publishedImage } from "../images/published.ts";
import { describeImage, verdictOf } from "../images/record.ts";
import { imageStore } from "../images/store.ts";

/** What one look at an environment found. */
export interface Finding {
  /** What was looked at, in a word. */
  readonly title: string;
  readonly isGood: boolean;
  readonly detail: string;
  /** What to do, if it is not good. */
  readonly advice?: string;
}

/** Milliseconds to wait for an answer of the app. */
const PATIENCE_MS = 10_000;

/** Looks at an environment from its image to its answer, and changes nothing. */
export async function examine(cloud: Cloud, environment: Environment): Promise<Finding[]> {
  const balancer = await findLoadBalancer(cloud, environment);
  return [
    await lookAtImage(cloud, environment),
    await lookAtDatabase(cloud, environment),
    ...(await lookAtTargets(cloud, environment, balancer)),
    ...(balancer === undefined ? [] : [await lookAtAnswer(cloud, environment, balancer)]),
  ];
}

async function lookAtImage({ clients }: Cloud, environment: Environment): Promise<Finding> {
  const title = "Image";
  const id = await publishedImage(clients.ssm, environment);
  const image = (await imageStore(clients, environment).list()).find((one) => one.id === id);
  if (id === undefined) {
    const detail = `${handOverName(environment)} is not there`;
    return { title, isGood: false, detail, advice: `deploy it: ./deploy.sh ${environment.name}` };
  }
  if (image === undefined) {
    const advice = `roll out one that is there: npm run images -- ${environment.name} lists them`;
    return { title, isGood: false, detail: `${id} is published and does not exist`, advice };
  }
  const verdict = verdictOf(image, environment);
  const detail = `${describeImage(image)}, ${verdict === undefined ? "not rolled out to the end" : `its rollout: ${verdict}`}`;
  const advice = `go back to the one before: npm run rollback -- ${environment.name}`;
  return { title, isGood: verdict === "good", detail, ...(verdict !== "good" && { advice }) };
}

async function lookAtDatabase({ clients }: Cloud, environment: Environment): Promise<Finding> {
  const title = "Database";
  const DBInstanceIdentifier = baseName(environment);
  try {
    const { DBInstances } = await clients.rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
    const status = DBInstances?.[0]?.DBInstanceStatus ?? "unknown";
    const advice = "see its events: aws rds describe-events --source-type db-instance";
    const isGood = status === "available";
    return { title, isGood, detail: `${DBInstanceIdentifier} is ${status}`, ...(!isGood && { advice }) };
  } catch (error) {
    if ((error as Error).name !== "DBInstanceNotFoundFault") throw error;
    const advice = `deploy it: ./deploy.sh ${environment.name}`;
    return { title, isGood: false, detail: `${DBInstanceIdentifier} is not there`, advice };
  }
}

async function lookAtTargets(
  { clients }: Cloud,
  environment: Environment,
  balancer: LoadBalancer | undefined,
): Promise<Finding[]> {
  const title = "Targets";
  const { LoadBalancerArn } = balancer ?? {};
  if (LoadBalancerArn === undefined) {
    const advice = `deploy it: ./deploy.sh ${environment.name}`;
    const detail = `the load balancer ${baseName(environment)} is not there`;
    return [{ title, isGood: false, detail, advice }];
  }
  const { TargetGroups = [] } = await clients.loadBalancing.send(
    new DescribeTargetGroupsCommand({ LoadBalancerArn }),
  );
  return Promise.all(
    TargetGroups.map(async ({ TargetGroupArn }) => {
      const { TargetHealthDescriptions = [] } = await clients.loadBalancing.send(
        new DescribeTargetHealthCommand({ TargetGroupArn }),
      );
      const told = TargetHealthDescriptions.map(({ Target, TargetHealth }) => {
        const why = TargetHealth?.Description ? ` (${TargetHealth.Description})` : "";
        return { state: TargetHealth?.State, line: `${Target?.Id} is ${TargetHealth?.State}${why}` };
      });
      const isGood = told.some(({ state }) => state === "healthy");
      const detail = told.map(({ line }) => line).join(", ") || "none is registered";
      const advice = "nothing serves: the app's last log lines below say why, or its log group does";
      return { title, isGood, detail, ...(!isGood && { advice }) };
    }),
  );
}

async function lookAtAnswer(
  cloud: Cloud,
  environment: Environment,
  balancer: LoadBalancer,
): Promise<Finding> {
  const title = "Answer";
  const { https } = environment.edge;
  const url = await cloud.reachableUrl(https ? `https://${https.domainName}` : `http://${balancer.DNSName}`);
  const answer = await statusOf(url, { ...cloud.asking, timeout: PATIENCE_MS }).catch(
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
  const isGood = answer === 200;
  const detail = isGood ? `${url} answers 200` : `${url} answers ${answer}`;
  const advice = "503 with healthy targets: the app waits for its database; 502: it ends requests early";
  return { title, isGood, detail, ...(!isGood && { advice }) };
}

async function findLoadBalancer(
  { clients }: Cloud,
  environment: Environment,
): Promise<LoadBalancer | undefined> {
  try {
    const { LoadBalancers } = await clients.loadBalancing.send(
      new DescribeLoadBalancersCommand({ Names: [baseName(environment)] }),
    );
    return LoadBalancers?.[0];
  } catch (error) {
    if ((error as Error).name === "LoadBalancerNotFoundException") return undefined;
    throw error;
  }
}
