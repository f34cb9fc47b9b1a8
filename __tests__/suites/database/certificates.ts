import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Paths of PEM files. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Makes an authority, and a server certificate by it that is good for the addresses 127.0.0.1 and 127.0.0.2 and for no name. */
export function makeCertificates(folder: string, name: string): Certificates {
  const file = (suffix: string) => join(folder, `${name}-${suffix}.pem`);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const [caKey, ca, key] = [file("ca-key"), file("ca"), file("key")];
  const [request, cert] = [file("request"), file("cert")];

  openssl(
    "req",
    "-x509",
    ...newKey,
    "-keyout",
    caKey,
    "-out",
    ca,
    "-days",
    "2",
    "-subj",
    `/CN=${name} authority`,
  );
  openssl("req", ...newKey, "-keyout", key, "-out", request, "-subj", `/CN=${name}`);
  writeFileSync(file("extensions"), "subjectAltName=IP:127.0.0.1,IP:127.0.0.2\n");
  const signer = ["-CA", ca, "-CAkey", caKey, "-CAcreateserial", "-extfile", file("extensions")];
  openssl("x509", "-req", "-in", request, ...signer, "-days", "2", "-out", cert);
  return { ca, cert, key };
}
