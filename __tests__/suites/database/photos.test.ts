import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { DatabaseUnavailable } from "../../../webapp/src/database/unavailable.ts";
import type { EmployeeStore } from "../../../webapp/src/employees/store.ts";
import { Outdated } from "../../../webapp/src/errors.ts";
import { s3Bucket } from "../../../webapp/src/photos/bucket.ts";
import { keptPhotos } from "../../../webapp/src/photos/kept-photos.ts";
import type { PhotoLedger } from "../../../webapp/src/photos/ledger.ts";
import type { Photos } from "../../../webapp/src/photos/photos.ts";
import { sweep } from "../../../webapp/src/photos/sweep.ts";
import { DirectoryWorld, PLACES } from "./directory-world.ts";

jest.setTimeout(60_000);

const ADA = { name: "Ada Lovelace", jobTitle: "Analyst", location: "London" };
/** Begins as a PNG: what follows nobody looks at here. */
const PNG = Buffer.from("\x89PNG\r\n\x1a\n0123456789", "latin1");
const VARIANTS = { large: Buffer.from("large one"), small: Buffer.from("small one") };
let world: DirectoryWorld;

beforeAll(async () => {
  world = await DirectoryWorld.start();
}, 180_000);
beforeEach(() => world.clear());
afterAll(() => world?.stop());

describe.each(PLACES)("with employees in %s", (place) => {
  const bucket = () => s3Bucket(world.aws.bucket, "us-east-1");
  const store = () => world.stores[place];
  const objects = () => world.aws.objects();
  const objectsOf = (name: string | null | undefined) =>
    ["large", "small"].map((variant) => `photos/${name}/${variant}.webp`);
  const upload = () => Readable.from([PNG]);
  const sweepAll = () => sweep({ ledger: store().ledger, bucket: bucket() }, new Date(Date.now() + 60_000));

  /** Photos whose ledger does something else than the real one. */
  function photosWith(changed: (ledger: PhotoLedger) => Partial<PhotoLedger> = () => ({})): Photos {
    const real = store();
    const altered: EmployeeStore = { ...real, ledger: { ...real.ledger, ...changed(real.ledger) } };
    const resize = async () => VARIANTS;
    return keptPhotos({ store: altered, bucket: bucket(), resize, onLeftover: () => {} });
  }

  /** Someone with a photo, and the photos. */
  async function withPhoto() {
    const photos = photosWith();
    const { id } = await store().add(ADA);
    const employee = await photos.set(id, upload());
    return { photos, id, photo: employee?.photo ?? "" };
  }

  test("a photo is kept in all sizes under a name that nobody can guess, and read from there", async () => {
    const { photos, photo } = await withPhoto();
    expect(photo).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(await objects()).toEqual(objectsOf(photo));
    const small = await photos.open(photo, "small");
    expect(await small?.body.toArray()).toEqual([VARIANTS.small]);
    expect([small?.length, small?.type]).toEqual([9, "image/webp"]);
    expect(await photos.open("a".repeat(22), "small")).toBeUndefined();
    expect(await world.noted(place)).toEqual([]);
  });

  test("an object that is not there is not there, also where S3 says only that it is forbidden", async () => {
    world.proxy.fate = () => 403;
    expect(await photosWith().open("a".repeat(22), "small")).toBeUndefined();
  });

  test("another photo takes the place of the first, and changes the employee", async () => {
    const { photos, id, photo } = await withPhoto();
    const before = await store().get(id);
    const after = await photos.set(id, upload(), (employee) => employee.photo === photo);
    expect(await objects()).toEqual(objectsOf(after?.photo));
    expect(await store().get(id)).toEqual(after);
    expect(after?.updatedAt).not.toBe(before?.updatedAt);
    await store().change(id, { ...ADA, name: "Other" });
    expect((await store().get(id))?.photo).toBe(after?.photo);
  });

  test("a photo is taken away, and goes with its employee", async () => {
    const one = await withPhoto();
    expect(await one.photos.clear(one.id)).toMatchObject({ photo: null });
    expect(await one.photos.clear(one.id)).toMatchObject({ photo: null });
    const other = await withPhoto();
    const removed = await store().remove(other.id);
    if (removed) await other.photos.forget(removed);
    expect(await objects()).toEqual([]);
    await sweepAll();
    expect(await world.noted(place)).toEqual([]);
  });

  test("S3 fails between the two sizes: nothing of the new photo stays, and all of the earlier one", async () => {
    const { photos, id, photo } = await withPhoto();
    world.proxy.fate = ({ method, url }) => (method === "PUT" && url?.includes("small") ? 503 : "pass");
    await expect(photos.set(id, upload())).rejects.toMatchObject({ name: "PhotosUnavailable" });
    expect(world.proxy.seen.some((line) => /^PUT .*large/.test(line))).toBe(true);
    expect(await objects()).toEqual(objectsOf(photo));
    expect((await store().get(id))?.photo).toBe(photo);
  });

  test("S3 fails, and goes on failing: what is there of the new photo is swept away when it is back", async () => {
    const { photos, id, photo } = await withPhoto();
    world.proxy.fate = ({ method, url }) =>
      method === "DELETE" || (method === "PUT" && url?.includes("small")) ? 503 : "pass";
    await expect(photos.set(id, upload())).rejects.toMatchObject({ name: "PhotosUnavailable" });
    expect(await objects()).toHaveLength(3);
    await expect(sweepAll()).rejects.toMatchObject({ name: "PhotosUnavailable" });
    world.proxy.reset();
    expect(await sweepAll()).toBe(1);
    expect([await objects(), await world.noted(place)]).toEqual([objectsOf(photo), []]);
  });

  test("the database fails after the upload: nothing of the new photo stays", async () => {
    const { id, photo } = await withPhoto();
    const failing = photosWith(() => ({
      exchange: async () => {
        throw new DatabaseUnavailable(new Error("gone"));
      },
    }));
    await expect(failing.set(id, upload())).rejects.toThrow("the database does not answer");
    expect([await objects(), (await store().get(id))?.photo]).toEqual([objectsOf(photo), photo]);
  });

  test("the database's yes is lost: the photo is the employee's, and stays", async () => {
    const { id, photo: former } = await withPhoto();
    const failing = photosWith(({ exchange }) => ({
      exchange: async (...change) => {
        await exchange(...change);
        throw new DatabaseUnavailable(new Error("gone"));
      },
    }));
    await expect(failing.set(id, upload())).rejects.toThrow("the database does not answer");
    await sweepAll();
    const photo = (await store().get(id))?.photo;
    expect(photo).not.toBe(former);
    expect(await objects()).toEqual(objectsOf(photo));
  });

  test("who is removed or changed while the photo is on its way gets none", async () => {
    const { id } = await store().add(ADA);
    const { updatedAt } = (await store().get(id)) ?? {};
    const meanwhile = (work: () => Promise<unknown>) =>
      photosWith(({ begin }) => ({ begin: (name) => work().then(() => begin(name)) }));
    const changing = meanwhile(() => store().change(id, ADA));
    const isExpected = (employee: { updatedAt: string }) => employee.updatedAt === updatedAt;
    await expect(changing.set(id, upload(), isExpected)).rejects.toBeInstanceOf(Outdated);
    expect(await meanwhile(() => store().remove(id)).set(id, upload())).toBeUndefined();
    expect(await objects()).toEqual([]);
  });

  test("an upload that takes so long that it is swept away fails, and leaves nothing", async () => {
    const { id } = await store().add(ADA);
    const late = photosWith(({ exchange }) => ({
      exchange: async (...change) => {
        await sweepAll();
        return exchange(...change);
      },
    }));
    await expect(late.set(id, upload())).rejects.toThrow("The photo took too long to be kept");
    await sweepAll();
    expect([await objects(), await world.noted(place)]).toEqual([[], []]);
    expect((await store().get(id))?.photo).toBeNull();
  });

  test("a photo that cannot be removed just now is removed by the sweep", async () => {
    const { photos, id } = await withPhoto();
    world.proxy.fate = ({ method }) => (method === "DELETE" ? 503 : "pass");
    expect(await photos.clear(id)).toMatchObject({ photo: null });
    expect(await objects()).toHaveLength(2);
    world.proxy.reset();
    await sweepAll();
    expect([await objects(), await world.noted(place)]).toEqual([[], []]);
  });

  test("the sweep leaves alone what employees have, and what is being uploaded", async () => {
    const { photo } = await withPhoto();
    await store().ledger.begin("b".repeat(22));
    const minuteAgo = new Date(Date.now() - 60_000);
    expect(await sweep({ ledger: store().ledger, bucket: bucket() }, minuteAgo)).toBe(0);
    expect([await objects(), await world.noted(place)]).toEqual([objectsOf(photo), ["b".repeat(22)]]);
  });

  test("a photo for nobody is refused before it is read", async () => {
    const sent = upload();
    expect(await photosWith().set("0b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9", sent)).toBeUndefined();
    expect(sent.readableDidRead).toBe(false);
  });
});
