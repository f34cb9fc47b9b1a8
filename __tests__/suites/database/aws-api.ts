import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, DeleteObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { readSettings } from "../../../cli/settings.ts";
import { AWS_API_FOLDER, AwsApi } from "../../../twin/aws-api-process.ts";
import { Processes } from "../../../twin/processes.ts";
import { preparePython } from "../../../twin/python.ts";
import { freePort } from "./wait.ts";

const BUCKET = "photos";
const TABLE = "directory";

/** The AWS API as the twin runs it, with a bucket and a table, seen by an administrator. */
export class Aws {
  readonly bucket = BUCKET;
  readonly table = TABLE;
  readonly port: number;
  readonly #api: AwsApi;
  readonly #s3: S3Client;
  readonly #dynamo: DynamoDBClient;

  private constructor(api: AwsApi, port: number) {
    this.#api = api;
    this.port = port;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const options = { endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", credentials };
    this.#s3 = new S3Client({ ...options, forcePathStyle: true });
    this.#dynamo = new DynamoDBClient(options);
  }

  /** @param folder for what it writes */
  static async start(folder: string): Promise<Aws> {
    const { environment, workDir } = readSettings();
    const own = join(workDir, "aws-api");
    mkdirSync(own, { recursive: true });
    const processes = new Processes(join(folder, "processes"));
    const requirements = [join(AWS_API_FOLDER, "requirements.txt")];
    const python = await preparePython({
      folder: join(own, "python"),
      requirements,
      environment,
      processes,
      onProgress: () => {},
    });
    const port = await freePort();
    const logFile = join(folder, "aws-api.log");
    const api = new AwsApi({ python, port, environment, logFile, processes, onExit: () => {} });
    await api.ready();
    const aws = new Aws(api, port);
    await aws.#s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    await aws.#dynamo.send(
      new CreateTableCommand({
        TableName: TABLE,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      }),
    );
    return aws;
  }

  /** Keys of the objects in the bucket. */
  async objects(): Promise<string[]> {
    const { Contents = [] } = await this.#s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    return Contents.map(({ Key = "" }) => Key);
  }

  /** Keys of the items in the table. */
  async items(): Promise<string[]> {
    const { Items = [] } = await this.#dynamo.send(new ScanCommand({ TableName: TABLE }));
    return Items.map(({ id }) => id?.S ?? "");
  }

  /** Makes an item's note a day old. */
  async age(id: string): Promise<void> {
    await this.#dynamo.send(
      new UpdateItemCommand({
        TableName: TABLE,
        Key: { id: { S: id } },
        UpdateExpression: "SET since = :then",
        ExpressionAttributeValues: { ":then": { S: new Date(Date.now() - 86_400_000).toISOString() } },
      }),
    );
  }

  /** Empties bucket and table. */
  async clear(): Promise<void> {
    for (const Key of await this.objects())
      await this.#s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
    for (const id of await this.items())
      await this.#dynamo.send(new DeleteItemCommand({ TableName: TABLE, Key: { id: { S: id } } }));
  }

  async stop(): Promise<void> {
    await this.#api.stop();
  }
}
