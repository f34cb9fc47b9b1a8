import { type Kysely, sql } from "kysely";
import { known } from "../database/reading.ts";
import type { Tables } from "../database/tables.ts";
import { Outdated } from "../errors.ts";
import type { PhotoLedger } from "../photos/ledger.ts";
import { holdEmployee, updateEmployee } from "./mysql-rows.ts";

/** The ledger of the photos as a table beside the employees. */
export function mysqlLedger(db: Kysely<Tables>): PhotoLedger {
  return {
    begin: (name) =>
      known(async () => {
        await db.insertInto("photo_ledger").values({ name, doomed: 0, since: new Date() }).execute();
      }),

    exchange: (id, name, isExpected) =>
      known(() =>
        db.transaction().execute(async (transaction) => {
          const before = await holdEmployee(transaction, id, isExpected);
          if (before === undefined) return undefined;
          if (name !== null) await settle(transaction, name);
          if (before.photo !== null) await doom(transaction, before.photo);
          const employee = await updateEmployee(transaction, id, { photo: name });
          return { employee, former: before.photo };
        }),
      ),

    doom: (name) =>
      known(() =>
        db.transaction().execute(async (transaction) => {
          const noted = await transaction
            .selectFrom("photo_ledger")
            .select("name")
            .where("name", "=", name)
            .forUpdate()
            .executeTakeFirst();
          if (noted === undefined) return false;
          await transaction.updateTable("photo_ledger").set({ doomed: 1 }).where("name", "=", name).execute();
          return true;
        }),
      ),

    strike: (name) =>
      known(async () => {
        await db.deleteFrom("photo_ledger").where("name", "=", name).where("doomed", "=", 1).execute();
      }),

    leftovers: (before) =>
      known(async () => {
        const rows = await db
          .selectFrom("photo_ledger")
          .select("name")
          .where("since", "<", before)
          .limit(sql.lit(100))
          .execute();
        return rows.map(({ name }) => name);
      }),
  };
}

/** Dooms a photo that was an employee's. */
export async function doom(transaction: Kysely<Tables>, name: string): Promise<void> {
  await transaction.insertInto("photo_ledger").values({ name, doomed: 1, since: new Date() }).execute();
}

async function settle(transaction: Kysely<Tables>, name: string): Promise<void> {
  const { numDeletedRows } = await transaction
    .deleteFrom("photo_ledger")
    .where("name", "=", name)
    .where("doomed", "=", 0)
    .executeTakeFirst();
  if (numDeletedRows !== 1n) throw new Outdated("The photo took too long to be kept; send it again.");
}
