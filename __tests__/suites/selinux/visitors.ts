import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";

const PATIENCE = 60_000;

/**
 * The status codes that visitors get who ask for a page at the same time, each over a connection of its own. The
 * connections are opened one after the other: QEMU keeps one new connection waiting, and the kernel lets those behind
 * it believe for a minute that they are through.
 */
export async function visitedTogether(
  url: string,
  { visitors, rounds }: { visitors: number; rounds: number },
): Promise<Set<number>> {
  const agents = Array.from({ length: visitors }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const codes = new Set<number>();
  try {
    for (const agent of agents) codes.add(await visit(url, agent));
    const visits = agents.flatMap((agent) => Array.from({ length: rounds }, () => visit(url, agent)));
    for (const code of await Promise.all(visits)) codes.add(code);
    return codes;
  } finally {
    for (const agent of agents) agent.destroy();
  }
}

async function visit(url: string, agent: Agent): Promise<number> {
  const request = get(url, { agent, signal: AbortSignal.timeout(PATIENCE) });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  await once(response.resume(), "end");
  return response.statusCode ?? 0;
}
