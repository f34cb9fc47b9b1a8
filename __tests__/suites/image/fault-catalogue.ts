/** A fault of an image: what puts it there, and the name under which the verification must find it. */
export interface Fault {
  /** What it is, in words. */
  readonly about: string;
  /** The one check of ansible/roles/verify that must fail. */
  readonly check: string;
  /** Run by a shell in a booted copy of the good image. */
  readonly script: string;
}

const UNITS = "/etc/systemd/system";
const SSH_KEY = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(42)} bake`;

/** Puts lines into a drop-in of the app's unit. */
function dropIn(...lines: readonly string[]): string {
  const text = ["[Service]", ...lines].join("\\n");
  return `mkdir -p ${UNITS}/webapp.service.d
printf '${text}\\n' >${UNITS}/webapp.service.d/fault.conf
systemctl daemon-reload`;
}

/** One for each promise of the image that a bake can break without anybody noticing. */
export const FAULTS: readonly Fault[] = [
  {
    about: "SELinux is permissive",
    check: "selinux-enforcing",
    script: "sed -i 's/^SELINUX=.*/SELINUX=permissive/' /etc/selinux/config",
  },
  {
    about: "a firewall starts at boot",
    check: "no-firewall",
    script: `printf '[Service]\\nExecStart=/bin/true\\n[Install]\\nWantedBy=multi-user.target\\n' >${UNITS}/nftables.service
systemctl enable nftables.service`,
  },
  {
    about: "IPv6 is on",
    check: "ipv4-only",
    script: `rm /etc/sysctl.d/60-ipv4-only.conf
for name in all default lo; do echo 0 >/proc/sys/net/ipv6/conf/$name/disable_ipv6; done`,
  },
  { about: "host keys are left", check: "no-host-keys", script: "ssh-keygen -A" },
  {
    about: "the temporary key of the bake is left",
    check: "no-user-keys",
    script: `mkdir -p /home/admin/.ssh\necho '${SSH_KEY}' >/home/admin/.ssh/authorized_keys`,
  },
  {
    about: "a secret is in an environment file",
    check: "no-secrets",
    script: "echo 'DB_PASSWORD=correct-horse' >>/etc/environment",
  },
  {
    about: "the proxy of the bake is left",
    check: "no-proxy",
    script: `echo 'Acquire::http::Proxy "http://proxy.example.com:3128";' >/etc/apt/apt.conf.d/90proxy`,
  },
  {
    about: "the app does not start at boot",
    check: "service-enabled",
    script: "systemctl disable webapp.service",
  },
  {
    about: "a file of the release belongs to the app's user",
    check: "release-owner",
    script: "chown webapp /opt/webapp/current/app/server.mjs",
  },
  {
    about: "everybody may write to the app's unit",
    check: "unit-permissions",
    script: `chmod o+w ${UNITS}/webapp.service`,
  },
  {
    about: "the release was swapped for another",
    check: "release-digest",
    script: `cp -a "$(readlink -f /opt/webapp/current)" /opt/webapp/releases/0123456789ab
echo '// another' >>/opt/webapp/releases/0123456789ab/app/server.mjs
ln -sfn /opt/webapp/releases/0123456789ab /opt/webapp/current`,
  },
  {
    about: "port 22 is open to passwords",
    check: "ssh-without-passwords",
    script: "echo 'PasswordAuthentication yes' >/etc/ssh/sshd_config.d/00-fault.conf",
  },
  { about: "the app dumps core", check: "no-core-dumps", script: dropIn("LimitCORE=infinity") },
  {
    about: "the machine's id is kept",
    check: "machine-id-empty",
    script: "systemd-id128 new >/etc/machine-id",
  },
  { about: "the clock is not kept", check: "clock-sync", script: "systemctl disable chrony.service" },
  {
    about: "a debug port is open",
    check: "no-debug-port",
    script: dropIn("Environment=NODE_OPTIONS=--inspect=127.0.0.1:9229"),
  },
  { about: "the app does not come up", check: "healthz", script: dropIn("ExecStartPre=/bin/false") },
];

/**
 * Run in each copy before its fault: the copy was booted from the image, so it got an identity. That is taken away
 * again, to look at the image and not at a machine.
 */
export const AS_BAKED = ": >/etc/machine-id";
