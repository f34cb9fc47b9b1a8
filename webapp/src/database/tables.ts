import type { Generated } from "kysely";

/** The tables as Kysely sees them; migrations/ makes them. */
export interface Tables {
  entries: {
    id: Generated<number>;
    text: string;
    created_at: Date;
    updated_at: Date;
  };
}
