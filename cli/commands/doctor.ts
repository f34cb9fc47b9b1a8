import { examine } from "../doctor/findings.ts";
import { Failure } from "../errors.ts";
import { publishedImage } from "../images/published.ts";
import { describeEvidence, gatherEvidence } from "../rollout/evidence.ts";
import { type Tools, withSession } from "../session.ts";

/**
 * `npm run doctor -- <environment>`: looks at what runs, from the image to the answer, and says what is wrong and what
 * to do. It changes nothing, and may run beside anything.
 *
 * @throws Failure when something is not as it should be
 */
export async function doctor(name: string, options: { local: boolean }, tools: Tools): Promise<void> {
  const opening = { local: options.local, start: false, readOnly: true };
  await withSession("doctor", name, opening, tools, async ({ cloud, environment, console }) => {
    const findings = await examine(cloud, environment);
    for (const { title, isGood, detail, advice } of findings) {
      console.say(`${isGood ? "✔" : "✖"} ${title.padEnd(9)} ${detail}`);
      if (advice !== undefined) console.say(`  ${"".padEnd(9)} ${advice}`);
    }
    const wrong = findings.filter(({ isGood }) => !isGood);
    if (wrong.length === 0) return;
    const image = await publishedImage(cloud.clients.ssm, environment);
    const evidence = image && (await gatherEvidence(cloud.clients, environment, image));
    for (const line of evidence ? describeEvidence(evidence) : []) console.say(line);
    throw new Failure(
      `${environment.name}: ${wrong.map(({ title }) => title.toLowerCase()).join(", ")} not as it should be, see above`,
    );
  });
}
