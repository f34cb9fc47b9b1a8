import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { Construct } from "constructs";
import type { Role } from "../compute/role.ts";
import { physicalName } from "../naming.ts";

export interface DirectoryTableProps {
  /** Whether AWS refuses to delete it. */
  readonly protect: boolean;
  /** ARN of the key it is encrypted with. @default DynamoDB's own */
  readonly keyArn?: string | undefined;
}

/** The directory in DynamoDB instead of the database, paid by the request. About $1.25 per million writes. */
export class DirectoryTable extends Construct {
  readonly table: DynamodbTable;

  constructor(scope: Construct, id: string, { protect, keyArn }: DirectoryTableProps) {
    super(scope, id);
    this.table = new DynamodbTable(this, "table", {
      name: physicalName(this, "table", "directory"),
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: [{ name: "id", type: "S" }],
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, ...(keyArn && { kmsKeyArn: keyArn }) },
      deletionProtectionEnabled: protect,
    });
  }

  /** Lets the role read and write items of this table, and no other. */
  grantReadWrite(role: Role): void {
    role.allow("directory", {
      actions: [
        "dynamodb:DeleteItem",
        "dynamodb:DescribeTable",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
      ],
      resources: [this.table.arn],
    });
  }
}
