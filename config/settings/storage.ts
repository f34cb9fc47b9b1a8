/** What the app keeps outside of its database. */
export interface StorageSettings {
  /**
   * A private bucket for photos: encrypted, versioned, by TLS only. About $0.023 per GB.
   * @default false
   */
  readonly photos?: boolean;
  /**
   * A DynamoDB table for the directory, on demand, with point-in-time recovery. About $1.25 per million writes.
   * @default false
   */
  readonly directoryTable?: boolean;
}
