import { provideHostedZone } from "../twin/client.ts";
import type { Session } from "./session.ts";

/** On the twin: what an environment finds in its account, and does not make. */
export async function provideAccount({ cloud, environment }: Session): Promise<void> {
  const { https } = environment.edge;
  if (cloud.twin === undefined || https === undefined) return;
  await provideHostedZone(cloud.twin, {
    account: environment.account,
    id: https.hostedZoneId,
    name: https.domainName.split(".").slice(1).join("."),
  });
}
