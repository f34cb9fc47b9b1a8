import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * The employee directory, and the ledger of the photos that are being uploaded or are to go. `if not exists`: a
 * migration that was cut off is run again.
 */
export const employees: Migration = {
  async up(db) {
    await sql`
      create table if not exists employees (
        id char(36) character set ascii collate ascii_bin not null primary key,
        name varchar(100) not null,
        job_title varchar(100) not null,
        location varchar(100) not null,
        email varchar(254) null,
        photo char(22) character set ascii collate ascii_bin null,
        created_at datetime(3) not null,
        updated_at datetime(3) not null,
        key by_name (name, id)
      ) engine = InnoDB default character set utf8mb4 collate utf8mb4_unicode_ci
    `.execute(db);
    await sql`
      create table if not exists photo_ledger (
        name char(22) character set ascii collate ascii_bin not null primary key,
        doomed tinyint not null,
        since datetime(3) not null,
        key by_age (since)
      ) engine = InnoDB
    `.execute(db);
  },
};
