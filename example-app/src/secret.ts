import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/** What opens the database. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Fetches the credentials, with the rights of the machine's role.
 * @throws Error of the SDK, or of a secret with other content, which it does not quote
 */
export async function fetchCredentials(secretArn: string, region: string): Promise<Credentials> {
  const client = new SecretsManagerClient({
    region,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 4000 },
  });
  const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  const { username, password } = parse(SecretString);
  if (typeof username !== "string" || typeof password !== "string") {
    throw new Error('the secret must be {"username": "…", "password": "…"}');
  }
  return { username, password };
}

function parse(text: string): Partial<Credentials> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
