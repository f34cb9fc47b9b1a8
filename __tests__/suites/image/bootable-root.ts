import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { baseRoot } from "../../../cli/bake/base-root.ts";
import { buildRelease } from "../../../cli/release/build.ts";
import { copyRoot } from "../../../twin/machines/root-file-systems.ts";

/** The checkout. */
export const PROJECT = join(import.meta.dirname, "../../..");

const SETTINGS_UNIT = `[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/opt/webapp/current/bin/node /opt/webapp/current/boot.mjs /run/webapp/environment
RuntimeDirectory=webapp
RuntimeDirectoryPreserve=yes
`;
const APP_UNIT = `[Unit]
After=webapp-settings.service
Requires=webapp-settings.service
StartLimitIntervalSec=60
StartLimitBurst=3
[Service]
User=webapp
EnvironmentFile=/run/webapp/environment
ExecStart=/opt/webapp/current/bin/node /opt/webapp/current/app/server.mjs
StandardOutput=append:/var/log/webapp/app.log
StandardError=inherit
AmbientCapabilities=CAP_NET_BIND_SERVICE
Restart=always
TimeoutStopSec=30
[Install]
WantedBy=multi-user.target
`;

/**
 * The smallest system that serves: Debian's base, the release and its two units. What the roles make of it is tested
 * with the roles.
 *
 * @returns the release's digest
 */
export async function makeBootableRoot(root: string): Promise<string> {
  const base = await baseRoot({ root: PROJECT, workDir: join(PROJECT, ".webstead") });
  const release = await buildRelease({ root: PROJECT });
  await copyRoot(base.tar, root);
  const folder = join(root, "opt/webapp/releases", release.sha256.slice(0, 12));
  for (const path of [folder, join(root, "var/log/webapp")]) mkdirSync(path, { recursive: true });
  await execa("tar", ["-xzf", release.path, "-C", folder, "--no-same-owner"]);
  symlinkSync(`releases/${release.sha256.slice(0, 12)}`, join(root, "opt/webapp/current"));
  const units = join(root, "etc/systemd/system");
  writeFileSync(join(units, "webapp-settings.service"), SETTINGS_UNIT);
  writeFileSync(join(units, "webapp.service"), APP_UNIT);
  symlinkSync("/etc/systemd/system/webapp.service", join(units, "multi-user.target.wants/webapp.service"));
  await execa("chroot", [root, "useradd", "--system", "--shell", "/usr/sbin/nologin", "webapp"]);
  await execa("chroot", [root, "chown", "webapp:", "/var/log/webapp"]);
  return release.sha256;
}
