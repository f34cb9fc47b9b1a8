import { Fn } from "cdktf";

/** Names that no secret may hide behind: user data is readable by whoever may describe the instance. */
const secretNames = /PASSWORD|PASSWD|TOKEN|PRIVATE|CREDENTIAL|SECRET(?!_ARN$)/i;

/**
 * The instance's settings as `KEY=value` lines, in base64 as EC2 wants them.
 * @throws Error for a key that names a secret: hand over the ARN and let the app fetch it
 */
export function userData(settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([key, value]) => {
    if (secretNames.test(key)) {
      throw new Error(`user data must hold no secret, got ${key}; pass the secret's ARN as DB_SECRET_ARN`);
    }
    return `${key}=${value}\n`;
  });
  return Fn.base64encode(lines.join(""));
}
