"""The process settings moto reads from the environment, fixed before moto is imported."""

import os

MOTO_SETTINGS = {
    # No foreign images: hundreds of them cost start-up time, and `describe-snapshots
    # --owner-ids self` would list their snapshots as ours.
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    # A launch template that names an unknown image fails, as on AWS.
    "MOTO_ENABLE_AMI_VALIDATION": "true",
    # Roles attach AWS's own policies (AmazonSSMManagedInstanceCore).
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    # Certificates are issued after this many seconds.
    "MOTO_ACM_VALIDATION_WAIT": "1",
    # A web page in the user's browser must not be able to call this API.
    "MOTO_DISABLE_GLOBAL_CORS": "true",
}


def fix_environment(port: int) -> None:
    """Make moto independent of the caller's environment.

    `port` is where this server listens; moto names it in addresses it hands out. The
    caller's AWS_* and MOTO_* variables are dropped: a profile that does not exist here
    makes boto3, which moto asks for the list of regions, fail.
    """
    for name in list(os.environ):
        if name.startswith(("AWS_", "MOTO_")):
            del os.environ[name]
    os.environ.update(MOTO_SETTINGS)
    os.environ.update(
        MOTO_PORT=str(port),
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
    )
