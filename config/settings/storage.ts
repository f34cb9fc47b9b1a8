/** What an app keeps outside of its database. */
export interface StorageSettings {
  /**
   * A private bucket for the photos of the employee directory, which an app finds as `PHOTOS_BUCKET`: encrypted, versioned, by TLS only. About $0.023
   * per GB.
   * @default false
   */
  readonly photos?: boolean;
  /**
   * A DynamoDB table for the employee directory, in the place of MySQL, which an app finds as `DIRECTORY_TABLE`: on
   * demand, with point-in-time recovery.
   * About $1.25 per million writes.
   * @default false
   */
  readonly directoryTable?: boolean;
}
