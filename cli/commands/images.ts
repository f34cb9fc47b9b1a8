import { imageUsers } from "../images/graph.ts";
import { imageTable } from "../images/listing.ts";
import { publishedImage } from "../images/published.ts";
import { projectImages, verdictOf } from "../images/record.ts";
import { readReferences } from "../images/references.ts";
import { type Tools, withSession } from "../session.ts";

/** `npm run images -- <environment>`: what it has and could go back to, the newest first. A result: it goes to stdout. */
export async function images(name: string, options: { local: boolean }, tools: Tools): Promise<void> {
  const opening = { local: options.local, start: false, readOnly: true };
  const table = await withSession("images", name, opening, tools, async ({ cloud, environment }) => {
    const { clients } = cloud;
    const [all, published, references] = await Promise.all([
      projectImages(clients.ec2, environment.project),
      publishedImage(clients.ssm, environment),
      readReferences(clients, environment.project),
    ]);
    const users = imageUsers(references);
    const shown = all.filter(
      (image) =>
        image.environment === environment.name ||
        image.id === published ||
        verdictOf(image, environment) !== undefined,
    );
    return imageTable(
      shown.map((image) => ({
        ...image,
        verdict: verdictOf(image, environment),
        users: (users.get(image.id) ?? []).map((user) => user.name),
      })),
      Date.now(),
    );
  });
  process.stdout.write(table);
}
