import { Fn } from "cdktf";

/** Names that no secret may hide behind: settings are readable by whoever may describe what runs the app. */
const secretNames = /PASSWORD|PASSWD|TOKEN|PRIVATE|CREDENTIAL|SECRET(?!_ARN$)/i;

/**
 * The instance's settings as `KEY=value` lines, in base64 as EC2 wants them.
 * @throws Error for a key that names a secret: hand over the ARN and let the app fetch it
 */
export function userData(settings: Readonly<Record<string, string>>): string {
  requireNoSecret(settings);
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
  return Fn.base64encode(lines.join(""));
}

/** @throws Error for a key that names a secret */
export function requireNoSecret(settings: Readonly<Record<string, string>>): void {
  const key = Object.keys(settings).find((name) => secretNames.test(name));
  if (key === undefined) return;
  throw new Error(
    `the app's settings must hold no secret, got ${key}; pass the secret's ARN as DB_SECRET_ARN`,
  );
}
