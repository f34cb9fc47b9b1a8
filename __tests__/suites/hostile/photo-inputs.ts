import { gzipSync } from "node:zlib";
import { bomb, chunk, deflatedZeros, PIXEL, picture, png } from "../../../webapp/test/photos/pictures.ts";
import { type Input, input } from "./inputs.ts";
import { bodyOf, form, inChunks, json, type Part, partsForm, put, type RawRequest } from "./raw.ts";
import { EMPLOYEE, FIRST_PHOTO, PROFILE } from "./targets.ts";

export const PHOTO = `${EMPLOYEE}/photo`;
export const PHOTO_PAGE = `${PROFILE}/photo`;
const MEGABYTE = 1024 * 1024;
/** What no stored picture may have in it. */
export const CANARY = "canary<script>alert(1)</script>";

const [jpeg, webp, gif, tiff] = await Promise.all([
  picture("jpeg"),
  picture("webp"),
  picture("gif"),
  picture("tiff"),
]);
const wide = await picture("png", 200, 100);
const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>`;
const zeros = await deflatedZeros(300_000_000);
const half = (data: Buffer) => data.subarray(0, data.length / 2);
const upTo = (length: number) => Buffer.concat([wide, Buffer.alloc(length - wide.length)]);
const file = (data: string | Buffer, filename = "ada.png", type = "image/png"): Part => ({
  name: "photo",
  data,
  filename,
  type,
});
const upload = (data: string | Buffer, headers = {}) => partsForm(PHOTO_PAGE, [file(data)], headers);
const field = (name: string, data: string): Part => ({ name, data });

/** Files that are no pictures, or none that is taken. */
const FILES: readonly (readonly [name: string, data: string | Buffer, status: number])[] = [
  ["nothing", "", 415],
  ["text", "This is no picture.", 415],
  ["HTML", "<!doctype html><script>alert(1)</script>", 415],
  ["SVG", svg, 415],
  ["SVG with the first bytes of a JPEG", `\ufeff\xff\xd8\xff${svg}`, 415],
  [
    "HTML with the first bytes of a JPEG",
    Buffer.from("\xff\xd8\xff<script>alert(1)</script>", "latin1"),
    415,
  ],
  ["the first bytes of a PNG", PIXEL.subarray(0, 8), 415],
  ["the first bytes of a WebP", Buffer.from("RIFF\0\0\0\0WEBP"), 415],
  ["a GIF", gif, 415],
  ["a TIFF", tiff, 415],
  ["a PDF", "%PDF-1.7\n1 0 obj\n<< /OpenAction 2 0 R >>\nendobj", 415],
  ["a PostScript", "%!PS\n(%pipe%id) (r) file", 415],
  ["an instruction to another decoder", "push graphic-context\nfill 'url(https://evil.example/)'", 415],
  ["an archive", Buffer.from("PK\x03\x04\x14\0\0\0\x08\0", "latin1"), 415],
  ["a program", Buffer.from("\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", "latin1"), 415],
  ["a PNG that is compressed once more", gzipSync(wide), 415],
  ["a PNG in Base64", wide.toString("base64"), 415],
  ["half of a JPEG", half(jpeg), 415],
  ["half of a PNG", half(wide), 415],
  ["half of a WebP", half(webp), 415],
  ["a PNG without its data", png(100, Buffer.alloc(0)), 415],
  ["a PNG with data that cannot be decompressed", png(100, Buffer.alloc(100, "x")), 415],
  ["a PNG without a size", png(0, await deflatedZeros(2)), 415],
  ["a PNG that says it is as large as a PNG can say", png(2 ** 31 - 1, zeros), 415],
  ["a PNG of 50,000 times 50,000 pixels", await bomb(50_000), 413],
  ["a PNG of 5478 times 5478 pixels, a little above 30 million", await bomb(5478), 413],
  ["a byte more than 5 MB", upTo(5 * MEGABYTE + 1), 413],
];

/** What is sent to a photo's route, and is no good whatever the file is. */
const UPLOADS: readonly Input[] = [
  ...[
    input("a photo of 10 MB", put(PHOTO, upTo(10 * MEGABYTE)), 413),
    input(
      "a photo of 10 MB that does not say how long it is",
      inChunks(put(PHOTO, upTo(10 * MEGABYTE))),
      413,
    ),
    input("a photo of 10 MB, by the form", upload(upTo(10 * MEGABYTE)), 413),
    input("a form of a photo with a field of 10 MB", manyParts("x".repeat(10 * MEGABYTE)), 413),
    input("the removal of a photo with 10 MB", form(`${PHOTO_PAGE}/delete`, "x".repeat(10_000_000)), 413),
  ].map((big) => ({ ...big, cut: true })),
  input("a compressed photo", put(PHOTO, gzipSync(wide), "image/png", { "Content-Encoding": "gzip" }), 415),
  input("a photo as a JSON text", json("PUT", PHOTO, JSON.stringify(wide.toString("base64"))), 415),
  input("a photo as an address", json("PUT", PHOTO, { url: "http://169.254.169.254/latest/meta-data" }), 415),
  input("a photo that is called nothing", put(PHOTO, wide, ""), 415),
  input("a photo without a body", { method: "PUT", path: PHOTO }, 415),
  input("a form where a photo is expected", { ...upload(wide), method: "PUT", path: PHOTO }, 415),
  // Forms in parts
  input("a form without a boundary", boundary("multipart/form-data"), 400),
  input("a form with an empty boundary", boundary("multipart/form-data; boundary="), 400),
  input("a form with another boundary than it says", boundary("multipart/form-data; boundary=other"), 400),
  input(
    "a form with a boundary of 5000 characters",
    boundary(`multipart/form-data; boundary=${"b".repeat(5000)}`),
    400,
  ),
  input("a form of another kind of parts", boundary("multipart/mixed; boundary=----boundary"), 415),
  input("a form in parts without a body", { ...upload(""), body: "" }, 400),
  input("a form without an end", cutOff(bodyOf([file(wide)]).subarray(0, -20)), 400),
  input("a form that ends in the middle of its file", cutOff(bodyOf([file(jpeg)]).subarray(0, 2000)), 400),
  input("a form that ends in the headers of its file", cutOff(bodyOf([file(wide)]).subarray(0, 60)), 400),
  input("a form without parts", partsForm(PHOTO_PAGE, []), 400),
  input("a form without a file", partsForm(PHOTO_PAGE, [field("tag", "x")]), 400),
  input("a form with a field where its file should be", partsForm(PHOTO_PAGE, [field("photo", "x")]), 400),
  input("a form with a file that has no name", partsForm(PHOTO_PAGE, [file(wide, "")]), 400),
  input("a form with 1000 parts", manyParts(...Array.from({ length: 1000 }, () => "x")), 413),
  // Other sites' pages
  ...[
    ["of another site", { "Sec-Fetch-Site": "cross-site" }],
    ["from nowhere", { Origin: "null" }],
  ].flatMap(([from, headers]) => [
    input(`a photo ${from}`, put(PHOTO, wide, "image/png", headers as object), 403),
    input(`a photo by a form ${from}`, upload(wide, headers as object), 403),
    input(
      `a removal of a photo ${from}`,
      { method: "DELETE", path: PHOTO, headers: headers as Record<string, string> },
      403,
    ),
    input(`a removal of a photo by a form ${from}`, form(`${PHOTO_PAGE}/delete`, {}, headers as object), 403),
  ]),
  // Entity tags
  input("a photo with a stale tag", put(PHOTO, wide, "image/png", { "If-Match": '"stale"' }), 412),
  input(
    "a removal of a photo with a stale tag",
    { method: "DELETE", path: PHOTO, headers: { "If-Match": '"stale"' } },
    412,
  ),
  input("a form of a photo with a stale tag", partsForm(PHOTO_PAGE, [field("tag", "x"), file(wide)]), 409),
  input("a removal by a form with a stale tag", form(`${PHOTO_PAGE}/delete`, { tag: "x" }), 409),
  // Names and sizes
  ...[
    "..%2f..%2fsecrets/large",
    `..%2f${FIRST_PHOTO.slice(3)}/large`,
    "%2e%2e%2f%2e%2e%2fphotos/large",
    "%252e%252e%252f%252e%252e%252fx/large",
    `${FIRST_PHOTO}%2flarge.webp/large`,
    `${FIRST_PHOTO}/..%2flarge`,
    `${FIRST_PHOTO}/large.webp`,
    `${FIRST_PHOTO}/large%2e%2e`,
    `${FIRST_PHOTO}/large/`,
    `${FIRST_PHOTO}//large`,
    `${FIRST_PHOTO}/../${FIRST_PHOTO}/large/..`,
    `${FIRST_PHOTO}/LARGE`,
    `${FIRST_PHOTO}/constructor`,
    `${FIRST_PHOTO}/__proto__`,
    `${FIRST_PHOTO.toUpperCase()}/large`,
    `${FIRST_PHOTO}x/large`,
    `${FIRST_PHOTO}%0a/large`,
    "",
    FIRST_PHOTO,
  ].map((path) => input(`the photo ${path}`, { path: `/photos/${path}` }, 404)),
  input("a photo with a NUL in its name", { path: `/photos/${FIRST_PHOTO}%00/large` }, 400),
  input("a photo with a NUL in its size", { path: `/photos/${FIRST_PHOTO}/large%00.webp` }, 400),
  input("a photo with a name that is no UTF-8", { path: "/photos/%ff%fe/large" }, 400),
  input("a photo with a name of 5000 characters", { path: `/photos/${"a".repeat(5000)}/large` }, 414),
  // Methods
  input("PUT of a photo by its name", put(`/photos/${FIRST_PHOTO}/large`, wide), 405),
  input("DELETE of a photo by its name", { method: "DELETE", path: `/photos/${FIRST_PHOTO}/large` }, 405),
  input("POST of a photo to the API", { ...put(PHOTO, wide), method: "POST" }, 405),
];

/** Attacks on the photos with the answer to each. None may leave anything behind. */
export const PHOTO_INPUTS: readonly Input[] = [
  ...FILES.flatMap(([name, data, status]) => [
    input(`${name} as a JPEG`, put(PHOTO, data, "image/jpeg"), status),
    input(
      `${name} as a JPEG, by the form`,
      partsForm(PHOTO_PAGE, [file(data, "a.jpg", "image/jpeg")]),
      status,
    ),
  ]),
  ...UPLOADS,
];

/** Pictures that are more than that, or are called something else: what is kept of them is the picture. */
export const TAKEN: readonly (readonly [name: string, request: RawRequest])[] = [
  ["a PNG that is called a JPEG", put(PHOTO, wide, "image/jpeg")],
  ["a JPEG that is called HTML", put(PHOTO, jpeg, "text/html")],
  ["a WebP that is called JSON", put(PHOTO, webp, "application/json")],
  ["a JPEG in chunks", inChunks(put(PHOTO, jpeg, "image/jpeg"))],
  ["a PNG named as a JPEG, by the form", partsForm(PHOTO_PAGE, [file(wide, "ada.jpg", "image/jpeg")])],
  ["a PNG named as a page, by the form", partsForm(PHOTO_PAGE, [file(wide, "ada.html", "text/html")])],
  ...[
    "../../../../etc/passwd",
    "..\\..\\windows\\ada.png",
    "C:\\ada.png",
    `ada\\"; name=\\"tag\\"; x=\\".png`,
    "<script>alert(1)</script>.png",
    "'; drop table employees; --.png",
    "ada.png\0.html",
    "%00%2e%2e%2f.png",
    "\xff\xfe.png",
    `${"a".repeat(5000)}.png`,
  ].map(
    (name) =>
      [
        `a PNG named ${JSON.stringify(name).slice(0, 50)}`,
        partsForm(PHOTO_PAGE, [file(wide, name)]),
      ] as const,
  ),
  ["a JPEG with a page behind its end", put(PHOTO, Buffer.concat([jpeg, Buffer.from(CANARY)]))],
  [
    "a PNG with an archive behind its end",
    put(PHOTO, Buffer.concat([wide, Buffer.from(`PK\x03\x04${CANARY}`)])),
  ],
  ["a PNG with a script in its text", put(PHOTO, png(1, await deflatedZeros(2), comment(CANARY)))],
  ["a JPEG with a script in its comment", put(PHOTO, commented(jpeg, CANARY))],
  ["a PNG of 5477 times 5477 pixels, a little below 30 million", put(PHOTO, await bomb(5477))],
  ["two files, of which the first counts", partsForm(PHOTO_PAGE, [file(wide), file(Buffer.from(CANARY))])],
  ...["__proto__", "constructor", "toString"].map(
    (name) =>
      [`a PNG beside a field ${name}`, partsForm(PHOTO_PAGE, [field(name, "x"), file(wide)])] as const,
  ),
  [
    "a PNG beside a field that says it is JSON",
    partsForm(PHOTO_PAGE, [{ name: "other", data: "{", type: "application/json" }, file(wide)]),
  ],
  ["a PNG whose part has 100 KB of headers", longHeaders()],
  ["a file under another name", partsForm(PHOTO_PAGE, [{ ...file(wide), name: CANARY }])],
];

function manyParts(...data: string[]): RawRequest {
  return partsForm(PHOTO_PAGE, [...data.map((one, index) => field(`a${index}`, one)), file(wide)]);
}

/** A form in parts that says this of itself. */
function boundary(type: string): RawRequest {
  return upload(wide, { "Content-Type": type });
}

function cutOff(body: Buffer): RawRequest {
  return { ...upload(""), body };
}

function longHeaders(): RawRequest {
  const long = `image/png\r\nX-Long: ${"x".repeat(100_000)}`;
  return partsForm(PHOTO_PAGE, [file(wide, "ada.png", long)]);
}

/** A text in a PNG. */
function comment(text: string): Buffer {
  return chunk("tEXt", Buffer.from(`Comment\0${text}`, "latin1"));
}

/** A JPEG with a comment behind its first marker. */
function commented(data: Buffer, text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length + 2);
  return Buffer.concat([
    data.subarray(0, 2),
    Buffer.from("\xff\xfe", "latin1"),
    length,
    Buffer.from(text),
    data.subarray(2),
  ]);
}
