"""The control endpoints: what the twin reads and reports."""

import time
from typing import Any

from tests.api import REGION, Api, unique
from tests.gaps.cloudfront import distribution
from tests.gaps.rds import Database
from tests.scenery import Service, image, user_data


def test_health_names_the_versions(twin: Api) -> None:
    assert twin.get("/_twin/health") == {"version": "0.1.0", "moto": "5.2.5"}


def test_world_lists_an_instance_with_what_its_process_needs(twin: Api) -> None:
    service = Service(twin)
    instance = service.in_service()
    (found,) = twin.world("instances", id=instance)
    assert found | {"launchTime": "", "privateIp": "", "tags": {}} == {
        "account": twin.account,
        "region": REGION,
        "id": instance,
        "state": "running",
        "imageId": found["imageId"],
        "userData": user_data("V=1"),
        "roleName": None,
        "privateIp": "",
        "subnetId": service.network.subnets[0],
        "availabilityZone": f"{REGION}a",
        "launchTime": "",
        "tags": {},
        "autoScalingGroup": service.name,
    }
    assert found["privateIp"].startswith("10.0.0.")
    assert found["tags"]["aws:autoscaling:groupName"] == service.name


def test_world_names_the_role_of_an_instance(twin: Api) -> None:
    iam, name = twin.client("iam"), unique("role")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName=name)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    ec2 = twin.client("ec2")
    instance = ec2.run_instances(MinCount=1, MaxCount=1, ImageId=image(twin))["Instances"][0]["InstanceId"]
    ec2.associate_iam_instance_profile(InstanceId=instance, IamInstanceProfile={"Name": name})
    assert twin.world("instances", id=instance)[0]["roleName"] == name


def test_world_lists_own_images_only(twin: Api) -> None:
    mine = image(twin)
    found = twin.world("images")
    assert mine in {entry["id"] for entry in found}
    assert len(found) == len(twin.client("ec2").describe_images(Owners=["self"])["Images"])


def test_world_says_since_when_an_instance_is_in_service(twin: Api) -> None:
    before = time.time()
    service = Service(twin, HealthCheckGracePeriod=60, HealthCheckType="ELB")
    instance = service.in_service()
    (group,) = twin.world("autoScalingGroups", name=service.name)
    (entry,) = group.pop("instances")
    assert before + 1 <= entry.pop("inServiceSince") <= time.time()
    assert entry == {"id": instance, "lifecycleState": "InService", "healthStatus": "Healthy"}
    assert group == {
        "account": twin.account,
        "region": REGION,
        "name": service.name,
        "healthCheckType": "ELB",
        "healthCheckGracePeriod": 60,
        "targetGroupArns": [service.target_group],
    }


def test_world_lists_rules_in_the_order_they_are_tried(twin: Api) -> None:
    service = Service(twin)
    elb = twin.client("elbv2")
    redirect = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
    condition = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/old*"]}}
    for priority in (20, 3):
        elb.create_rule(ListenerArn=service.listener, Priority=priority, Conditions=[condition], Actions=[redirect])
    (listener,) = twin.world("listeners", arn=service.listener)
    assert [rule["priority"] for rule in listener["rules"]] == ["3", "20", "default"]
    assert listener["rules"][0]["conditions"] == [condition]
    assert listener["rules"][0]["actions"][0].items() >= redirect.items()
    assert listener["rules"][2]["actions"][0]["TargetGroupArn"] == service.target_group
    assert listener | {"rules": [], "loadBalancerArn": ""} == {
        "arn": service.listener,
        "loadBalancerArn": "",
        "port": 80,
        "protocol": "HTTP",
        "certificateArn": None,
        "rules": [],
    }


def test_world_shows_a_distribution_as_an_https_listener_of_the_balancer_behind_it(twin: Api) -> None:
    made = distribution(twin)
    elb = twin.client("elbv2")
    name = made["DistributionConfig"]["Origins"]["Items"][0]["DomainName"]
    (balancer,) = [one for one in elb.describe_load_balancers()["LoadBalancers"] if one["DNSName"] == name]
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", "ContentType": "text/plain"}}
    elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=[answer]
    )
    (listener,) = twin.world("listeners", arn=made["ARN"])
    assert (listener["port"], listener["protocol"]) == (443, "HTTPS")
    assert listener["loadBalancerArn"] == balancer["LoadBalancerArn"]
    assert [rule["actions"][0]["Type"] for rule in listener["rules"]] == ["fixed-response"]
    route53 = twin.client("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference=unique("zone"))["HostedZone"]["Id"]
    alias = {"DNSName": made["DomainName"], "HostedZoneId": "Z2FDTNDATAQYW2", "EvaluateTargetHealth": False}
    record = {"Name": "front.example.com", "Type": "A", "AliasTarget": alias}
    route53.change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    )
    assert twin.world("aliases", name="front.example.com") == [{"name": "front.example.com", "target": name.lower()}]


def test_world_shows_a_draining_target_until_it_is_reported_unused(twin: Api) -> None:
    service = Service(twin, delay=30)
    instance = service.in_service()

    def targets() -> Any:
        return twin.world("targetGroups", arn=service.target_group)[0]["targets"]

    assert targets() == [{"id": instance, "port": 8080}]
    service.autoscaling.update_auto_scaling_group(AutoScalingGroupName=service.name, MinSize=0, DesiredCapacity=0)
    assert targets() == [{"id": instance, "port": 8080, "draining": True}]
    assert service.report(instance, "unused") == {"known": 1, "unknown": 0}
    assert targets() == []


def test_world_has_the_health_check_of_a_target_group(twin: Api) -> None:
    service = Service(twin)
    (group,) = twin.world("targetGroups", arn=service.target_group)
    assert group["healthCheck"] == {
        "enabled": True,
        "protocol": "HTTP",
        "port": "traffic-port",
        "path": "/healthz",
        "intervalSeconds": 30,
        "timeoutSeconds": 5,
        "healthyThreshold": 5,
        "unhealthyThreshold": 2,
        "matcher": "200",
    }
    assert len(group["loadBalancerArns"]) == 1


def test_world_has_what_a_database_server_needs(twin: Api) -> None:
    database = Database(twin)
    database.report()
    database.rds.reboot_db_instance(DBInstanceIdentifier=database.id)
    (found,) = twin.world("dbInstances", id=database.id)
    assert found == {
        "account": twin.account,
        "region": REGION,
        "id": database.id,
        "arn": f"arn:aws:rds:{REGION}:{twin.account}:db:{database.id}",
        "status": "rebooting",
        "engine": "mysql",
        "engineVersion": "8.4",
        "dbName": None,
        "masterUsername": "app",
        "masterPassword": "secret-password",
        "port": 3306,
        "parameters": {},
        "desired": "available",
        "restarts": 1,
        "sourceId": None,
    }


def test_world_is_cheap_and_makes_no_region(twin: Api) -> None:
    before = twin.get("/_twin/world")
    start = time.perf_counter()
    for _ in range(20):
        twin.get("/_twin/world")
    each = (time.perf_counter() - start) / 20
    print(f"GET /_twin/world: {each * 1000:.1f} ms with {len(before['instances'])} instances")
    assert each < 0.05
    assert {entry["region"] for entry in before["instances"]} <= {REGION}


def test_unhealthy_report_replaces_the_instance_even_in_its_grace_period(twin: Api) -> None:
    service = Service(twin, HealthCheckGracePeriod=600)
    old = service.in_service()
    place = {**twin.here(), "instanceId": old}
    assert twin.report("/_twin/instance-health", **place, healthStatus="Unhealthy") == {}
    assert twin.eventually(lambda: old in service.instances(), False) is False
    assert service.in_service() != old


def test_log_lines_reach_their_group_in_order(twin: Api) -> None:
    logs, group = twin.client("logs"), unique("/app")
    logs.create_log_group(logGroupName=group)
    now = int(time.time() * 1000)
    lines = [{"timestamp": now, "message": "second"}, {"timestamp": now - 5, "message": "first"}]
    answer = twin.report("/_twin/log-events", **twin.here(), group=group, stream="i-1", lines=lines)
    assert answer == {"taken": 2}
    found = logs.filter_log_events(logGroupName=group)["events"]
    assert [event["message"] for event in found] == ["first", "second"]


def test_log_streams_keep_a_bounded_number_of_lines(twin: Api) -> None:
    logs, group = twin.client("logs"), unique("/app")
    logs.create_log_group(logGroupName=group)
    now = int(time.time() * 1000)
    lines = [{"timestamp": now, "message": str(number)} for number in range(11_500)]
    twin.report("/_twin/log-events", **twin.here(), group=group, stream="i-1", lines=lines)
    found = logs.get_log_events(logGroupName=group, logStreamName="i-1", startFromHead=True)["events"]
    assert found[0]["message"] == "1500"


def test_a_report_about_nothing_is_refused_with_its_name(twin: Api) -> None:
    refused = twin.report("/_twin/log-events", **twin.here(), group="/none", stream="s", lines=[])
    assert refused["status"] == 404
    assert twin.report("/_twin/db-instances", **twin.here(), id="none", status="available") == {
        "status": 404,
        "error": "no database instance none",
    }
    assert (
        twin.report("/_twin/target-health", targetGroupArn="arn:none", targets=[])["error"]
        == "no target group arn:none"
    )
    assert twin.report("/_twin/instance-status", **twin.here(), instanceId="i-none", status="ok")["status"] == 404
    assert (
        twin.report("/_twin/instance-health", **twin.here(), instanceId="i-none", healthStatus="Unhealthy")["status"]
        == 404
    )


def test_a_report_that_lacks_a_field_names_it(twin: Api) -> None:
    assert twin.report("/_twin/db-instances", id="db", account=twin.account) == {
        "status": 400,
        "error": 'the report lacks "region"; it has account, id',
    }


def test_an_unknown_endpoint_names_the_known_ones(twin: Api) -> None:
    refused = twin.report("/_twin/nothing")
    assert refused["status"] == 404
    assert "GET /_twin/world" in refused["error"]


def test_a_group_that_cannot_launch_says_why_and_harms_nobody(twin: Api) -> None:
    service, ec2 = Service(twin), twin.client("ec2")
    instance = service.in_service()
    gone = twin.world("instances", id=instance)[0]["imageId"]
    ec2.deregister_image(ImageId=gone)
    ec2.terminate_instances(InstanceIds=[instance])
    newest = service.autoscaling.describe_scaling_activities(AutoScalingGroupName=service.name)["Activities"][0]
    assert newest["StatusCode"] == "Failed"
    assert gone in newest["StatusMessage"]
    assert twin.world("autoScalingGroups", name=service.name)[0]["instances"] == []
