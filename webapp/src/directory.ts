import type { Kysely } from "kysely";
import type { Config } from "./config.ts";
import type { Tables } from "./database/tables.ts";
import { mysqlEmployees } from "./employees/mysql.ts";
import type { EmployeeStore } from "./employees/store.ts";
import type { PhotoBucket } from "./photos/bucket.ts";
import type { Photos } from "./photos/photos.ts";

/** The employee directory as the configuration has it. */
export interface Directory {
  readonly store: EmployeeStore;
  /** Undefined: there is no bucket for them. */
  readonly pictures: { readonly photos: Photos; readonly bucket: PhotoBucket } | undefined;
}

/**
 * Employees in DynamoDB or in the database, with or without photos. What is not configured is not loaded: the AWS
 * clients take memory.
 */
export async function openDirectory(
  { directoryTable, photosBucket, region }: Config,
  database: { readonly db: Kysely<Tables>; readonly replica: Kysely<Tables> | undefined },
  onLeftover: (error: unknown) => void,
): Promise<Directory> {
  const store =
    directoryTable === undefined
      ? mysqlEmployees(database.db, database.replica)
      : (await import("./employees/dynamodb.ts")).dynamoEmployees(directoryTable, region);
  if (photosBucket === undefined) return { store, pictures: undefined };
  const [{ s3Bucket }, { keptPhotos }, { resize }] = await Promise.all([
    import("./photos/bucket.ts"),
    import("./photos/kept-photos.ts"),
    import("./photos/resize.ts"),
  ]);
  const bucket = s3Bucket(photosBucket, region);
  return { store, pictures: { bucket, photos: keptPhotos({ store, bucket, resize, onLeftover }) } };
}
