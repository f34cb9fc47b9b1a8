import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { PhotoLedger } from "../photos/ledger.ts";
import { lockedUpdate, notedName, noteKey, settingOf, toItem } from "./dynamodb-items.ts";
import { type DirectoryTable, known } from "./dynamodb-table.ts";

/** The ledger of the photos as items beside the employees. */
export function dynamoLedger(table: DirectoryTable): PhotoLedger {
  const TableName = table.name;
  return {
    begin: async (name) => {
      const Item = noteOf(name, false);
      await known(() => table.client.send(new PutItemCommand({ TableName, Item })));
    },

    exchange: async (id, name, isExpected = () => true) => {
      const change = { photo: name, updatedAt: new Date().toISOString() };
      const before = await table.write(id, isExpected, ({ employee, revision: expected }, revision) => [
        { Update: { TableName, ...lockedUpdate(id, expected, { ...change, revision }) } },
        ...(name === null ? [] : [settled(TableName, name)]),
        ...doomed(TableName, employee.photo),
      ]);
      return before && { employee: { ...before.employee, ...change }, former: before.employee.photo };
    },

    doom: async (name) => {
      const update = new UpdateItemCommand({
        TableName,
        Key: noteKey(name),
        ConditionExpression: "attribute_exists(id)",
        ...settingOf({ doomed: true }),
      });
      try {
        await known(() => table.client.send(update));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    strike: async (name) => {
      await known(() => table.client.send(new DeleteItemCommand({ TableName, Key: noteKey(name) })));
    },

    leftovers: async (before) => {
      const items = await table.scan("photo", before);
      return items.slice(0, 100).map(notedName);
    },
  };
}

/** What dooms a photo that was an employee's, if there was one. */
export function doomed(TableName: string, photo: string | null): TransactWriteItem[] {
  return photo === null ? [] : [{ Put: { TableName, Item: noteOf(photo, true) } }];
}

function settled(TableName: string, name: string): TransactWriteItem {
  return {
    Delete: {
      TableName,
      Key: noteKey(name),
      ConditionExpression: "doomed = :doomed",
      ExpressionAttributeValues: toItem({ ":doomed": false }),
    },
  };
}

function noteOf(name: string, isDoomed: boolean) {
  return {
    ...noteKey(name),
    ...toItem({ kind: "photo", doomed: isDoomed, since: new Date().toISOString() }),
  };
}
