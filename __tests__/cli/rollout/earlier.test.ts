import { expect, test } from "@jest/globals";
import type { ImageRecord } from "../../../cli/images/record.ts";
import { earlierImage } from "../../../cli/rollout/earlier.ts";
import dev from "../../../config/environments/dev.ts";

const image = (id: string, verdict?: string, state = "available"): ImageRecord => ({
  id,
  state,
  createdAt: 0,
  commit: id,
  digest: id,
  environment: "dev",
  snapshots: [],
  tags: verdict === undefined ? {} : { "Rollout:dev": verdict },
});

const earlier = (history: string[], images: ImageRecord[], from: string) =>
  earlierImage(dev, history, images, from)?.id;

test("the way back leads to the latest image that served", () => {
  const images = [image("a", "good"), image("b", "good"), image("c")];
  expect(earlier(["c", "b", "a"], images, "c")).toBe("b");
});

test("an image whose rollout was stopped half-way is passed over for one that served", () => {
  const images = [image("a", "good"), image("b"), image("c")];
  expect(earlier(["c", "b", "a"], images, "c")).toBe("a");
});

test("without one that served, the latest that did not fail has to do", () => {
  expect(earlier(["c", "b", "a"], [image("a"), image("b", "failed"), image("c")], "c")).toBe("a");
});

test("an image that served in another environment only has not served here", () => {
  const elsewhere = { ...image("a"), tags: { "Rollout:prod": "good" } };
  expect(earlier(["c", "a", "b"], [elsewhere, image("b", "good"), image("c")], "c")).toBe("b");
});

test("images that are gone, not available or failed are no way back", () => {
  const images = [image("b", "good", "deregistered"), image("c", "failed"), image("d")];
  expect(earlier(["d", "c", "b", "a"], images, "d")).toBeUndefined();
});
