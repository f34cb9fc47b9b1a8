import { request } from "node:http";

/** Where a process runs. What is not known is not there. */
export interface Place {
  readonly kind: "Instance" | "Task";
  readonly id?: string;
  /** Availability zone. */
  readonly zone?: string;
}

/** Who tells a process where it runs. */
export interface PlaceSources {
  /** The instance metadata service. Default: EC2's own. */
  readonly instanceMetadata?: string | undefined;
  /** The task metadata of ECS, version 4, where the process is a task. */
  readonly taskMetadata?: string | undefined;
  /** Longest wait for each answer, in milliseconds. Default 1000. */
  readonly timeout?: number;
}

const EC2 = "http://169.254.169.254";

/** Before somebody who did not answer is asked again, in milliseconds. */
const PATIENCE = 60_000;

/** Tells where this process runs. It is asked for once, when somebody wants to know. Never rejects. */
export function placeFinder(sources: PlaceSources, now = () => performance.now()): () => Promise<Place> {
  let answer: Promise<Place> | undefined;
  let askedAt = 0;
  return async () => {
    const known = await answer;
    if (known?.id === undefined && (answer === undefined || now() - askedAt >= PATIENCE)) {
      askedAt = now();
      answer = ask(sources).catch(() => ({ kind: kindOf(sources) }));
    }
    return answer as Promise<Place>;
  };
}

function kindOf({ taskMetadata }: PlaceSources): Place["kind"] {
  return taskMetadata === undefined ? "Instance" : "Task";
}

async function ask(sources: PlaceSources): Promise<Place> {
  const { instanceMetadata = EC2, taskMetadata, timeout = 1000 } = sources;
  const kind = kindOf(sources);
  if (taskMetadata !== undefined) {
    const task: unknown = JSON.parse(await fetchText("GET", `${taskMetadata}/task`, {}, timeout));
    const { TaskARN, AvailabilityZone } = task as Record<string, unknown>;
    return {
      kind,
      ...(typeof TaskARN === "string" && { id: TaskARN.split("/").at(-1) as string }),
      ...(typeof AvailabilityZone === "string" && { zone: AvailabilityZone }),
    };
  }
  const ttl = { "x-aws-ec2-metadata-token-ttl-seconds": "60" };
  const token = await fetchText("PUT", `${instanceMetadata}/latest/api/token`, ttl, timeout);
  const item = (name: string) =>
    fetchText(
      "GET",
      `${instanceMetadata}/latest/meta-data/${name}`,
      { "x-aws-ec2-metadata-token": token },
      timeout,
    );
  const [id, zone] = await Promise.all([item("instance-id"), item("placement/availability-zone")]);
  return { kind, id, zone };
}

/** Node's own fetch would do, and keep some megabytes for it. */
function fetchText(
  method: "GET" | "PUT",
  url: string,
  headers: Readonly<Record<string, string>>,
  timeout: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, headers, signal: AbortSignal.timeout(timeout) }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${method} ${url} answers ${response.statusCode}`));
      });
    });
    asking.on("error", reject);
    asking.end();
  });
}
