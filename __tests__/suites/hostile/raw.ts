import { connect, type Socket } from "node:net";

/** What came back on a socket. */
export interface Answer {
  /** NaN if nothing came that is HTTP. */
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One request, byte for byte: nothing straightens it on its way. */
export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | readonly (readonly [string, string])[];
  readonly body?: string | Buffer;
}

const HOST = ["Host", "app.example.com"] as const;

/** The bytes of a request that closes its connection; with a body its length is told, unless the headers do so. */
export function bytesOf({ method = "GET", path, headers, body }: RawRequest): Buffer {
  const own = pairsOf(headers);
  const has = (name: string) => own.some(([one]) => one.toLowerCase() === name);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...[
      ...(has("host") ? [] : [HOST]),
      ...own,
      ...(body === undefined || has("content-length") || has("transfer-encoding")
        ? []
        : [["Content-Length", String(Buffer.byteLength(body))]]),
      ["Connection", "close"],
    ].map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), Buffer.from(body ?? "")]);
}

function pairsOf(headers: RawRequest["headers"] = {}): (readonly [string, string])[] {
  return Array.isArray(headers) ? headers : Object.entries(headers);
}

/** A JSON request. */
export function json(method: string, path: string, body: unknown, headers = {}): RawRequest {
  const text = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return { method, path, headers: { "Content-Type": "application/json", ...headers }, body: text };
}

/** A form as a browser sends it. */
export function form(path: string, fields: Record<string, string> | string, headers = {}): RawRequest {
  const body = typeof fields === "string" ? fields : new URLSearchParams(fields).toString();
  const type = { "Content-Type": "application/x-www-form-urlencoded" };
  return { method: "POST", path, headers: { ...type, ...headers }, body };
}

/** One part of a form in parts: a field, or a file if it has a filename (written as it is, in its quotes). */
export interface Part {
  readonly name: string;
  readonly data: string | Buffer;
  readonly filename?: string;
  readonly type?: string;
}

const BOUNDARY = "----boundary";

/** A form in parts, as a browser sends a file. */
export function partsForm(path: string, parts: readonly Part[], headers = {}): RawRequest {
  const type = { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` };
  return { method: "POST", path, headers: { ...type, ...headers }, body: bodyOf(parts) };
}

/** The parts of a form as bytes, up to the last boundary. */
export function bodyOf(parts: readonly Part[]): Buffer {
  const written = parts.map(({ name, data, filename, type }) => {
    const file = filename === undefined ? "" : `; filename="${filename}"`;
    const lines = [
      `--${BOUNDARY}`,
      `Content-Disposition: form-data; name="${name}"${file}`,
      ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ];
    return Buffer.concat([
      Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"),
      Buffer.from(data),
      Buffer.from("\r\n"),
    ]);
  });
  return Buffer.concat([...written, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/** A picture as the body, called this. */
export function put(path: string, picture: string | Buffer, type = "image/png", headers = {}): RawRequest {
  return { method: "PUT", path, headers: { "Content-Type": type, ...headers }, body: picture };
}

/** A body in chunks of 64 KB, with what says so. */
export function inChunks(request: RawRequest): RawRequest {
  const size = 65_536;
  const body = Buffer.from(request.body ?? "");
  const chunks = Array.from({ length: Math.ceil(body.length / size) }, (_, index) => {
    const chunk = body.subarray(index * size, (index + 1) * size);
    return [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n")];
  });
  return {
    ...request,
    headers: [...pairsOf(request.headers), ["Transfer-Encoding", "chunked"]],
    body: Buffer.concat([...chunks.flat(), Buffer.from("0\r\n\r\n")]),
  };
}

/** Opens a connection to the server of a URL. */
export async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  // That the server cuts a connection is what some of the tests wait for.
  socket.on("error", () => {});
  await new Promise<void>((resolve) => {
    socket.once("connect", resolve);
    socket.once("close", () => resolve());
  });
  return socket;
}

/** How long, in milliseconds, a server may be silent before there is no answer. */
const SILENCE = 20_000;

/** Sends bytes and resolves to the first answer once the server has closed. */
export async function send(url: string, bytes: Buffer): Promise<Answer> {
  const socket = await open(url);
  socket.setTimeout(SILENCE, () => socket.destroy());
  const answer = answerOn(socket);
  socket.write(bytes);
  return answer;
}

/** Everything that comes on a socket until it is closed, as an answer. */
export async function answerOn(socket: Socket): Promise<Answer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  // Whom nobody listens to, the connection may be closed already.
  if (!socket.destroyed) await new Promise((resolve) => socket.once("close", resolve));
  const [head = "", ...rest] = Buffer.concat(chunks).toString().split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)]),
  );
  return { status: Number(first.split(" ")[1]), headers, body: rest.join("\r\n\r\n") };
}
