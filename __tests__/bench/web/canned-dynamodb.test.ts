import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CannedDynamoDb } from "../../../bench/web/canned-dynamodb.ts";

const items = [{ id: { S: "one" } }, { id: { S: "two" } }];
let canned: CannedDynamoDb;

beforeAll(async () => {
  canned = await CannedDynamoDb.start(items);
});
afterAll(() => canned.stop());

async function ask(operation: string, input: object): Promise<[status: number, answer: unknown]> {
  const headers = { "x-amz-target": `DynamoDB_20120810.${operation}` };
  const response = await fetch(canned.url, { method: "POST", headers, body: JSON.stringify(input) });
  return [response.status, await response.json()];
}

test("it gives all items to a scan, one to who knows its key, and keeps nothing", async () => {
  const all = [200, { Items: items, Count: 2, ScannedCount: 2 }];
  expect(await ask("Scan", {})).toEqual(all);
  expect(await ask("GetItem", { Key: { id: { S: "two" } } })).toEqual([200, { Item: items[1] }]);
  expect(await ask("GetItem", { Key: { id: { S: "three" } } })).toEqual([200, {}]);
  expect(await ask("PutItem", { Item: { id: { S: "three" } } })).toEqual([200, {}]);
  expect(await ask("Scan", {})).toEqual(all);
});

test("it refuses what the benchmark does not ask for", async () => {
  expect(await ask("UpdateItem", {})).toEqual([400, { __type: "UnknownOperationException" }]);
});
