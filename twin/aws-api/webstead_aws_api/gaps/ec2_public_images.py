"""The images that AWS publishes by parameters of its own."""

from collections.abc import Callable
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.amis import Ami
from moto.ssm.models import ssm_backends

from webstead_aws_api.gaps.patching import around

_PATH = "/aws/service/ami-amazon-linux-latest/"
_AMAZON = "137112412989"


@around(EC2Backend, "describe_images")
def published_images_are_there(
    original: Callable[..., list[Ami]], self: EC2Backend, ami_ids: Any = (), *arguments: Any, **named: Any
) -> list[Ami]:
    """The id that a public parameter holds is that of an image.

    moto has the parameters and not the images: whoever launches one by its parameter
    asks for its root device first.
    """
    for image_id in set(ami_ids or ()) - self.amis.keys():
        parameter = _parameter_of(self, image_id)
        if parameter is not None:
            self.amis[image_id] = _published(self, image_id, parameter.removeprefix(_PATH))
    return original(self, ami_ids, *arguments, **named)


def _parameter_of(ec2: EC2Backend, image_id: str) -> str | None:
    ssm = ssm_backends[ec2.account_id][ec2.region_name]
    page: str | None = None
    while True:
        parameters, page = ssm.get_parameters_by_path(path=_PATH, recursive=True, next_token=page)
        for parameter in parameters:
            if parameter.value == image_id:
                return str(parameter.name)
        if page is None:
            return None


def _published(ec2: EC2Backend, image_id: str, name: str) -> Ami:
    architecture = "arm64" if "arm64" in name else "x86_64"
    return Ami(
        ec2,
        image_id,
        name=name,
        owner_id=_AMAZON,
        owner_alias="amazon",
        public=True,
        virtualization_type="hvm",
        architecture=architecture,
        root_device_type="ebs",
        root_device_name="/dev/xvda",
    )
