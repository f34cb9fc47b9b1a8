import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  DeleteRepositoryCommand,
  type ImageDetail,
  PutImageCommand,
  paginateDescribeImages,
} from "@aws-sdk/client-ecr";
import { paginateGetParametersByPath } from "@aws-sdk/client-ssm";
import type { Environment } from "../../config/environment.ts";
import { imageTagParameterName, repositoryName } from "../../config/names.ts";
import type { Clients } from "../cloud.ts";
import type { ImageUser } from "./graph.ts";
import { publishedIn } from "./published.ts";
import { type ImageRecord, newestFirst, type Verdict, verdictTag } from "./record.ts";
import { KEPT_IMAGES } from "./retention.ts";
import type { ImageStore } from "./store.ts";

/** The tag that names an image: its commit, then the digest of all that is in it and that of its release, both short. */
const NAME = /^(?<commit>[0-9a-z-]+)-(?<digest>[0-9a-f]{12})-[0-9a-f]{12}$/;

/** What tells it from all others: both digests. */
const UNIQUE = -25;

/** A further tag, since an image in ECR has no other: how it did, where, and what makes it unique. */
const VERDICT = /^rollout-(?<verdict>good|failed)-(?<environment>[a-z0-9-]+)-[0-9a-f]{12}-[0-9a-f]{12}$/;

/** The tag of the image with these contents. Its end tells the twin which release to run. */
export function containerTag(image: { commit: string; digest: string; release: string }): string {
  return `${image.commit}-${image.digest.slice(0, 12)}-${image.release.slice(0, 12)}`;
}

/** The container images of a project, in one repository for all its environments. */
export class ContainerImages implements ImageStore {
  private readonly clients: Clients;
  private readonly environment: Environment;
  private readonly repositoryName: string;

  constructor(clients: Clients, environment: Environment) {
    this.clients = clients;
    this.environment = environment;
    this.repositoryName = repositoryName(environment);
  }

  async list(): Promise<ImageRecord[]> {
    const { repositoryName } = this;
    const found: ImageRecord[] = [];
    try {
      for await (const page of paginateDescribeImages({ client: this.clients.ecr }, { repositoryName })) {
        found.push(...(page.imageDetails ?? []).flatMap(toRecord));
      }
    } catch (error) {
      if ((error as Error).name !== "RepositoryNotFoundException") throw error;
    }
    return found.sort(newestFirst);
  }

  async mark(id: string, verdict: Verdict): Promise<void> {
    const { repositoryName, environment } = this;
    const { ecr } = this.clients;
    const tagFor = (what: Verdict) => `rollout-${what}-${environment.name}-${id.slice(UNIQUE)}`;
    const { images } = await ecr.send(
      new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: id }] }),
    );
    const other = tagFor(verdict === "good" ? "failed" : "good");
    await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag: other }] }));
    const imageManifest = images?.[0]?.imageManifest;
    await ecr
      .send(new PutImageCommand({ repositoryName, imageManifest, imageTag: tagFor(verdict) }))
      .catch((error: Error) => {
        if (error.name !== "ImageAlreadyExistsException") throw error;
      });
  }

  async users(): Promise<Map<string, ImageUser[]>> {
    const users = new Map<string, ImageUser[]>();
    for (const { name, environment, values } of await this.handOvers()) {
      const [current] = values;
      if (current === undefined) continue;
      users.set(current, [...(users.get(current) ?? []), { name: `parameter ${name}`, environment }]);
    }
    return users;
  }

  async removeOld(keep: number): Promise<ImageRecord[]> {
    return this.remove(await this.handOvers(), keep);
  }

  /**
   * Removes what the environment has had and no other one has, when the environment goes; with the last one the
   * repository.
   *
   * @param history the tags the environment has had
   */
  async removeAll(history: readonly string[]): Promise<number> {
    const others = await this.handOvers();
    if (others.length > 0) {
      const name = imageTagParameterName(this.environment);
      const own = { name, environment: this.environment.name, values: history, kept: 0 };
      return (await this.remove([...others, own], KEPT_IMAGES)).length;
    }
    const images = await this.list();
    const { repositoryName } = this;
    await this.clients.ecr
      .send(new DeleteRepositoryCommand({ repositoryName, force: true }))
      .catch((error: Error) => {
        if (error.name !== "RepositoryNotFoundException") throw error;
      });
    return images.length;
  }

  /** Removes what this environment has had and none has among its latest. */
  private async remove(handOvers: readonly HandOver[], keep: number): Promise<ImageRecord[]> {
    const { repositoryName } = this;
    const needed = new Set(handOvers.flatMap(({ values, kept = keep }) => values.slice(0, kept)));
    const had = new Set(
      handOvers.flatMap(({ environment, values }) => (environment === this.environment.name ? values : [])),
    );
    const old = (await this.list()).filter(({ id }) => had.has(id) && !needed.has(id));
    if (old.length === 0) return [];
    const imageIds = old.map(({ snapshots: [imageDigest] }) => ({ imageDigest }));
    await this.clients.ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
    return old;
  }

  /** Every hand-over parameter of the project that names a container image, with all it has held. */
  private async handOvers(): Promise<HandOver[]> {
    const { ssm } = this.clients;
    const { project } = this.environment;
    const found: HandOver[] = [];
    const query = { Path: `/${project}/`, Recursive: true };
    for await (const { Parameters } of paginateGetParametersByPath({ client: ssm }, query)) {
      for (const { Name = "" } of Parameters ?? []) {
        const environment = Name.split("/")[2] ?? "";
        if (Name !== imageTagParameterName({ project, name: environment })) continue;
        found.push({ name: Name, environment, values: await publishedIn(ssm, Name) });
      }
    }
    return found;
  }
}

interface HandOver {
  readonly name: string;
  readonly environment: string;
  /** The latest first. */
  readonly values: readonly string[];
  /** How many of them stay. @default as many as an environment keeps */
  readonly kept?: number;
}

function toRecord({ imageTags = [], imageDigest = "", imagePushedAt }: ImageDetail): ImageRecord[] {
  const id = imageTags.find((tag) => NAME.test(tag) && !VERDICT.test(tag));
  const groups: Record<string, string> | undefined = NAME.exec(id ?? "")?.groups;
  const { commit = "unknown", digest } = groups ?? {};
  if (id === undefined) return [];
  const verdicts = imageTags.map((tag) => VERDICT.exec(tag)?.groups).filter((found) => found !== undefined);
  return [
    {
      id,
      state: "available",
      createdAt: imagePushedAt?.getTime() ?? 0,
      commit,
      digest,
      environment: undefined,
      snapshots: [imageDigest],
      tags: Object.fromEntries(
        verdicts.map(({ environment = "", verdict = "" }) => [verdictTag({ name: environment }), verdict]),
      ),
    },
  ];
}
