import { randomBytes } from "node:crypto";
import type { EmployeeExpectation } from "../employees/employee.ts";
import type { EmployeeStore } from "../employees/store.ts";
import { Outdated, Overloaded } from "../errors.ts";
import type { PhotoBucket } from "./bucket.ts";
import type { Photos } from "./photos.ts";
import type { Variants } from "./resize.ts";
import { readUpload } from "./upload.ts";

/** Uploads in progress at most: each may hold 5 MB. */
const MOST_UPLOADS = 8;

/** What photos are kept with. */
export interface PhotoOptions {
  readonly store: EmployeeStore;
  readonly bucket: PhotoBucket;
  readonly resize: (picture: Buffer) => Promise<Variants>;
  /** Told what could not be cleaned up at once: the sweep does it later. */
  readonly onLeftover: (error: unknown) => void;
}

/**
 * Photos in a bucket. A photo is noted in the ledger before its first object is written and struck off as it becomes
 * the employee's, in the same transaction: what is cut off between leaves a note by which the sweep finds it.
 */
export function keptPhotos({ store, bucket, resize, onLeftover }: PhotoOptions): Photos {
  const { ledger } = store;
  let uploads = 0;

  return {
    async set(id, upload, isExpected) {
      if (uploads >= MOST_UPLOADS) throw new Overloaded();
      uploads++;
      try {
        if (!(await isThere(id, isExpected))) return undefined;
        return await keep(id, await resize(await readUpload(upload)), isExpected);
      } finally {
        uploads--;
      }
    },

    async clear(id, isExpected) {
      const exchange = await ledger.exchange(id, null, isExpected);
      if (exchange?.former) await removeNow(exchange.former);
      return exchange?.employee;
    },

    async forget({ photo }) {
      if (photo !== null) await removeNow(photo);
    },

    open: (name, variant) => bucket.get(name, variant),
  };

  async function keep(id: string, variants: Variants, isExpected: EmployeeExpectation | undefined) {
    const name = randomBytes(16).toString("base64url");
    await ledger.begin(name);
    try {
      await bucket.put(name, variants);
      const exchange = await ledger.exchange(id, name, isExpected);
      if (!exchange) await takeBack(name);
      if (exchange?.former) await removeNow(exchange.former);
      return exchange?.employee;
    } catch (error) {
      await takeBack(name);
      throw error;
    }
  }

  /** Before anything is read: nobody should send 5 MB to hear that it was for nobody. */
  async function isThere(id: string, isExpected: EmployeeExpectation = () => true): Promise<boolean> {
    const employee = await store.get(id);
    if (employee && !isExpected(employee)) throw new Outdated(`Employee ${id} was changed meanwhile.`);
    return employee !== undefined;
  }

  /** The photo may be the employee's all the same, if only the answer was lost: then it is in no ledger, and stays. */
  async function takeBack(name: string): Promise<void> {
    try {
      if (await ledger.doom(name)) await bucket.remove(name);
    } catch (error) {
      onLeftover(error);
    }
  }

  /** The ledger keeps its note: what was on its way to the bucket may arrive still, and the sweep removes it again. */
  async function removeNow(name: string): Promise<void> {
    await bucket.remove(name).catch(onLeftover);
  }
}
