import { expect, test } from "@jest/globals";
import { describeError } from "../src/log.ts";

test("an error of the database is logged by its code, without what the user wrote", () => {
  const error = Object.assign(new Error("Duplicate entry 'private words' for key"), {
    code: "ER_DUP_ENTRY",
    sqlState: "23000",
    sql: "insert into entries values ('private words')",
  });
  const wrapped = new Error("the database does not answer", { cause: error });
  expect(describeError(error)).toMatchObject({ message: "ER_DUP_ENTRY", code: "ER_DUP_ENTRY" });
  expect(describeError(wrapped).message).toBe("the database does not answer: ER_DUP_ENTRY");
  expect(JSON.stringify([describeError(error), describeError(wrapped)])).not.toContain("private");
});

test("another error keeps its message and where it came from", () => {
  const described = describeError(new TypeError("x is not a function"));
  expect(described).toMatchObject({ type: "TypeError", message: "x is not a function" });
  expect(described.stack).toContain("log.test.ts");
});
