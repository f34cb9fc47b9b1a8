/** What an app keeps outside of its database. The one that ships does not use it yet. */
export interface StorageSettings {
  /**
   * A private bucket for photos, which an app finds as `PHOTOS_BUCKET`: encrypted, versioned, by TLS only. About $0.023
   * per GB.
   * @default false
   */
  readonly photos?: boolean;
  /**
   * A DynamoDB table for a directory, which an app finds as `DIRECTORY_TABLE`: on demand, with point-in-time recovery.
   * About $1.25 per million writes.
   * @default false
   */
  readonly directoryTable?: boolean;
}
