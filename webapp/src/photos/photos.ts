import type { Readable } from "node:stream";
import type { Employee, EmployeeExpectation } from "../employees/employee.ts";

/** Largest file that is taken, in bytes. */
export const LARGEST_UPLOAD = 5 * 1024 * 1024;

/** What who sends more is told. */
export const TOO_LARGE = "A photo may have at most 5 MB.";

/** The sizes a photo is kept in, by the longest side in pixels. */
export const VARIANTS = { large: 640, small: 96 } as const;
export type Variant = keyof typeof VARIANTS;

/** What a photo's name looks like: 16 random bytes, which nobody can guess. */
export const PHOTO_NAME = "^[A-Za-z0-9_-]{22}$";

/** A photo as it is served: always WebP, whatever was sent. */
export interface StoredPhoto {
  readonly type: "image/webp";
  /** Length in bytes. */
  readonly length: number;
  readonly body: Readable;
}

/** The employees' photos, where there is a bucket for them. */
export interface Photos {
  /**
   * Reads a picture to its end, makes it smaller and keeps it as the employee's photo; the earlier one goes. A failure
   * leaves the earlier one, and nothing of the new one. Resolves to undefined if there is no such employee.
   * @throws TooLarge over LARGEST_UPLOAD bytes or too many pixels
   * @throws NotAPicture if the content is no JPEG, PNG or WebP, whatever it is called
   * @throws Outdated if the employee is not what the caller takes them for
   * @throws PhotosUnavailable while the store of the photos does not answer
   */
  set(id: string, upload: Readable, isExpected?: EmployeeExpectation): Promise<Employee | undefined>;
  /** Takes the photo away. Resolves to undefined if there is no such employee. */
  clear(id: string, isExpected?: EmployeeExpectation): Promise<Employee | undefined>;
  /** Takes away what a removed employee leaves. What cannot be reached just now goes later: it never rejects. */
  forget(employee: Employee): Promise<void>;
  /** A photo by its name, undefined if there is none. Rejects with PhotosUnavailable. */
  open(name: string, variant: Variant): Promise<StoredPhoto | undefined>;
}
