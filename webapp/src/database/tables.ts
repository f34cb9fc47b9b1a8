import type { Generated } from "kysely";

/** The tables as Kysely sees them; migrations/ makes them. */
export interface Tables {
  entries: {
    id: Generated<number>;
    text: string;
    created_at: Date;
    updated_at: Date;
  };
  employees: {
    id: string;
    name: string;
    job_title: string;
    location: string;
    email: string | null;
    photo: string | null;
    created_at: Date;
    updated_at: Date;
  };
  /** Photos that are being uploaded, or are to go (`doomed` 1): whatever is here long is swept away. */
  photo_ledger: {
    name: string;
    doomed: number;
    since: Date;
  };
}
