import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { listen } from "../ports.ts";
import type { Instance } from "../world.ts";
import { temporaryCredentials } from "./credentials.ts";

const LONGEST_TTL_SECONDS = 21_600;
const ROLE_PATH = "/latest/meta-data/iam/security-credentials/";

/** The instance metadata service (IMDSv2) of one instance, on a loopback port of its own. */
export class MetadataServer {
  private readonly instance: Instance;
  private readonly server: Server;
  /** Token and when it expires, in ms. */
  private readonly tokens = new Map<string, number>();

  constructor(instance: Instance) {
    this.instance = instance;
    this.server = createServer((request, response) => this.serve(request, response));
  }

  /** Starts to listen; resolves with the endpoint, e.g. `http://127.0.0.1:40123`. */
  async open(): Promise<string> {
    return `http://127.0.0.1:${await listen(this.server, 0)}`;
  }

  /** Stops at once. */
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    // AWS answers no proxy: a forwarded request is somebody else's.
    if (request.headers["x-forwarded-for"] !== undefined) answer(response, 403);
    else if (path === "/latest/api/token") this.serveToken(request, response);
    else if (!this.accepts(request.headers["x-aws-ec2-metadata-token"])) answer(response, 401);
    else if (request.method !== "GET" && request.method !== "HEAD") answer(response, 405);
    else this.serveItem(path, response);
  }

  private serveToken(request: IncomingMessage, response: ServerResponse): void {
    const header = "x-aws-ec2-metadata-token-ttl-seconds";
    const seconds = Number(request.headers[header] ?? Number.NaN);
    if (request.method !== "PUT") answer(response, 405);
    else if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_TTL_SECONDS)
      answer(response, 400);
    else {
      const now = Date.now();
      for (const [token, expires] of this.tokens) if (expires <= now) this.tokens.delete(token);
      const token = randomBytes(32).toString("base64url");
      this.tokens.set(token, now + seconds * 1_000);
      response.setHeader(header, seconds);
      answer(response, 200, token);
    }
  }

  private accepts(token: string | string[] | undefined): boolean {
    return typeof token === "string" && (this.tokens.get(token) ?? 0) > Date.now();
  }

  private serveItem(path: string, response: ServerResponse): void {
    const item = this.item(path);
    if (item === undefined) answer(response, 404);
    else answer(response, 200, item);
  }

  private item(path: string): string | Buffer | undefined {
    const { id, imageId, privateIp, availabilityZone, region, roleName, userData } = this.instance;
    switch (path) {
      case "/latest/user-data":
        return userData === null ? undefined : Buffer.from(userData, "base64");
      case "/latest/meta-data/instance-id":
        return id;
      case "/latest/meta-data/ami-id":
        return imageId;
      case "/latest/meta-data/local-ipv4":
        return privateIp ?? undefined;
      case "/latest/meta-data/placement/availability-zone":
        return availabilityZone;
      case "/latest/meta-data/placement/region":
        return region;
      case "/latest/dynamic/instance-identity/document":
        return this.identityDocument();
      case ROLE_PATH:
      case ROLE_PATH.slice(0, -1):
        return roleName ?? undefined;
      default:
        return roleName !== null && path === ROLE_PATH + roleName ? this.credentials() : undefined;
    }
  }

  private identityDocument(): string {
    const { account, region, id, imageId, availabilityZone, privateIp, launchTime } = this.instance;
    return JSON.stringify({
      accountId: account,
      architecture: process.arch === "arm64" ? "arm64" : "x86_64",
      availabilityZone,
      imageId,
      instanceId: id,
      pendingTime: launchTime,
      privateIp,
      region,
      version: "2017-09-30",
    });
  }

  private credentials(): string {
    return JSON.stringify({
      Code: "Success",
      LastUpdated: new Date().toISOString(),
      Type: "AWS-HMAC",
      ...temporaryCredentials(this.instance.account),
    });
  }
}

function answer(response: ServerResponse, status: number, body: string | Buffer = ""): void {
  response.writeHead(status, { "Content-Type": "text/plain", Server: "EC2ws" });
  response.end(body);
}
