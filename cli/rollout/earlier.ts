import type { Environment } from "../../config/environment.ts";
import { type ImageRecord, verdictOf } from "../images/record.ts";

/**
 * The image to go back to from `image`: the latest one that the environment had and that served there to the end of
 * its rollout, else the latest one that did not fail. Undefined when there is none.
 *
 * @param history ids that the parameter has held, the latest first
 * @param images those that still exist
 */
export function earlierImage(
  environment: Environment,
  history: readonly string[],
  images: readonly ImageRecord[],
  image: string,
): ImageRecord | undefined {
  const usable = history
    .flatMap((id) => images.find((other) => other.id === id) ?? [])
    .filter(({ id, state }) => id !== image && state === "available");
  return (
    usable.find((other) => verdictOf(other, environment) === "good") ??
    usable.find((other) => verdictOf(other, environment) === undefined)
  );
}
