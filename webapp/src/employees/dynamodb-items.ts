import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Employee } from "./employee.ts";

/** An item of the table as the SDK has it. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** What an item is: the table has employees, and notes of photos. */
export type Kind = "employee" | "photo";

/** An employee as stored. */
export interface StoredEmployee {
  readonly employee: Employee;
  /** Another one after every write: what a conditional write asks for. */
  readonly revision: string;
}

/** Plain values as the SDK wants them. */
export function toItem(
  values: Readonly<Record<string, string | boolean | null>>,
): Record<string, AttributeValue> {
  const attributes = Object.entries(values).map(([name, value]) => [name, toAttribute(value)]);
  return Object.fromEntries(attributes);
}

/** The key of a photo's note. Employees are stored under their ids, which have no colon. */
export function noteKey(name: string): Record<string, AttributeValue> {
  return toItem({ id: `photo:${name}` });
}

/** The name in the key of a photo's note. */
export function notedName(item: Item): string {
  return textOf(item, "id").slice("photo:".length);
}

export function toStored(item: Item): StoredEmployee {
  const employee = {
    id: textOf(item, "id"),
    name: textOf(item, "name"),
    jobTitle: textOf(item, "jobTitle"),
    location: textOf(item, "location"),
    email: item.email?.S ?? null,
    photo: item.photo?.S ?? null,
    createdAt: textOf(item, "createdAt"),
    updatedAt: textOf(item, "updatedAt"),
  };
  return { employee, revision: textOf(item, "revision") };
}

/** What sets these values in an item, whose names may be words that DynamoDB keeps for itself. */
export function settingOf(values: Readonly<Record<string, string | boolean | null>>) {
  const names = Object.keys(values);
  return {
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`:${name}`, toAttribute(value)]),
    ),
  };
}

/** What sets values of an employee as long as nobody else has written since. */
export function lockedUpdate(
  id: string,
  expected: string,
  values: Readonly<Record<string, string | boolean | null>>,
) {
  const setting = settingOf(values);
  return {
    ...setting,
    Key: toItem({ id }),
    ConditionExpression: "revision = :expected",
    ExpressionAttributeValues: { ...setting.ExpressionAttributeValues, ...toItem({ ":expected": expected }) },
  };
}

function toAttribute(value: string | boolean | null): AttributeValue {
  if (value === null) return { NULL: true };
  return typeof value === "boolean" ? { BOOL: value } : { S: value };
}

function textOf(item: Item, name: string): string {
  const text = item[name]?.S;
  if (text === undefined) throw new Error(`an item of the directory's table lacks the text "${name}"`);
  return text;
}
