"""The gaps between moto and AWS, one file per subject. README.md says how to add one."""

from webstead_aws_api.gaps import (  # noqa: F401  importing a file closes its gaps
    account,
    applicationautoscaling_tags,
    autoscaling_groups,
    autoscaling_instances,
    autoscaling_policies,
    cloudfront_distributions,
    cloudfront_vpc_origins,
    cloudtrail_trails,
    ec2_images,
    ec2_instances,
    ec2_launch_templates,
    ec2_network_interfaces,
    ec2_public_images,
    ec2_security_groups,
    ecs_services,
    ecs_tasks,
    elbv2_load_balancers,
    elbv2_targets,
    rds_failover,
    rds_instances,
    rds_parameters,
    rds_replicas,
    s3_policies,
)


def close_gaps(default_account: str) -> None:
    """Patch moto. `default_account` is the account of access keys that name none."""
    account.set_default_account(default_account)
