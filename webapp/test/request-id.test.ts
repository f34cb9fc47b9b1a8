import { Writable } from "node:stream";
import { expect, test } from "@jest/globals";
import { buildApp } from "../src/app.ts";
import { LOGGER } from "../src/log.ts";
import { requestId } from "../src/request-id.ts";
import { memoryEmployees } from "./memory-employees.ts";
import { memoryEntries } from "./memory-entries.ts";

const TRACE = "1-5759e988-bd862e3fe1be46a994272793";
const idFor = (trace: string) => requestId({ headers: { "x-amzn-trace-id": trace } });

test.each([`Root=${TRACE}`, `Self=1-67891234-12456789abcdef012345678;Root=${TRACE};CalledFrom=app`])(
  "a request is called by the load balancer's trace id in %s",
  (trace) => {
    expect(idFor(trace)).toBe(TRACE);
  },
);

test.each(["", "Root=1-x", `Root=${TRACE}0`, `Root=${TRACE.toUpperCase()}`, `Root="${TRACE}\n"`])(
  "%j is no trace id: the request gets a new one",
  (trace) => {
    expect(idFor(trace)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  },
);

test("the answer and the log line have the same id, and the line nothing about who asked for what", async () => {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const app = buildApp({
    entries: memoryEntries("one"),
    employees: memoryEmployees(),
    stopping: () => false,
    probe: async () => {},
    logger: { ...LOGGER, stream },
  });
  const response = await app.inject({
    url: "/api/entries?limit=private-query",
    headers: {
      "x-amzn-trace-id": `Root=${TRACE}`,
      "x-forwarded-for": "203.0.113.77",
      "user-agent": "private",
    },
  });
  expect([response.statusCode, response.headers["x-request-id"]]).toEqual([400, TRACE]);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ requestId: TRACE, route: "/api/entries", status: 400 });
  expect(lines[0]).not.toMatch(/private|203\.0\.113/);
});
