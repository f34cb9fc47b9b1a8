import { randomBytes } from "node:crypto";

const LAST_MS = 6 * 3_600_000;

/** Credentials of a role, as AWS hands them out: the AWS API of the twin reads the account out of the access key. */
export function temporaryCredentials(account: string) {
  return {
    AccessKeyId: `ASIATWIN${account}`,
    SecretAccessKey: randomBytes(30).toString("base64"),
    Token: randomBytes(120).toString("base64"),
    Expiration: new Date(Date.now() + LAST_MS).toISOString(),
  };
}
