import { expect, test } from "@jest/globals";
import { ConfigurationError, readConfig } from "../src/config.ts";

const complete = {
  PORT: "8080",
  DB_HOST: "db.example",
  DB_PORT: "3306",
  DB_NAME: "webapp",
  DB_SECRET_ARN: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:x",
  AWS_REGION: "eu-central-1",
};

test("the environment becomes the configuration, with its defaults", () => {
  const config = readConfig(complete);
  expect(config).toMatchObject({ port: 8080, host: "0.0.0.0", region: "eu-central-1" });
  expect(config.database).toMatchObject({ host: "db.example", port: 3306, name: "webapp" });
  expect(config.database.caFile).toMatch(/rds-ca\.pem$/);
  expect(readConfig({ ...complete, HOST: "127.0.0.1", DB_CA_FILE: "/ca" })).toMatchObject({
    host: "127.0.0.1",
    database: { caFile: "/ca" },
  });
});

test("a replica is there if it is named", () => {
  expect(readConfig(complete).database).not.toHaveProperty("replicaHost");
  const withReplica = readConfig({ ...complete, DB_REPLICA_HOST: "replica.example" });
  expect(withReplica.database.replicaHost).toBe("replica.example");
});

test("who tells the app where it runs may be named, as EC2 and ECS name it", () => {
  expect(readConfig(complete).metadata).toEqual({});
  const named = readConfig({
    ...complete,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:8008/",
    ECS_CONTAINER_METADATA_URI_V4: "http://127.0.0.1:8009/v4",
  });
  expect(named.metadata).toEqual({
    instanceMetadata: "http://127.0.0.1:8008",
    taskMetadata: "http://127.0.0.1:8009/v4",
  });
});

test("a client may make 5000 requests in ten seconds if nothing else is said, and nobody is shown metrics", () => {
  expect(readConfig(complete)).toMatchObject({ rateLimit: 5000 });
  expect(readConfig(complete)).not.toHaveProperty("metricsPort");
  const config = readConfig({ ...complete, RATE_LIMIT: "0", METRICS_PORT: "9464" });
  expect(config).toMatchObject({ rateLimit: 0, metricsPort: 9464 });
});

test.each([
  [
    { RATE_LIMIT: "many" },
    'RATE_LIMIT must be a whole number of requests in ten seconds, 0 for no limit, got "many"',
  ],
  [
    { RATE_LIMIT: "-1" },
    'RATE_LIMIT must be a whole number of requests in ten seconds, 0 for no limit, got "-1"',
  ],
  [{ METRICS_PORT: "0" }, 'METRICS_PORT must be a port from 1 to 65535, got "0"'],
  [{ METRICS_PORT: "8080" }, "METRICS_PORT must be another port than PORT, got 8080 for both"],
])("%j is refused", (variables, problem) => {
  expect(() => readConfig({ ...complete, ...variables })).toThrow(`environment: ${problem}`);
});

test("every problem is named at once, in one line", () => {
  const read = () => readConfig({ ...complete, DB_NAME: "", DB_SECRET_ARN: undefined, PORT: "http" });
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(
    'environment: set DB_NAME, DB_SECRET_ARN; PORT must be a port from 0 to 65535, got "http"',
  );
});
