import { once } from "node:events";
import { createServer } from "node:http";

/** An instance metadata service as EC2's version 2: without a token from a PUT it answers 401. */
export interface MetadataService {
  readonly url: string;
  readonly requests: string[];
  stop(): Promise<void>;
}

/** Starts the service. It first answers `busy` requests with 503. User data undefined: the instance has none. */
export async function startMetadataService(userData: string | undefined, busy = 0): Promise<MetadataService> {
  const requests: string[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    requests.push(`${method} ${url}`);
    const answer = (status: number, body = "") => response.writeHead(status).end(body);
    if (requests.length <= busy) return answer(503);
    if (method === "PUT" && url === "/latest/api/token") {
      const lifetime = Number(headers["x-aws-ec2-metadata-token-ttl-seconds"]);
      return lifetime >= 1 && lifetime <= 21_600 ? answer(200, "the-token") : answer(400);
    }
    if (headers["x-aws-ec2-metadata-token"] !== "the-token") return answer(401);
    return url === "/latest/user-data" && userData !== undefined ? answer(200, userData) : answer(404);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
