import { type Input, input } from "./inputs.ts";
import { form, json } from "./raw.ts";
import { EMPLOYEE, FACTS, type Fact, FIRST_EMPLOYEE, PROFILE } from "./targets.ts";

const lines: readonly Fact[] = ["name", "jobTitle", "location"];
const longest = { name: 100, jobTitle: 100, location: 100, email: 254 };

const post = (body: unknown, headers = {}) => json("POST", "/api/employees", body, headers);
const put = (headers = {}) => json("PUT", EMPLOYEE, { ...FACTS, name: "hostile" }, headers);
const remove = (headers: Record<string, string>) => ({ method: "DELETE", path: EMPLOYEE, headers });
/** What is good as a form, without one fact. */
const fields = (but: Fact) => {
  const others = Object.entries(FACTS).filter(([name]) => name !== but);
  return new URLSearchParams(others).toString();
};

/** Attacks on the directory with the answer to each. None may leave anything behind. */
export const EMPLOYEE_INPUTS: readonly Input[] = [
  // Each fact
  ...(Object.keys(FACTS) as Fact[]).flatMap((fact) => {
    const latin1 = JSON.stringify({ ...FACTS, [fact]: "a@\xe2\x28\xa1" });
    const with_ = (value: unknown) => post({ ...FACTS, [fact]: value });
    const tooLong = fact === "email" ? `${"x".repeat(247)}@a.test`.padStart(255, "x") : "x".repeat(101);
    return [
      input(`a ${fact} of ${longest[fact] + 1} characters`, with_(tooLong), 400),
      input(
        `a ${fact} of ${longest[fact] + 1} characters, by the form`,
        form("/employees", { ...FACTS, [fact]: tooLong }),
        400,
      ),
      input(`a ${fact} that is a number`, with_(1), 400),
      input(`a ${fact} that is null`, with_(null), 400),
      input(`a ${fact} that is a list`, with_(["a@b"]), 400),
      input(`a ${fact} that is an object`, with_({ $ne: "" }), 400),
      input(`a ${fact} with a NUL`, with_("a@b\0c"), 400),
      input(`a ${fact} with a NUL, by the form`, form("/employees", `${fields(fact)}&${fact}=a@b%00c`), 400),
      input(`a ${fact} with half of a surrogate pair`, with_("a@\ud83d"), 400),
      input(`a ${fact} that is no UTF-8`, post(Buffer.from(latin1, "latin1")), 400),
      input(
        `a ${fact} that is no UTF-8, by the form`,
        form("/employees", `${fields(fact)}&${fact}=a@%e2%28%a1`),
        400,
      ),
      input(
        `a ${fact} twice, by the form`,
        form("/employees", `${fields(fact)}&${fact}=a@b&${fact}=c@d`),
        400,
      ),
    ];
  }),
  ...lines.flatMap((fact) => [
    input(`a ${fact} that is empty`, post({ ...FACTS, [fact]: "" }), 400),
    input(`a ${fact} of blanks`, post({ ...FACTS, [fact]: " \t\u3000" }), 400),
    input(`a ${fact} of blanks, by the form`, form("/employees", { ...FACTS, [fact]: " \u3000" }), 400),
    input(`no ${fact}, by the form`, form(PROFILE, fields(fact)), 400),
  ]),
  ...["nobody", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "<a@b c>"].map((address) =>
    input(`the address ${JSON.stringify(address)}`, post({ ...FACTS, email: address }), 400),
  ),
  // Bodies
  { ...input("an employee of 10 MB", post(Buffer.alloc(10_000_000, "x")), 413), cut: true },
  {
    ...input("an employee of 10 MB, by the form", form("/employees", `name=${"x".repeat(10_000_000)}`), 413),
    cut: true,
  },
  input("an employee that is a list", post([FACTS]), 400),
  input("an employee that is nothing", post("null"), 400),
  input("an employee as a form to the API", { ...form("/api/employees", FACTS) }, 415),
  input("an employee as JSON to the form", json("POST", "/employees", { ...FACTS, name: "" }), 400),
  input("an employee as text", post(JSON.stringify(FACTS), { "Content-Type": "text/plain" }), 415),
  // Other sites' pages
  ...[
    ["of another site", { "Sec-Fetch-Site": "cross-site" }],
    ["from nowhere", { Origin: "null" }],
  ].flatMap(([from, headers]) => [
    input(`a new employee ${from}`, form("/employees", FACTS, headers as object), 403),
    input(`a change of an employee ${from}`, put(headers as object), 403),
    input(`a deletion of an employee ${from}`, remove(headers as Record<string, string>), 403),
    input(
      `a deletion of an employee by a form ${from}`,
      form(`${PROFILE}/delete`, {}, headers as object),
      403,
    ),
  ]),
  // Entity tags
  input("a change of an employee with a stale tag", put({ "If-Match": '"stale"' }), 412),
  input("a change of an employee with a tag that is none", put({ "If-Match": "%00'--" }), 412),
  input("a deletion of an employee with a stale tag", remove({ "If-Match": '"stale"' }), 412),
  input(
    "a form of an employee with a stale tag",
    form(PROFILE, { ...FACTS, name: "hostile", tag: '"stale"' }),
    409,
  ),
  input("a deletion by a form with a stale tag", form(`${PROFILE}/delete`, { tag: '"stale"' }), 409),
  input("a tag that is sent twice", form(`${PROFILE}/delete`, "tag=a&tag=b"), 400),
  // Cursors that are nearly written as ours are
  ...(
    [
      ["without a name", FIRST_EMPLOYEE],
      ["without an id", ".QWRh"],
      ["of an id that is none", "1'%20or%20'1'='1.QWRh"],
      ["of two names", `${FIRST_EMPLOYEE}.QWRh.QWRh`],
      ["with SQL as it is", `${FIRST_EMPLOYEE}.'%20or%20'1'='1`],
      ["of a name that is too long", cursor("x".repeat(1000))],
    ] as const
  ).map(([of, after]) => input(`a cursor ${of}`, { path: `/api/employees?after=${after}` }, 400)),
  input("a search that is too long", { path: `/api/employees?search=${"x".repeat(101)}` }, 400),
  input("a search that is sent twice", { path: "/employees?search=a&search=b" }, 400),
  // Methods
  input("PATCH of an employee", json("PATCH", EMPLOYEE, FACTS), 405),
  input("PUT of the page of an employee", json("PUT", PROFILE, FACTS), 405),
];

/** A cursor as ours are, with any name. */
export function cursor(name: string): string {
  return `${FIRST_EMPLOYEE}.${Buffer.from(name).toString("base64url")}`;
}
