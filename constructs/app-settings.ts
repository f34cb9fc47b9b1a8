import type { Environment } from "../config/environment.ts";
import type { Database } from "./data/database.ts";
import type { DirectoryTable } from "./data/directory-table.ts";
import type { PhotoBucket } from "./data/photo-bucket.ts";

/** What an app may find around it. */
export interface AppSurroundings {
  readonly database: Database;
  readonly photos?: PhotoBucket | undefined;
  readonly directory?: DirectoryTable | undefined;
}

/**
 * V8's space for young objects may grow to 3 × 8 MB. With less a busy app collects garbage all the time; with V8's own 3 × 16
 * it takes some 70 MB more and is a few percent quicker (`npm run bench -- web`). Only one option: the
 * instance's settings take no space.
 */
export const APP_NODE_OPTIONS = "--max-semi-space-size=8";

/** What the app finds in its environment, wherever it runs: its contract, and no secret. */
export function appSettings(
  { app, database: { name }, edge, region }: Environment,
  { database, photos, directory }: AppSurroundings,
): Record<string, string> {
  return {
    PORT: String(app.port),
    NODE_OPTIONS: APP_NODE_OPTIONS,
    DB_HOST: database.instance.address,
    ...(database.replica && { DB_REPLICA_HOST: database.replica.instance.address }),
    DB_PORT: String(database.connections.port),
    DB_NAME: name,
    DB_SECRET_ARN: database.secret.arn,
    ...(photos && { PHOTOS_BUCKET: photos.name }),
    ...(directory && { DIRECTORY_TABLE: directory.table.name }),
    AWS_REGION: region,
    // Behind CloudFront every visitor comes from an address of CloudFront's: its web ACL knows them, the app does not.
    ...(edge.cloudFront && { RATE_LIMIT: "0" }),
  };
}
