import { createServer, type Server } from "node:http";
import { ECRClient } from "@aws-sdk/client-ecr";
import { SSMClient } from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Clients } from "../../../cli/cloud.ts";
import { ContainerImages, containerTag } from "../../../cli/images/container-images.ts";
import { verdictOf } from "../../../cli/images/record.ts";
import { contained } from "../../config/sample.ts";

/** A registry and its parameters, as ECR and SSM answer by HTTP. */
interface Held {
  /** The tags of each image, by its digest; undefined when there is no repository. */
  images: Map<string, string[]> | undefined;
  /** What each parameter has held, the earliest first. */
  parameters: Map<string, string[]>;
}

let held: Held;
let server: Server;
let clients: Clients;

const tag = (number: number) =>
  containerTag({ commit: `c${number}`, digest: `${number}`.repeat(64), release: `${number}`.repeat(64) });
const store = (name = "tasks") => new ContainerImages(clients, { ...contained, name });

beforeEach(async () => {
  const images = new Map([1, 2, 3, 4, 5, 6, 7].map((number) => [`sha256:${number}`, [tag(number)]]));
  held = { images, parameters: new Map() };
  server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const [, operation = ""] = String(request.headers["x-amz-target"]).split(".");
    const answer = operations[operation]?.(body) ?? { __type: "RepositoryNotFoundException" };
    response.writeHead("__type" in answer ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const options = {
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  };
  clients = { ecr: new ECRClient(options), ssm: new SSMClient(options) } as unknown as Clients;
});

afterEach(() => {
  clients.ecr.destroy();
  clients.ssm.destroy();
  server.close();
});

/** What a request may hold. */
interface Asked {
  readonly imageIds: readonly { readonly imageDigest?: string; readonly imageTag?: string }[];
  readonly imageManifest: string;
  readonly imageTag: string;
  readonly Name: string;
}

const operations: Record<string, (asked: Asked) => object | undefined> = {
  DescribeImages: () =>
    held.images && {
      imageDetails: [...held.images].map(([imageDigest, imageTags], index) => ({
        imageDigest,
        imageTags,
        imagePushedAt: 1_700_000_000 + index,
      })),
    },
  BatchGetImage: ({ imageIds }) => ({
    images: [{ imageManifest: manifestOf(imageIds[0]?.imageTag) }],
  }),
  PutImage: ({ imageManifest, imageTag }) => {
    held.images?.get(imageManifest)?.push(imageTag);
    return {};
  },
  BatchDeleteImage: ({ imageIds }) => {
    for (const { imageDigest = "", imageTag } of imageIds) {
      held.images?.delete(imageDigest);
      for (const tags of held.images?.values() ?? []) {
        if (imageTag !== undefined && tags.includes(imageTag)) tags.splice(tags.indexOf(imageTag), 1);
      }
    }
    return {};
  },
  DeleteRepository: () => {
    held.images = undefined;
    return {};
  },
  GetParametersByPath: () => ({
    Parameters: [...held.parameters].map(([Name, values]) => ({ Name, Value: values.at(-1) })),
  }),
  GetParameterHistory: ({ Name }) => ({
    Parameters: (held.parameters.get(Name) ?? []).map((Value) => ({ Name, Value })),
  }),
};

/** In this registry a manifest is the digest of its image. */
function manifestOf(imageTag = ""): string | undefined {
  return [...(held.images ?? [])].find(([, tags]) => tags.includes(imageTag))?.[0];
}

const left = async () => (await store().list()).map(({ commit }) => commit).sort();

test("an image is told by its tag: commit, contents and release", async () => {
  const [newest] = await store().list();
  expect(newest).toMatchObject({ id: "c7-777777777777-777777777777", commit: "c7", digest: "777777777777" });
});

test("how a rollout went is kept on the image, for each environment, the last word only", async () => {
  await store().mark(tag(1), "failed");
  await store().mark(tag(1), "good");
  await store("prod").mark(tag(1), "failed");
  const image = (await store().list()).find(({ commit }) => commit === "c1");
  expect(image && [verdictOf(image, { name: "tasks" }), verdictOf(image, { name: "prod" })]).toEqual([
    "good",
    "failed",
  ]);
});

test("what an environment has had goes, but not the latest of any, nor what nobody has had yet", async () => {
  held.parameters.set("/webstead/tasks/image-tag", [1, 2, 3, 4, 5].map(tag));
  held.parameters.set("/webstead/prod/image-tag", [tag(2)]);
  const removed = await store().removeOld(2);
  expect(removed.map(({ commit }) => commit).sort()).toEqual(["c1", "c3"]);
  expect(await left()).toEqual(["c2", "c4", "c5", "c6", "c7"]);
});

test("with an environment go the images that it alone has had, with the last one the repository", async () => {
  held.parameters.set("/webstead/prod/image-tag", [tag(2)]);
  await store().removeAll([tag(1), tag(2)]);
  expect(await left()).toEqual(["c2", "c3", "c4", "c5", "c6", "c7"]);
  held.parameters.clear();
  expect(await store("prod").removeAll([tag(2)])).toBe(6);
  expect(held.images).toBeUndefined();
  expect(await store().list()).toEqual([]);
});

test("who uses an image is told by the parameters that hold it", async () => {
  held.parameters.set("/webstead/tasks/image-tag", [tag(1), tag(2)]);
  expect(await store().users()).toEqual(
    new Map([[tag(2), [{ name: "parameter /webstead/tasks/image-tag", environment: "tasks" }]]]),
  );
});
