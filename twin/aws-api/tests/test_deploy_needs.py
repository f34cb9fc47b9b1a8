"""What plain moto does well and a deploy relies on: state, secrets, errors that say what is wrong."""

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from tests.api import Api, error_code, unique


def test_a_state_lock_that_exists_is_not_overwritten(twin: Api) -> None:
    s3, bucket = twin.client("s3", "us-east-1"), unique("state")
    s3.create_bucket(Bucket=bucket)
    put = {"Bucket": bucket, "Key": "dev/terraform.tfstate.tflock", "Body": b"{}", "IfNoneMatch": "*"}
    s3.put_object(**put)
    with pytest.raises(ClientError) as refused:
        s3.put_object(**put)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412


def test_a_random_password_has_the_length_asked_for(twin: Api) -> None:
    answer = twin.client("secretsmanager").get_random_password(PasswordLength=40, ExcludePunctuation=True)
    assert len(answer["RandomPassword"]) == 40


def test_a_role_takes_a_policy_of_aws(twin: Api) -> None:
    iam, role = twin.client("iam"), unique("role")
    iam.create_role(RoleName=role, AssumeRolePolicyDocument="{}")
    policy = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    assert error_code(lambda: iam.attach_role_policy(RoleName=role, PolicyArn=policy)) == "none"


def test_a_target_group_in_use_is_not_deleted(twin: Api) -> None:
    from tests.gaps.elbv2 import Registered

    registered = Registered(twin)
    assert error_code(lambda: registered.elb.delete_target_group(TargetGroupArn=registered.arn)) == "ResourceInUse"


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("ec2", lambda client: client.describe_address_transfers()),
        ("autoscaling", lambda client: client.describe_instance_refreshes(AutoScalingGroupName="g")),
        ("logs", lambda client: client.list_anomalies()),
    ],
)
def test_an_operation_moto_lacks_is_refused_at_once_and_by_name(twin: Api, service: str, call: object) -> None:
    with pytest.raises(ClientError) as refused:
        call(twin.client(service))  # type: ignore[operator]
    answer = refused.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert answer["Error"]["Code"] == "TwinNotImplemented"
    assert f"the twin does not know {service}" in answer["Error"]["Message"]


def test_plain_moto_still_answers_500_for_it(plain: Api) -> None:
    with pytest.raises(ResponseParserError, match="Further retries may succeed"):
        plain.client("autoscaling").describe_instance_refreshes(AutoScalingGroupName="g")
        pytest.fail("plain moto refuses at once by now: delete errors.py")


def test_accounts_do_not_see_each_other(twin: Api) -> None:
    parameter = unique("/parameter")
    twin.client("ssm").put_parameter(Name=parameter, Value="x", Type="String")
    other = twin.client("ssm", key="AKIATWIN000000000001")
    assert error_code(lambda: other.get_parameter(Name=parameter)) == "ParameterNotFound"
