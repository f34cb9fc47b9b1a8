import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../config/environment.ts";
import { amiParameterName, taskImage } from "../config/names.ts";
import { appSettings } from "./app-settings.ts";
import { AutoScalingService } from "./compute/auto-scaling-service.ts";
import { FargateService } from "./compute/fargate-service.ts";
import { Database } from "./data/database.ts";
import { DirectoryTable } from "./data/directory-table.ts";
import { PhotoBucket } from "./data/photo-bucket.ts";
import { LoadBalancer } from "./edge/load-balancer.ts";
import { nameAfter } from "./naming.ts";
import { ExistingNetwork } from "./network/existing-network.ts";
import { Network } from "./network/network.ts";
import { AppLog } from "./operations/app-log.ts";
import { AwsAccount } from "./operations/aws-account.ts";
import { CustomerKey } from "./operations/customer-key.ts";
import { addOperations } from "./operations/operations.ts";
import { addOutputs } from "./outputs.ts";

/** A web app on AWS, all of it: reads like the architecture diagram, from the internet down to the data. */
export class WebAppStack extends TerraformStack {
  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    nameAfter(this, environment);
    const { app, compute, edge, operations = {}, protect, region, storage = {} } = environment;

    new AwsAccount(this, "account", environment);
    const key = operations.customerKey ? new CustomerKey(this, "customer-key", environment) : undefined;
    const encrypted = { protect, keyArn: key?.arn };
    const services = compute.fargate ? ["ecr.api", "ecr.dkr"] : [];
    const network = environment.network.existingVpc
      ? new ExistingNetwork(this, "network", environment.network.existingVpc)
      : new Network(this, "network", {
          ...{ region, services, internalLoadBalancer: edge.cloudFront !== undefined },
          ...environment.network,
        });
    const targetType = compute.fargate ? "ip" : "instance";
    const entrance = { network, app, targetType, protect, ...edge } as const;
    const loadBalancer = new LoadBalancer(this, "load-balancer", entrance);
    const database = new Database(this, "database", { network, ...encrypted, ...environment.database });
    const photos = storage.photos ? new PhotoBucket(this, "photos", encrypted) : undefined;
    const directory = storage.directoryTable ? new DirectoryTable(this, "directory", encrypted) : undefined;
    const log = new AppLog(this, "app-log", { retentionDays: compute.logRetentionDays, keyArn: key?.arn });
    const settings = appSettings(environment, { database, photos, directory });
    const running = { network, loadBalancer, log, settings, port: app.port };
    const service = compute.fargate
      ? new FargateService(this, "service", {
          ...{ ...running, ...compute, task: compute.fargate },
          image: taskImage(environment),
          healthCheckPath: app.healthCheckPath,
        })
      : new AutoScalingService(this, "service", {
          ...{ ...running, ...compute },
          imageParameter: amiParameterName(environment),
          tags: { Project: environment.project, Environment: environment.name },
        });

    service.allowFrom(loadBalancer);
    database.allowFrom(service);
    network.allowOutFrom(service);
    database.secret.grantRead(service.role);
    photos?.grantReadWrite(service.role);
    directory?.grantReadWrite(service.role);
    key?.grantUse(service.role);
    addOperations(this, environment, { network, loadBalancer, database });

    addOutputs(this, {
      url: { value: loadBalancer.url, description: "Where the app answers" },
      ...service.outputs,
      target_group_arn: { value: loadBalancer.targetGroup.arn, description: "Where the app registers" },
      instance_log_group: { value: log.group.name, description: "The app's log" },
      database_identifier: { value: database.instance.identifier, description: "The database in RDS" },
      secret_arn: { value: database.secret.arn, description: "The database's user and password" },
    });
  }
}
