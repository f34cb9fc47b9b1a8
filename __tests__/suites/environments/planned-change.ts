/** One of resource_changes of `terraform show -json` for a plan. */
export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
  };
}

/** What holds data: the database, a bucket, a table. */
const HOLDS_DATA = /^aws_(db_instance|s3_bucket|dynamodb_table)$/;

/** Whether Terraform would leave the resource as it is. */
export function isNoOp({ change }: ResourceChange): boolean {
  return change.actions.every((action) => action === "no-op" || action === "read");
}

/** What a change of an option does to a deployed environment, by its plan and in the words of docs/options.md. */
export function plannedChange(changes: readonly ResourceChange[]): string {
  const some = (type: RegExp, is: (change: ResourceChange["change"]) => boolean) =>
    changes.some((one) => type.test(one.type) && is(one.change));
  if (some(HOLDS_DATA, ({ actions }) => actions.includes("delete"))) return "data loss";
  if (some(/^aws_lb$/, ({ actions }) => actions.includes("delete"))) return "downtime";
  if (
    some(
      /^aws_db_instance$/,
      ({ actions, before, after }) =>
        actions.includes("update") && before?.instance_class !== after?.instance_class,
    )
  )
    return "downtime";
  const isRolled = changes.some((one) => one.type === "aws_launch_template" && !isNoOp(one));
  return isRolled ? "rolling" : "in place";
}
