import sharp from "sharp";
import { buildApp } from "../../../webapp/src/app.ts";
import { type MemoryEmployees, memoryEmployees, person } from "../../../webapp/test/memory-employees.ts";
import { type MemoryEntries, memoryEntries } from "../../../webapp/test/memory-entries.ts";
import { type MemoryPhotos, memoryPhotos } from "../../../webapp/test/memory-photos.ts";

/** The app itself on a loopback port, with everything it keeps in memory. */
export interface Site {
  readonly url: string;
  readonly entries: MemoryEntries;
  readonly employees: MemoryEmployees;
  readonly photos: MemoryPhotos;
  /** Whether the database answers the status page. */
  answers: boolean;
  stop(): Promise<void>;
}

const TEXTS = [
  "Ship the photo upload.\n\nTell the support team on Monday, and ask them what they hear.",
  "A short one",
  `https://example.com/${"an-address-that-does-not-break-by-itself/".repeat(4)}`,
  "Grüße aus Köln: <b>this is text</b>",
];

const PEOPLE: readonly (readonly [string, string, string])[] = [
  ["Ada Lovelace", "Analyst", "London"],
  ["Alan Turing", "Cryptographer", "Manchester"],
  ["Dorothy Vaughan", "Head of Computing", "Hampton, Virginia"],
  ["Grace Brewster Murray Hopper", "Rear Admiral and Compiler Engineer", "Arlington"],
  ["Hedy Lamarr", "Inventor", "Vienna"],
  ["Katherine Johnson", "Mathematician", "White Sulphur Springs"],
  ["Margaret Hamilton", "Director of Software Engineering", "Cambridge, Massachusetts"],
  [
    "Wolfeschlegelsteinhausenbergerdorff",
    "Typesetter",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
  ],
];

/** The id of the employee with this number, from 1 on. */
export const idOf = (number: number) => `00000000-0000-4000-8000-${String(number * 7919).padStart(12, "0")}`;

/** Starts the app with entries and people in it, or with `empty` without. */
export async function startSite({ empty = false } = {}): Promise<Site> {
  const entries = memoryEntries(...(empty ? [] : TEXTS));
  const people = PEOPLE.map(([name, jobTitle, location], index) =>
    person(name, {
      id: idOf(index + 1),
      jobTitle,
      location,
      email: index % 2 ? null : `p${index}@example.com`,
    }),
  );
  const employees = memoryEmployees(...(empty ? [] : people));
  const photos = memoryPhotos(employees);
  const app = buildApp({
    entries,
    employees,
    photos,
    stopping: () => false,
    probe: async () => {
      if (!site.answers) throw new Error("away");
    },
    status: {
      release: { commit: "4783ee10b3d1c0ffee4783ee10b3d1c0ffee4783", version: "0.1.0" },
      place: async () => ({ kind: "Instance", id: "i-0a1b2c3d4e5f67890", zone: "eu-central-1a" }),
      uptime: () => 3725,
    },
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const site: Site = {
    url,
    entries,
    employees,
    photos,
    answers: true,
    stop: async () => {
      app.server.closeAllConnections();
      await app.close();
    },
  };
  return site;
}

/** A picture that every browser shows. */
export function picture(): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240">
    <rect width="320" height="240" fill="#8fb7d9"/><circle cx="160" cy="110" r="60" fill="#f3d2b3"/>
    <path d="M60 240a100 80 0 0 1 200 0Z" fill="#4a5a8a"/></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}
