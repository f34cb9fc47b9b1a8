import { type Credentials, parseCredentials } from "./secret.ts";

/** The whole fetch, retries included, in milliseconds. */
const DEADLINE = 8000;

/**
 * Fetches the database credentials from AWS Secrets Manager, with the credentials of the default chain (on an
 * instance: its role). The SDK is loaded on the first fetch, so that the port is open before it.
 * @throws Error of the SDK, or of a secret with another content.
 */
export async function fetchCredentials(secretArn: string, region: string): Promise<Credentials> {
  const { SecretsManagerClient, GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
  const client = new SecretsManagerClient({
    region,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 4000 },
  });
  try {
    const command = new GetSecretValueCommand({ SecretId: secretArn });
    const { SecretString } = await client.send(command, { abortSignal: AbortSignal.timeout(DEADLINE) });
    return parseCredentials(SecretString);
  } finally {
    client.destroy();
  }
}
