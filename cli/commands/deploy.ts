import { rollOut } from "../rollout/roll-out.ts";
import { type Tools, withSession } from "../session.ts";
import { settleAbandonedRun } from "../terraform/prepare.ts";
import { makeImage } from "./bake.ts";
import { prepareState } from "./bootstrap.ts";

/** `./deploy.sh <environment> [--local [--baked]] [--yes]`: up, or up to date. The URL is all that goes to stdout. */
export async function deploy(
  name: string,
  options: { local: boolean; baked: boolean; yes: boolean },
  tools: Tools,
): Promise<void> {
  const opening = { local: options.local, start: true };
  const url = await withSession("deploy", name, opening, tools, async (session) => {
    const killed = await settleAbandonedRun(session);
    await prepareState(session);
    const image = await makeImage(session, options);
    return rollOut(session, image, { killed, yes: options.yes });
  });
  process.stdout.write(`${url}\n`);
}
