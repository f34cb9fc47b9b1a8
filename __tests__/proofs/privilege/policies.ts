import type { StackJson } from "../../../proofs/stack-json.ts";
import { forcedWildcards } from "./forced.ts";

interface Statement {
  readonly Effect: string;
  readonly Action?: string | string[];
  readonly NotAction?: unknown;
  readonly Resource?: string | string[];
  readonly NotResource?: unknown;
  readonly Principal?: "*" | Readonly<Record<string, unknown>>;
  readonly Condition?: { readonly StringEquals?: Readonly<Record<string, unknown>> };
}

const forced = new Set(forcedWildcards.map(({ action }) => action));
const list = (value: string | string[] | undefined) => (value === undefined ? [] : [value].flat());

/** Everything that a stack allows beyond what is needed, in words. */
export function excesses(stack: StackJson): string[] {
  return [
    ...["aws_iam_role_policy", "aws_iam_group_policy", "aws_iam_policy"].flatMap((type) =>
      documents(stack, type, "policy").flatMap(([address, statement]) => tooMuch(address, statement)),
    ),
    ...documents(stack, "aws_iam_role", "assume_role_policy").flatMap(([address, statement]) =>
      trusts(address, statement),
    ),
    ...documents(stack, "aws_s3_bucket_policy", "policy").flatMap(([address, statement]) =>
      trusts(address, statement),
    ),
    ...stack.all("aws_iam_access_key").map(({ address }) => `${address} is an access key`),
    ...stack.all("aws_iam_user").map(({ address }) => `${address} is a user`),
    ...stack
      .all("aws_iam_role_policy_attachment")
      .filter(({ block: it }) =>
        /FullAccess$|\/AdministratorAccess$|\/PowerUserAccess$/.test(String(it.policy_arn)),
      )
      .map(({ address, block: it }) => `${address} attaches ${it.policy_arn}`),
  ];
}

/** The actions that a stack allows on every resource. */
export function wildcardsUsed(stack: StackJson): string[] {
  return ["aws_iam_role_policy", "aws_iam_group_policy"].flatMap((type) =>
    documents(stack, type, "policy")
      .filter(([, { Effect, Resource }]) => Effect === "Allow" && list(Resource).includes("*"))
      .flatMap(([, { Action }]) => list(Action)),
  );
}

function documents(stack: StackJson, type: string, argument: string): [string, Statement][] {
  return stack
    .all(type)
    .flatMap(({ address, block: it }) =>
      (JSON.parse(String(it[argument])).Statement as Statement[]).map((statement): [string, Statement] => [
        address,
        statement,
      ]),
    );
}

function tooMuch(address: string, { Effect, Action, NotAction, Resource, NotResource }: Statement): string[] {
  if (Effect !== "Allow") return [];
  const everywhere = list(Resource).includes("*");
  return [
    ...list(Action)
      .filter((action) => action.includes("*"))
      .map((action) => `${address} allows the action ${action}`),
    ...list(Action)
      .filter((action) => everywhere && !forced.has(action) && !action.includes("*"))
      .map((action) => `${address} allows ${action} on "*"`),
    ...(NotAction === undefined ? [] : [`${address} allows by NotAction`]),
    ...(NotResource === undefined ? [] : [`${address} allows by NotResource`]),
  ];
}

function trusts(address: string, { Effect, Principal, Condition }: Statement): string[] {
  if (Effect !== "Allow") return [];
  if (Principal === "*" || Object.values(Principal ?? {}).includes("*"))
    return [`${address} trusts everybody`];
  const isFederated = Principal !== undefined && "Federated" in Principal;
  const names = Object.keys(Condition?.StringEquals ?? {}).some((key) => key.endsWith(":sub"));
  return isFederated && !names ? [`${address} trusts every repository`] : [];
}
