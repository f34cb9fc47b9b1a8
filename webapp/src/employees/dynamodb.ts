import { randomUUID } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { lockedUpdate, toItem, toStored } from "./dynamodb-items.ts";
import { doomed, dynamoLedger } from "./dynamodb-ledger.ts";
import { DirectoryTable, known } from "./dynamodb-table.ts";
import { selectEmployees } from "./selecting.ts";
import { type EmployeeStore, factsOf } from "./store.ts";

const anyone = () => true;

/** Employees in a DynamoDB table. It knows them by id only: a list reads all of them, as few as a directory has. */
export function dynamoEmployees(tableName: string, region: string): EmployeeStore {
  const table = new DirectoryTable(tableName, region);
  return {
    list: async ({ newest: _newest, ...selection }) => {
      const items = await table.scan("employee");
      return selectEmployees(
        items.map((item) => toStored(item).employee),
        selection,
      );
    },

    get: async (id) => (await table.find(id))?.employee,

    add: async (input) => {
      const now = new Date().toISOString();
      const employee = { id: randomUUID(), ...factsOf(input), photo: null, createdAt: now, updatedAt: now };
      const Item = toItem({ ...employee, kind: "employee", revision: randomUUID() });
      await known(() => table.client.send(new PutItemCommand({ TableName: table.name, Item })));
      return employee;
    },

    change: async (id, input, isExpected = anyone) => {
      const change = { ...factsOf(input), updatedAt: new Date().toISOString() };
      const before = await table.write(id, isExpected, ({ revision: expected }, revision) => [
        { Update: { TableName: table.name, ...lockedUpdate(id, expected, { ...change, revision }) } },
      ]);
      return before && { ...before.employee, ...change };
    },

    remove: async (id, isExpected = anyone) => {
      const before = await table.write(id, isExpected, ({ employee, revision }) => [
        {
          Delete: {
            TableName: table.name,
            Key: toItem({ id }),
            ConditionExpression: "revision = :revision",
            ExpressionAttributeValues: toItem({ ":revision": revision }),
          },
        },
        ...doomed(table.name, employee.photo),
      ]);
      return before?.employee;
    },

    ledger: dynamoLedger(table),
  };
}
