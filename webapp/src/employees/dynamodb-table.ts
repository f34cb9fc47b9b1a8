import { randomUUID } from "node:crypto";
import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  paginateScan,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { AWS_CLIENT, isPassing } from "../aws-client.ts";
import { DatabaseUnavailable } from "../database/unavailable.ts";
import { Outdated } from "../errors.ts";
import { type Item, type Kind, type StoredEmployee, toItem, toStored } from "./dynamodb-items.ts";
import type { EmployeeExpectation } from "./employee.ts";

/** A page of a scan has up to a megabyte: more of them than that are no small directory. */
const MOST_PAGES = 20;

/** How often a write is tried anew when somebody else wrote in between. */
const MOST_TRIES = 10;

/** What a write does, from the employee as it is: the first item must ask for the revision. */
export type Write = (stored: StoredEmployee, revision: string) => readonly TransactWriteItem[];

/** The table of the directory. Every method rejects with DatabaseUnavailable for what will pass. */
export class DirectoryTable {
  readonly name: string;
  readonly client: DynamoDBClient;

  constructor(name: string, region: string) {
    this.name = name;
    this.client = new DynamoDBClient({ region, ...AWS_CLIENT });
  }

  async find(id: string): Promise<StoredEmployee | undefined> {
    const key = { TableName: this.name, Key: toItem({ id }), ConsistentRead: true };
    const { Item } = await known(() => this.client.send(new GetItemCommand(key)));
    return Item && toStored(Item);
  }

  /**
   * All items of a kind, in no order. A read is as new as the last write.
   * @param before only those noted before that time
   */
  async scan(kind: Kind, before?: Date): Promise<Item[]> {
    const values: Record<string, AttributeValue> = { ":kind": { S: kind } };
    if (before) values[":before"] = { S: before.toISOString() };
    const input = {
      TableName: this.name,
      ConsistentRead: true,
      FilterExpression: before ? "kind = :kind AND since < :before" : "kind = :kind",
      ExpressionAttributeValues: values,
    };
    const items: Item[] = [];
    let pages = 0;
    await known(async () => {
      for await (const { Items = [] } of paginateScan({ client: this.client }, input)) {
        items.push(...Items);
        if (++pages > MOST_PAGES) break;
      }
    });
    if (pages > MOST_PAGES)
      throw new Error(`the directory's table has more than ${MOST_PAGES} MB: too much to be read whole`);
    return items;
  }

  /**
   * Writes in one transaction what follows from the employee as it is; when somebody else changes it meanwhile, once
   * more from the start. Resolves to the employee as it was, undefined if there is none.
   * @throws Outdated if it is not what is expected, or another item of the write is not
   */
  async write(
    id: string,
    isExpected: EmployeeExpectation,
    write: Write,
  ): Promise<StoredEmployee | undefined> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const stored = await this.find(id);
      if (stored === undefined) return undefined;
      if (!isExpected(stored.employee)) throw new Outdated(`Employee ${id} was changed meanwhile.`);
      if (await this.#commits(write(stored, randomUUID()))) return stored;
    }
    throw new DatabaseUnavailable(new Error("others changed the employee at the same time, again and again"));
  }

  /** False when somebody else was first. */
  async #commits(items: readonly TransactWriteItem[]): Promise<boolean> {
    try {
      // The SDK gives it a token, by which a retry whose first answer was lost is known to be the same.
      await known(() => this.client.send(new TransactWriteItemsCommand({ TransactItems: [...items] })));
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const [first, ...others] = (error.CancellationReasons ?? []).map(({ Code }) => Code);
      if (others.includes("ConditionalCheckFailed") && first !== "ConditionalCheckFailed")
        throw new Outdated("The photo took too long to be kept; send it again.");
      return false;
    }
  }
}

/** Runs a call; what will pass is a DatabaseUnavailable. */
export async function known<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw isPassing(error) ? new DatabaseUnavailable(error) : error;
  }
}
