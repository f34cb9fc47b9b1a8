import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/** The table of text entries. `if not exists`: a migration that was cut off is run again. */
export const entries: Migration = {
  async up(db) {
    await sql`
      create table if not exists entries (
        id bigint unsigned not null auto_increment primary key,
        text varchar(1000) not null,
        created_at datetime(3) not null,
        updated_at datetime(3) not null
      ) engine = InnoDB default character set utf8mb4 collate utf8mb4_unicode_ci
    `.execute(db);
  },
};
