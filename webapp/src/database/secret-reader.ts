/**
 * A program of its own: prints the string of a secret. `node secret-reader.mjs <secret ARN> <region>`; what went
 * wrong goes to stderr, with exit code 1. See secrets-manager.ts for why it is a process.
 */
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

const [secretArn, region = ""] = process.argv.slice(2);
const client = new SecretsManagerClient({
  region,
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 4000 },
});
try {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  process.stdout.write(SecretString ?? "");
} catch (error) {
  const { name, message } = error as Error;
  process.stderr.write(`${name}: ${message}`);
  process.exitCode = 1;
}
