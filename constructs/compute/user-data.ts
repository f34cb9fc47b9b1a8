import { Fn, Token } from "cdktf";

/** Names that no secret may hide behind: settings are readable by whoever may describe what runs the app. */
const secretNames = /PASSWORD|PASSWD|TOKEN|PRIVATE|CREDENTIAL|SECRET(?!_ARN$)/i;

/** What an instance takes from its user data when it boots (cli/release/boot/user-data.ts). */
const bootable = { key: /^[A-Z][A-Z0-9_]*$/, value: /^[A-Za-z0-9_./:@%+,=~-]*$/ };

/**
 * The instance's settings as `KEY=value` lines, in base64 as EC2 wants them.
 * @throws Error for a key that names a secret: hand over the ARN and let the app fetch it; for a key or a value that
 * the instance would refuse when it boots, unless Terraform alone knows it
 */
export function userData(settings: Readonly<Record<string, string>>): string {
  requireNoSecret(settings);
  requireBootable(settings);
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
  return Fn.base64encode(lines.join(""));
}

function requireBootable(settings: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(settings)) {
    if (!bootable.key.test(key))
      throw new Error(
        `a setting's name has A-Z, 0-9 and _ and begins with a letter, got ${JSON.stringify(key)}`,
      );
    if (!Token.isUnresolved(value) && !bootable.value.test(value))
      throw new Error(
        `the setting ${key} must do without spaces and quotes (A-Z a-z 0-9 _ . / : @ % + , = ~ -), got ${JSON.stringify(value)}`,
      );
  }
}

/** @throws Error for a key that names a secret */
export function requireNoSecret(settings: Readonly<Record<string, string>>): void {
  const key = Object.keys(settings).find((name) => secretNames.test(name));
  if (key === undefined) return;
  throw new Error(
    `the app's settings must hold no secret, got ${key}; pass the secret's ARN as DB_SECRET_ARN`,
  );
}
