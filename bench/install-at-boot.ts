import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { debian, debianPackages } from "../__tests__/suites/selinux/root-file-system.ts";
import { buildRelease } from "../cli/release/build.ts";

/** What a cloud's own Debian image has before anybody installs anything, as far as the image needs it too. */
const IN_A_STOCK_IMAGE = [
  ...["ca-certificates", "chrony", "dbus", "iproute2", "libpam-systemd", "logrotate", "openssh-server"],
  ...["python3", "python3-apt", "sudo", "systemd", "systemd-sysv", "udev"],
];

/**
 * Unpacks a stock Debian into `target`, with all that it takes to become the image at its first boot: the packages'
 * files, the release, the units and the policy of `baked`, and the user data that installs them.
 * @returns the packages that are installed at boot.
 */
export async function installsAtBoot(root: string, baked: string, target: string): Promise<string[]> {
  const missing = debianPackages(root).filter((name) => !IN_A_STOCK_IMAGE.includes(name));
  const fetch = `apt-get update -qq && apt-get install -qq -y --no-install-recommends --download-only ${missing.join(" ")}`;
  const tar = await debian(join(root, ".webstead/bench"), IN_A_STOCK_IMAGE, [
    "--skip=cleanup/apt",
    `--customize-hook=chroot "$1" sh -c "${fetch}"`,
  ]);
  mkdirSync(target, { recursive: true });
  await execa("tar", ["-xf", tar, "-C", target]);

  const brought = join(target, "usr/share/install-at-boot");
  const units = join(baked, "etc/systemd/system");
  const release = await buildRelease({ root });
  mkdirSync(join(brought, "units"), { recursive: true });
  cpSync(release.path, join(brought, "release.tar.gz"));
  cpSync(join(root, "ansible/roles/selinux/files/webapp.cil"), join(brought, "webapp.cil"));
  for (const unit of ["webapp.service", "webapp-settings.service", "webapp-settings.service.d"]) {
    cpSync(join(units, unit), join(brought, "units", unit), { recursive: true });
  }
  writeFileSync(join(brought, "packages"), missing.join(" "));
  const own = join(root, "bench/install-at-boot");
  cpSync(join(own, "user-data.sh"), join(brought, "user-data.sh"));
  cpSync(join(own, "user-data.service"), join(target, "etc/systemd/system/user-data.service"));
  writeFileSync(join(target, "etc/machine-id"), "");
  await execa("systemctl", [`--root=${target}`, "enable", "user-data.service"]);
  return missing;
}
