import { amiParameterName } from "../../config/names.ts";
import { Failure } from "../errors.ts";
import { ensureImage, publishedImage, publishImage } from "../image.ts";
import { buildRelease } from "../release/build.ts";
import { type Session, type Tools, withSession } from "../session.ts";

/** `npm run bake -- <environment>`: the image alone, and its id published. */
export async function bake(name: string, options: { local: boolean }, tools: Tools): Promise<void> {
  await withSession("bake", name, { ...options, start: true }, tools, makeImage);
}

/**
 * The steps of a deploy that build the release, make its image and publish the id. On AWS an image that somebody
 * baked and published is used as it is.
 */
export async function makeImage(session: Session): Promise<void> {
  const { cloud, environment, console, settings } = session;
  if (cloud.kind === "aws") {
    const published = await publishedImage(cloud.clients.ssm, environment);
    if (published !== undefined) {
      await console.step("Image", async (step) =>
        step.result(`${published} (from ${amiParameterName(environment)})`),
      );
      return;
    }
  }
  const release = await console.step("Release", async (step) => {
    const options = { root: settings.root, onProgress: (line: string) => step.update(line) };
    const built = await buildRelease(options).catch((error: Error) => {
      throw new Failure(`the release cannot be built: ${error.message}`);
    });
    step.result(`commit ${shortCommit(built.commit)}, sha256 ${built.sha256.slice(0, 12)}`);
    return built;
  });
  await console.step("Image", async (step) => {
    const { id, made } = await ensureImage(cloud, environment, release);
    const published = await publishImage(cloud.clients.ssm, environment, id);
    step.result(`${id}${made ? " (new)" : ""}${published ? ", published" : ""}`);
  });
}

/** "4783ee10b3d1", or "4783ee10b3d1-dirty" when the app has changes that are in no commit. */
function shortCommit(commit: string): string {
  return commit.replace(/^([0-9a-f]{12})[0-9a-f]*/, "$1");
}
