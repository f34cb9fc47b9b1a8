import { join } from "node:path";
import { DEFAULT_RATE_LIMIT } from "./limits.ts";

/** What the app is told by its environment. No field is a secret. */
export interface Config {
  /** TCP port to listen on; 0 lets the system choose. */
  readonly port: number;
  /** Address to listen on. Default 0.0.0.0. */
  readonly host: string;
  readonly database: DatabaseAddress;
  /** ARN or name of the Secrets Manager secret `{"username", "password"}`. */
  readonly secretArn: string;
  readonly region: string;
  /** Bucket of the employees' photos. Undefined: there are no photos. */
  readonly photosBucket?: string;
  /** DynamoDB table of the employees. Undefined: they are in the database. */
  readonly directoryTable?: string;
  readonly metadata: MetadataAddress;
  /** Requests that one client may make in ten seconds, a tenth of them changes; 0: no limit. Default 5000. */
  readonly rateLimit: number;
  /** TCP port of 127.0.0.1 to answer `GET /metrics` on. Default: none. */
  readonly metricsPort?: number;
}

/** Who tells the app where it runs, if it is not EC2's own instance metadata service. */
export interface MetadataAddress {
  /** Another instance metadata service. */
  readonly instanceMetadata?: string;
  /** What ECS tells a task of itself. */
  readonly taskMetadata?: string;
}

/** Where the database is and whom to trust there. */
export interface DatabaseAddress {
  readonly host: string;
  /** Where lists are read from, if there is a replica. It has the primary's port, schema and secret. */
  readonly replicaHost?: string;
  readonly port: number;
  readonly name: string;
  /** PEM file of the certificate authorities that may vouch for the database. */
  readonly caFile: string;
}

/** The environment cannot be used; the message is one line that names every problem. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

const REQUIRED = ["PORT", "DB_HOST", "DB_PORT", "DB_NAME", "DB_SECRET_ARN", "AWS_REGION"] as const;

/**
 * Reads the configuration from environment variables.
 * @throws ConfigurationError naming all missing and all unusable variables at once.
 */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const missing = REQUIRED.filter((name) => !variables[name]);
  if (missing.length > 0) problems.push(`set ${missing.join(", ")}`);

  const text = (name: (typeof REQUIRED)[number]) => variables[name] ?? "";
  const port = (name: "PORT" | "DB_PORT" | "METRICS_PORT", lowest: number) => {
    const value = variables[name] ?? "";
    const number = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= lowest && number <= 65535) return number;
    if (value) problems.push(`${name} must be a port from ${lowest} to 65535, got "${value}"`);
    return 0;
  };

  const rateLimit = (value: string) => {
    if (/^\d{1,7}$/.test(value)) return Number(value);
    problems.push(
      `RATE_LIMIT must be a whole number of requests in ten seconds, 0 for no limit, got "${value}"`,
    );
    return 0;
  };

  const config: Config = {
    port: port("PORT", 0),
    host: variables.HOST || "0.0.0.0",
    database: {
      host: text("DB_HOST"),
      ...(variables.DB_REPLICA_HOST && { replicaHost: variables.DB_REPLICA_HOST }),
      port: port("DB_PORT", 1),
      name: text("DB_NAME"),
      caFile: variables.DB_CA_FILE || join(import.meta.dirname, "../rds-ca.pem"),
    },
    secretArn: text("DB_SECRET_ARN"),
    region: text("AWS_REGION"),
    ...(variables.PHOTOS_BUCKET && { photosBucket: variables.PHOTOS_BUCKET }),
    ...(variables.DIRECTORY_TABLE && { directoryTable: variables.DIRECTORY_TABLE }),
    metadata: {
      ...(variables.AWS_EC2_METADATA_SERVICE_ENDPOINT && {
        instanceMetadata: variables.AWS_EC2_METADATA_SERVICE_ENDPOINT.replace(/\/$/, ""),
      }),
      ...(variables.ECS_CONTAINER_METADATA_URI_V4 && {
        taskMetadata: variables.ECS_CONTAINER_METADATA_URI_V4,
      }),
    },
    rateLimit: variables.RATE_LIMIT ? rateLimit(variables.RATE_LIMIT) : DEFAULT_RATE_LIMIT,
    ...(variables.METRICS_PORT && { metricsPort: port("METRICS_PORT", 1) }),
  };
  if (config.metricsPort !== undefined && config.metricsPort === config.port) {
    problems.push(`METRICS_PORT must be another port than PORT, got ${config.port} for both`);
  }
  if (problems.length > 0) throw new ConfigurationError(`environment: ${problems.join("; ")}`);
  return config;
}
