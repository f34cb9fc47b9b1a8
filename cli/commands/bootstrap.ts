import { type Session, type Tools, withSession } from "../session.ts";
import { ensureStateBucket, stateLocation } from "../state-bucket.ts";
import { provideAccount } from "../twin-account.ts";

/** `npm run bootstrap -- <environment>`: the state bucket alone. */
export async function bootstrap(name: string, options: { local: boolean }, tools: Tools): Promise<void> {
  await withSession("bootstrap", name, { ...options, start: true }, tools, prepareState);
}

/** The step of a deploy that makes the state bucket, and on the twin what an account has before. */
export async function prepareState(session: Session): Promise<void> {
  const { cloud, environment, console } = session;
  await console.step("State", async (step) => {
    const made = await ensureStateBucket(cloud.clients.s3, environment);
    await provideAccount(session);
    step.result(`s3://${stateLocation(environment).bucket}${made ? " (new)" : ""}`);
  });
}
