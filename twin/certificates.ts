import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { promisify } from "node:util";
import { errorCode, messageOf } from "./http-json.ts";
import type { StateFolder } from "./state-folder.ts";

const run = promisify(execFile);
const MOST_CONTEXTS = 100;
const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** A certificate and its key, both PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** The twin's certificate authority: made once per state folder, it signs what databases and HTTPS listeners show. */
export class Certificates {
  private readonly state: StateFolder;
  private readonly contexts = new Map<string, Promise<SecureContext>>();

  constructor(state: StateFolder) {
    this.state = state;
  }

  /** Makes the authority if the state folder has none. Rejects with one line if openssl is missing or fails. */
  async prepare(): Promise<void> {
    if (existsSync(this.state.caCertificate)) return;
    const unfinished = this.state.path("ca.unfinished");
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { mode: 0o700 });
    await openssl([
      ...["req", "-x509", ...NEW_KEY, "-sha256", "-days", "3650", "-subj", "/CN=Webstead twin CA"],
      ...["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"],
      ...["-keyout", join(unfinished, "ca.key"), "-out", join(unfinished, "ca.pem")],
    ]);
    chmodSync(join(unfinished, "ca.key"), 0o600);
    rmSync(this.state.path("ca"), { recursive: true, force: true });
    renameSync(unfinished, this.state.path("ca"));
  }

  /** A server certificate for one DNS name or IP address, valid for a year. */
  async issue(name: string): Promise<Certificate> {
    if (!/^[A-Za-z0-9.:_*-]{1,253}$/.test(name))
      throw new Error(`no certificate for the name ${JSON.stringify(name)}`);
    const folder = mkdtempSync(this.state.path("ca", "issue-"));
    const file = (part: string) => join(folder, part);
    try {
      writeFileSync(
        file("extensions"),
        [
          `subjectAltName=${isIP(name) === 0 ? "DNS" : "IP"}:${name}`,
          "basicConstraints=critical,CA:FALSE",
          "keyUsage=critical,digitalSignature",
          "extendedKeyUsage=serverAuth",
          "",
        ].join("\n"),
      );
      await openssl([
        "req",
        "-new",
        ...NEW_KEY,
        "-subj",
        "/CN=twin",
        "-keyout",
        file("key"),
        "-out",
        file("request"),
      ]);
      await openssl([
        ...["x509", "-req", "-in", file("request"), "-sha256", "-days", "365"],
        ...[
          "-CA",
          this.state.caCertificate,
          "-CAkey",
          this.state.path("ca", "ca.key"),
          "-set_serial",
          `0x${randomBytes(16).toString("hex")}`,
        ],
        ...["-extfile", file("extensions"), "-out", file("certificate")],
      ]);
      return {
        certificate: readFileSync(file("certificate"), "utf8"),
        key: readFileSync(file("key"), "utf8"),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** The TLS context for a server name, made at its first use. */
  secureContext(name: string): Promise<SecureContext> {
    const known = this.contexts.get(name);
    if (known !== undefined) return known;
    if (this.contexts.size >= MOST_CONTEXTS) this.contexts.clear();
    const context = this.issue(name).then(({ certificate, key }) =>
      createSecureContext({ cert: certificate, key }),
    );
    this.contexts.set(name, context);
    context.catch(() => this.contexts.delete(name));
    return context;
  }
}

async function openssl(args: readonly string[]): Promise<void> {
  try {
    await run("openssl", args);
  } catch (error) {
    if (errorCode(error) === "ENOENT") {
      throw new Error(
        "openssl not found, the twin signs its certificates with it; install it: apt-get install openssl",
      );
    }
    throw new Error(`openssl ${args[0]} failed: ${messageOf(error)}`);
  }
}
