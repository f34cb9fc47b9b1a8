import { handOverName } from "../../config/names.ts";
import { ensureImage } from "../bake/ensure.ts";
import { Failure } from "../errors.ts";
import { publishImage } from "../images/published.ts";
import { describeImage, type ImageRecord, shortCommit, verdictOf } from "../images/record.ts";
import { buildRelease } from "../release/build.ts";
import { type Session, type Tools, withSession } from "../session.ts";

/** `npm run bake -- <environment>`: the image alone, and its id published. */
export async function bake(
  name: string,
  options: { local: boolean; baked: boolean },
  tools: Tools,
): Promise<void> {
  await withSession("bake", name, { local: options.local, start: true }, tools, async (session) => {
    const { cloud, environment, console } = session;
    const image = await makeImage(session, options);
    await console.step("Publish", async (step) => {
      await publishImage(cloud.clients.ssm, environment, image.id);
      step.result(`${handOverName(environment)} is ${image.id}`);
    });
  });
}

/**
 * The steps of a deploy that build the release and make its image; what has not changed is not made again.
 *
 * @throws Failure when the release cannot be built, the image cannot be made, or its rollout here failed before
 */
export async function makeImage(session: Session, options: { baked: boolean }): Promise<ImageRecord> {
  const { console, settings, environment } = session;
  const release = await console.step("Release", async (step) => {
    const onProgress = (line: string) => step.update(line);
    const how = { root: settings.root, source: environment.app.source, onProgress };
    const built = await buildRelease(how).catch((error: Error) => {
      throw new Failure(`the release cannot be built: ${error.message}`);
    });
    step.result(`commit ${shortCommit(built.commit)}, sha256 ${built.sha256.slice(0, 12)}`);
    return built;
  });
  return console.step("Image", async (step) => {
    const { image, made } = await ensureImage(session, release, options, step);
    refuseFailed(session, image);
    step.result(`${image.id}${made ? " (new)" : ""}`);
    return image;
  });
}

/** What failed here once would fail again, and every failure takes a rollout's time: it takes a person to want that. */
function refuseFailed({ environment, cloud }: Session, image: ImageRecord): void {
  if (verdictOf(image, environment) !== "failed") return;
  const local = cloud.kind === "twin" ? " --local" : "";
  throw new Failure(
    `${environment.name}: the image of exactly this content, ${describeImage(image)}, was rolled out here and failed: change what was wrong with it; or if that was not the image's fault, roll it out again with npm run rollback -- ${environment.name} ${image.id}${local}`,
  );
}
