import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { SecretsManager } from "../../../__tests__/suites/database/secrets-manager.ts";
import { buildRelease } from "../../../cli/release/build.ts";
import { APP_NODE_OPTIONS } from "../../../constructs/app-settings.ts";
import type { Contestant } from "../contestant.ts";
import type { BenchDatabase } from "../database.ts";

/** The app from its release, on the Node that it carries. */
export interface App extends Contestant {
  /** That Node. */
  readonly node: string;
}

/** Builds the release and unpacks it in a folder. */
export async function webApp(
  root: string,
  folder: string,
  database: BenchDatabase,
  secrets: SecretsManager,
): Promise<App> {
  const release = await buildRelease({ root });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await execa("tar", ["-xzf", release.path, "-C", folder]);
  const description = JSON.parse(readFileSync(join(folder, "release.json"), "utf8"));
  const node = join(folder, "bin/node");
  return {
    name: "this app",
    about: `release of commit ${release.commit}, Node ${description.node}, one process`,
    node,
    readiness: "/readyz",
    command: (port) => ({
      program: node,
      arguments: [join(folder, "app/server.mjs")],
      folder,
      environment: {
        ...{ NODE_ENV: "production", PORT: String(port), HOST: "127.0.0.1" },
        NODE_OPTIONS: APP_NODE_OPTIONS,
        // One address asks for everything.
        RATE_LIMIT: "0",
        ...{ DB_HOST: database.host, DB_PORT: String(database.port), DB_NAME: database.name },
        ...{ DB_CA_FILE: database.caFile, DB_SECRET_ARN: "bench", AWS_ENDPOINT_URL: secrets.url },
        ...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench" },
      },
    }),
  };
}

/** The same app, told something else by its environment. */
export function variantOf(
  app: Contestant,
  { name, about }: Pick<Contestant, "name" | "about">,
  variables: Readonly<Record<string, string>>,
): Contestant {
  const command = (port: number) => {
    const program = app.command(port);
    return { ...program, environment: { ...program.environment, ...variables } };
  };
  return { name, about, readiness: app.readiness, command };
}
