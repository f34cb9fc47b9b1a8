import { imageTable } from "../images/listing.ts";
import { publishedImage } from "../images/published.ts";
import { verdictOf } from "../images/record.ts";
import { imageStore } from "../images/store.ts";
import { type Tools, withSession } from "../session.ts";

/** `npm run images -- <environment>`: what it has and could go back to, the newest first. A result: it goes to stdout. */
export async function images(name: string, options: { local: boolean }, tools: Tools): Promise<void> {
  const opening = { local: options.local, start: false, readOnly: true };
  const table = await withSession("images", name, opening, tools, async ({ cloud, environment }) => {
    const { clients } = cloud;
    const store = imageStore(clients, environment);
    const [all, published, users] = await Promise.all([
      store.list(),
      publishedImage(clients.ssm, environment),
      store.users(),
    ]);
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
