import { randomBytes } from "node:crypto";

/** Headers that belong to one connection, not to the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** What the load balancer says about the client. */
export interface Client {
  readonly address: string;
  readonly protocol: "http" | "https";
  /** The listener's port, as the API knows it. */
  readonly port: number;
}

/** Name and value pairs in the order and spelling they came in. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** Node's flat list of raw headers, as pairs. */
export function pairs(raw: readonly string[]): HeaderList {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""] as const] : []));
}

/** Without the headers that belong to the connection, those that Connection names included. */
export function endToEnd(headers: HeaderList): HeaderList {
  const named = valuesOf(headers, "connection").flatMap((value) =>
    value.split(",").map((token) => token.trim().toLowerCase()),
  );
  const dropped = new Set([...HOP_BY_HOP, ...named]);
  return headers.filter(([name]) => !dropped.has(name.toLowerCase()));
}

/** The headers a target gets: end-to-end ones, and what the load balancer adds about the client. */
export function forwarded(headers: HeaderList, client: Client, now = Date.now()): HeaderList {
  const own = ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-port", "x-amzn-trace-id", "expect"];
  const kept = endToEnd(headers).filter(([name]) => !own.includes(name.toLowerCase()));
  const earlier = valuesOf(headers, "x-forwarded-for");
  return [
    ...kept,
    ["X-Forwarded-For", [...earlier, client.address].join(", ")],
    ["X-Forwarded-Proto", client.protocol],
    ["X-Forwarded-Port", String(client.port)],
    ["X-Amzn-Trace-Id", traceId(valuesOf(headers, "x-amzn-trace-id")[0], now)],
  ];
}

/** All values of a header, whatever its spelling. */
export function valuesOf(headers: HeaderList, name: string): string[] {
  return headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
}

/** A trace id of the client is kept and marked with one of our own, as AWS does it. */
function traceId(given: string | undefined, now: number): string {
  const id = `1-${Math.floor(now / 1_000).toString(16)}-${randomBytes(12).toString("hex")}`;
  if (given === undefined || given === "") return `Root=${id}`;
  const fields = given.split(";").filter((field) => field !== "" && !field.trim().startsWith("Self="));
  const root = fields.some((field) => field.trim().startsWith("Root="));
  return [root ? `Self=${id}` : `Root=${id}`, ...fields].join(";");
}
