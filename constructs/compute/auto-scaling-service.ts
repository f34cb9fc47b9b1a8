import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group/index.js";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy/index.js";
import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template/index.js";
import { dependable, Lazy } from "cdktf";
import { Construct } from "constructs";
import type { InstanceComputeSettings, ScalingSettings } from "../../config/settings/compute.ts";
import { type Connectable, Connections } from "../connections.ts";
import { physicalName } from "../naming.ts";
import { InstanceRole } from "./instance-role.ts";
import { neededToLaunch, type Service, type ServiceProps } from "./service.ts";
import { userData } from "./user-data.ts";

export interface AutoScalingServiceProps
  extends ServiceProps,
    Omit<InstanceComputeSettings, "logRetentionDays" | "fargate"> {
  /** SSM parameter that holds the id of the image. */
  readonly imageParameter: string;
  /** For what provider default tags do not reach: what the group and its template launch. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * One instance that heals itself, or as many as the load asks for, rolled out blue/green: each version of the launch
 * template gets a group of its own, and the old one goes only when the new one is healthy behind the load balancer. A
 * bad image thus fails the deploy while the old instance keeps serving. Costs what the instances cost.
 */
export class AutoScalingService extends Construct implements Service {
  readonly connections: Connections;
  readonly role: InstanceRole;
  readonly group: AutoscalingGroup;
  private readonly template: LaunchTemplate;

  constructor(scope: Construct, id: string, props: AutoScalingServiceProps) {
    super(scope, id);
    this.connections = new Connections(this, "connections", { vpc: props.network.vpc, port: props.port });
    this.role = new InstanceRole(this, "role");
    this.template = this.createTemplate(props);
    this.group = this.createGroup(props);
    this.role.allowMetrics();
    props.log.grantWrite(this.role);
    const needed = () => neededToLaunch(props, this, this.role).map(dependable);
    this.group.dependsOn = Lazy.listValue({ produce: needed });
    if (props.scaling) this.followTheLoad(props.scaling);
  }

  get outputs() {
    return {
      auto_scaling_group: { value: this.group.name, description: "Group that keeps the instance alive" },
    };
  }

  allowFrom(peer: Connectable): void {
    this.connections.allowFrom(peer);
  }

  private createTemplate({
    imageParameter,
    instanceType,
    rootVolumeSize = 8,
    settings,
    log,
    tags,
  }: AutoScalingServiceProps) {
    const image = new DataAwsSsmParameter(this, "image", { name: imageParameter });
    const Name = physicalName(this, "tag");
    return new LaunchTemplate(this, "launch-template", {
      namePrefix: physicalName(this, "launchTemplatePrefix"),
      // An image id is no secret; the sensitive reading of the parameter would hide it in every plan.
      imageId: image.insecureValue,
      instanceType,
      userData: userData({ ...settings, LOG_GROUP: log.group.name }),
      iamInstanceProfile: { arn: this.role.profile.arn },
      vpcSecurityGroupIds: [this.connections.securityGroup.id],
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: rootVolumeSize,
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      tagSpecifications: [{ resourceType: "volume", tags: { ...tags, Name } }],
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private createGroup(props: AutoScalingServiceProps): AutoscalingGroup {
    const { id } = this.template;
    const version = this.template.getStringAttribute("latest_version");
    return new AutoscalingGroup(this, "group", {
      // Never seen before, so that the new group can stand beside the old one.
      name: physicalName(this, "autoScalingGroup", id, version),
      launchTemplate: { id, version },
      ...capacityOf(props.scaling),
      vpcZoneIdentifier: props.network.appTier.subnets.map((subnet) => subnet.id),
      targetGroupArns: [props.loadBalancer.targetGroup.arn],
      healthCheckType: "ELB",
      healthCheckGracePeriod: props.healthCheckGracePeriod,
      // AWS's own replacements too launch the new one first.
      instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 200 },
      waitForElbCapacity: props.scaling?.minimum ?? 1,
      waitForCapacityTimeout: `${props.rolloutTimeout ?? 600}s`,
      tag: Object.entries({ ...props.tags, Name: physicalName(this, "tag") }).map(([key, value]) => ({
        key,
        value,
        propagateAtLaunch: true,
      })),
      lifecycle: { createBeforeDestroy: true },
    });
  }

  /** A warm-up instead of the cooldown of older policies: what still starts neither counts nor holds back. */
  private followTheLoad({ cpuPercent, warmup = 60 }: ScalingSettings): void {
    new AutoscalingPolicy(this, "follow-the-load", {
      name: physicalName(this, "autoScalingGroup", "cpu"),
      autoscalingGroupName: this.group.name,
      policyType: "TargetTrackingScaling",
      estimatedInstanceWarmup: warmup,
      targetTrackingConfiguration: {
        targetValue: cpuPercent,
        predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
      },
    });
  }
}

/** One, or as many as the load asks for: then Terraform leaves the number to the policy. */
function capacityOf(scaling: ScalingSettings | undefined) {
  if (scaling === undefined) return { minSize: 1, maxSize: 1, desiredCapacity: 1 };
  return { minSize: scaling.minimum, maxSize: scaling.maximum };
}
