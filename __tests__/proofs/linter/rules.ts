import { type Block, blocks, type StackJson } from "../../../proofs/stack-json.ts";

/** Something that works until the night it is needed. */
export interface LintRule {
  readonly name: string;
  /** Type of the resources it looks at. */
  readonly type: string;
  readonly isWrong: (it: Block, stack: StackJson) => boolean;
  /** What happens then, and what to write instead. */
  readonly because: string;
  readonly fix: string;
}

/** One finding, with its place. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
}

/** Everything that is wrong in a stack, in the order of the rules. */
export function lint(stack: StackJson): Finding[] {
  return rules.flatMap(({ name, type, isWrong, because, fix }) =>
    stack
      .all(type)
      .filter(({ block }) => isWrong(block, stack))
      .map(({ address }) => ({ rule: name, message: `${address}: ${because}; ${fix}` })),
  );
}

const block = (value: unknown): Block => blocks(value)[0] ?? {};
const keeps = (it: Block) => block(it.lifecycle).create_before_destroy === true;
const isGroupOfOne = (it: Block) => it.max_size === 1;
const isReplica = (it: Block) => it.replicate_source_db !== undefined;
const isPrimary = (it: Block) => !isReplica(it);

/** Seconds from launch to healthy: boot, and the checks that must pass. */
function secondsToHealthy(stack: StackJson, it: Block): number {
  const group = stack.target(it.target_group_arns, "aws_lb_target_group");
  const { interval = 30, healthy_threshold = 5 } = block(group?.block.health_check);
  return 20 + Number(interval) * Number(healthy_threshold);
}

export const rules: readonly LintRule[] = [
  {
    name: "moving-template",
    type: "aws_autoscaling_group",
    isWrong: (it) => /^\$(Latest|Default)$/.test(String(block(it.launch_template).version)),
    because: "Terraform does not see that $Latest moved, so a new image is not rolled out",
    fix: "use the template's latest_version",
  },
  {
    name: "launch-configuration",
    type: "aws_autoscaling_group",
    isWrong: (it) => it.launch_configuration !== undefined,
    because: "launch configurations are no longer made for new accounts",
    fix: "use a launch template",
  },
  {
    name: "room-for-none",
    type: "aws_autoscaling_group",
    isWrong: (it) =>
      isGroupOfOne(it) && Number(block(it.instance_maintenance_policy).max_healthy_percentage ?? 100) < 200,
    because: "of one instance 150 % is one: AWS ends the old one before it starts the new one",
    fix: "set instance_maintenance_policy to 100 and 200",
  },
  {
    name: "gap-allowed",
    type: "aws_autoscaling_group",
    isWrong: (it) =>
      isGroupOfOne(it) && Number(block(it.instance_maintenance_policy).min_healthy_percentage ?? 90) < 100,
    because: "less than 100 % of one is none",
    fix: "set min_healthy_percentage to 100",
  },
  {
    name: "instance-refresh",
    type: "aws_autoscaling_group",
    isWrong: (it) => it.instance_refresh !== undefined,
    because: "Terraform does not wait for a refresh, and its plan is clean after one that failed",
    fix: "give each template version a group of its own",
  },
  {
    name: "blind-group",
    type: "aws_autoscaling_group",
    isWrong: (it) => it.health_check_type !== "ELB",
    because: "a hung app is not replaced while its machine runs",
    fix: 'set health_check_type to "ELB"',
  },
  {
    name: "short-grace",
    type: "aws_autoscaling_group",
    isWrong: (it, stack) => Number(it.health_check_grace_period ?? 300) < secondsToHealthy(stack, it),
    because: "an instance is replaced while it still starts, again and again",
    fix: "leave time for boot and for the checks that must pass",
  },
  {
    name: "unwaited-rollout",
    type: "aws_autoscaling_group",
    isWrong: (it) => !(Number(it.wait_for_elb_capacity) >= 1),
    because: "the old group goes before the new one serves",
    fix: "set wait_for_elb_capacity",
  },
  {
    name: "fixed-group-name",
    type: "aws_autoscaling_group",
    isWrong: (it) => keeps(it) && !/latest_version/.test(String(it.name)),
    because: "the new group cannot stand beside the old one under the same name",
    fix: "put the template's version into the name",
  },
  {
    name: "group-goes-first",
    type: "aws_autoscaling_group",
    isWrong: (it) => !keeps(it),
    because: "a replaced group is away before its successor is there",
    fix: "set create_before_destroy",
  },
  {
    name: "unregistered-group",
    type: "aws_autoscaling_group",
    isWrong: (it) => ((it.target_group_arns ?? []) as unknown[]).length === 0,
    because: "no instance is registered behind the load balancer",
    fix: "name the target group",
  },
  {
    name: "old-metadata",
    type: "aws_launch_template",
    isWrong: (it) => block(it.metadata_options).http_tokens !== "required",
    because: "a request that the app is tricked into reads the instance's credentials",
    fix: 'set http_tokens to "required"',
  },
  {
    name: "far-metadata",
    type: "aws_launch_template",
    isWrong: (it) => Number(block(it.metadata_options).http_put_response_hop_limit) !== 1,
    because: "whatever the app runs inside reaches the metadata service too",
    fix: "set http_put_response_hop_limit to 1",
  },
  {
    name: "plain-volume",
    type: "aws_launch_template",
    isWrong: (it) => String(block(block(it.block_device_mappings).ebs).encrypted) !== "true",
    because: "the disk and its snapshots can be read by whoever gets them",
    fix: "encrypt it",
  },
  {
    name: "key-pair",
    type: "aws_launch_template",
    isWrong: (it) => it.key_name !== undefined,
    because: "a key that several people have cannot be taken away from one",
    fix: "use Session Manager",
  },
  {
    name: "fixed-target-group-name",
    type: "aws_lb_target_group",
    isWrong: (it) => it.name !== undefined || !keeps(it),
    because: "a target group in use cannot be deleted, nor its successor made under its name",
    fix: "use name_prefix and create_before_destroy",
  },
  {
    name: "long-drain",
    type: "aws_lb_target_group",
    isWrong: (it) => Number(it.deregistration_delay ?? 300) > 120,
    because: "each rollout waits that long for connections that are idle",
    fix: "set deregistration_delay to 30",
  },
  {
    name: "database-in-health-check",
    type: "aws_lb_target_group",
    isWrong: (it) => /readyz|\/db|^\/$/.test(String(block(it.health_check).path)),
    because: "when the database is away the group replaces healthy instances in a loop",
    fix: "check a path that asks nobody",
  },
  {
    name: "smuggled-headers",
    type: "aws_lb",
    isWrong: (it) => it.drop_invalid_header_fields !== true,
    because: "headers that the app reads otherwise than the load balancer pass",
    fix: "set drop_invalid_header_fields",
  },
  {
    name: "inline-rules",
    type: "aws_security_group",
    isWrong: (it) => it.ingress !== undefined || it.egress !== undefined,
    because: "inline rules and rule resources take each other away at every apply",
    fix: "use rule resources alone",
  },
  {
    name: "group-rules-deadlock",
    type: "aws_security_group",
    isWrong: (it) => it.name !== undefined || !keeps(it),
    because: "a group in use cannot be deleted, nor its successor made under its name",
    fix: "use name_prefix and create_before_destroy",
  },
  {
    name: "colliding-snapshot",
    type: "aws_db_instance",
    isWrong: (it) => it.skip_final_snapshot !== true && !String(it.final_snapshot_identifier).includes("${"),
    because: "the second destroy fails: a snapshot of that name is there from the first",
    fix: "put something into the name that is drawn with the database",
  },
  {
    name: "replica-snapshot",
    type: "aws_db_instance",
    isWrong: (it) => isReplica(it) && it.skip_final_snapshot !== true,
    because: "AWS makes no final snapshot of a replica, and the destroy fails",
    fix: "set skip_final_snapshot",
  },
  {
    name: "plain-database",
    type: "aws_db_instance",
    isWrong: (it) => it.storage_encrypted !== true,
    because: "encryption cannot be turned on later without a new database",
    fix: "set storage_encrypted",
  },
  {
    name: "password-in-state",
    type: "aws_db_instance",
    isWrong: (it) => it.password !== undefined || (isPrimary(it) && it.password_wo === undefined),
    because: "the password is in the state and in every plan",
    fix: "use password_wo",
  },
  {
    name: "floating-authority",
    type: "aws_db_instance",
    isWrong: (it) => it.ca_cert_identifier === undefined,
    because: "AWS's next default authority restarts the database at its own time",
    fix: "pin ca_cert_identifier",
  },
  {
    name: "no-backup",
    type: "aws_db_instance",
    isWrong: (it) => isPrimary(it) && !(Number(it.backup_retention_period) >= 1),
    because: "there is nothing to go back to, and no replica can be made",
    fix: "set backup_retention_period",
  },
  {
    name: "endless-log",
    type: "aws_cloudwatch_log_group",
    isWrong: (it) => it.retention_in_days === undefined,
    because: "logs are kept and paid for ever",
    fix: "set retention_in_days",
  },
  {
    name: "forgotten-group-alarm",
    type: "aws_cloudwatch_metric_alarm",
    isWrong: (it) => "AutoScalingGroupName" in block(it.dimensions),
    because: "the group has another name after each rollout, and the alarm is silent",
    fix: "watch the target group",
  },
  {
    name: "broken-rollout-stays",
    type: "aws_ecs_service",
    isWrong: (it) => {
      const { enable, rollback } = block(it.deployment_circuit_breaker);
      return enable !== true || rollback !== true;
    },
    because: "ECS starts failing tasks for ever, and the service never goes back to those that worked",
    fix: "set deployment_circuit_breaker to enable and rollback",
  },
  {
    name: "unnoticed-rollback",
    type: "aws_ecs_service",
    isWrong: (it) => it.wait_for_steady_state !== true || block(it.lifecycle).postcondition === undefined,
    because: "a rollout that was taken back ends in a steady state too, and the apply would succeed",
    fix: "wait for the steady state, and check in a postcondition that it is the new task definition's",
  },
  {
    name: "tasks-go-first",
    type: "aws_ecs_service",
    isWrong: (it) =>
      Number(it.deployment_minimum_healthy_percent) < 100 || Number(it.deployment_maximum_percent) < 200,
    because: "old tasks end before new ones serve",
    fix: "set the percentages to 100 and 200",
  },
  {
    name: "definition-goes-first",
    type: "aws_ecs_task_definition",
    isWrong: (it) => !keeps(it),
    because: "the running service refers to it until the new tasks are healthy",
    fix: "set lifecycle.create_before_destroy",
  },
  {
    name: "moving-tag",
    type: "aws_ecs_task_definition",
    isWrong: (it) => /"image":"[^"]*:latest"/.test(String(it.container_definitions)),
    because: "the tag is another image tomorrow, and a rollback to it is none",
    fix: "name the image by a tag that never moves",
  },
  {
    name: "secret-in-user-data",
    type: "aws_launch_template",
    isWrong: (it) => /(PASSWORD|SECRET_KEY|DATABASE_URL|TOKEN)=/.test(String(it.user_data)),
    because: "whoever may describe the instance reads it",
    fix: "hand over the secret's ARN",
  },
];
