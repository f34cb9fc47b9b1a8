import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { Item } from "../../webapp/src/employees/dynamodb-items.ts";

/**
 * What speaks DynamoDB's protocol and is none: it knows some items, gives all of them to every scan, and says yes to
 * every write without keeping it. So it takes next to no time, and what is measured is the app.
 */
export class CannedDynamoDb {
  readonly #server: Server;

  private constructor(items: readonly Item[]) {
    const scanned = JSON.stringify({ Items: items, Count: items.length, ScannedCount: items.length });
    const found = new Map(items.map((item) => [item.id?.S, JSON.stringify({ Item: item })]));
    this.#server = createServer(async (request, response) => {
      const body = await request.toArray();
      const answer = {
        "DynamoDB_20120810.Scan": () => scanned,
        "DynamoDB_20120810.GetItem": () => {
          const { Key } = JSON.parse(Buffer.concat(body).toString());
          return found.get(Key.id.S) ?? "{}";
        },
        "DynamoDB_20120810.PutItem": () => "{}",
      }[String(request.headers["x-amz-target"])];
      response.writeHead(answer ? 200 : 400, { "content-type": "application/x-amz-json-1.0" });
      response.end(answer?.() ?? '{"__type":"UnknownOperationException"}');
    });
  }

  static async start(items: readonly Item[]): Promise<CannedDynamoDb> {
    const canned = new CannedDynamoDb(items);
    canned.#server.listen(0, "127.0.0.1");
    await once(canned.#server, "listening");
    return canned;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
