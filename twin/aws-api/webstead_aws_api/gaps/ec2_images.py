"""Machine images."""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.amis import Ami
from moto.ec2.responses.amis import AmisResponse
from moto.ec2.utils import convert_tag_spec

from webstead_aws_api.gaps.patching import around, computed

_DEVICES = "twin_block_devices"
_single_device = Ami.block_device_mappings.fget


@around(AmisResponse, "register_image")
def image_as_registered(original: Callable[[AmisResponse], ActionResult], self: AmisResponse) -> ActionResult:
    """A registered image has the block devices, architecture, root device and tags of the call.

    moto takes name and description only, and makes a snapshot of its own that nobody can
    find by tag and that would be left over after a destroy.
    """
    result = original(self)
    image: Ami = self.ec2_backend.amis[result.result["ImageId"]]  # type: ignore[index]
    own_snapshot = image.ebs_snapshot.id
    setattr(image, _DEVICES, self._get_param("BlockDeviceMappings", []))
    self.ec2_backend.snapshots.pop(own_snapshot, None)
    image.architecture = self._get_param("Architecture", "x86_64")
    image.virtualization_type = self._get_param("VirtualizationType", "hvm")
    image.root_device_name = self._get_param("RootDeviceName", "/dev/xvda")
    image.root_device_type = "ebs"
    image.boot_mode = self._get_param("BootMode", image.boot_mode)
    image.ena_support = self._get_param("EnaSupport", False)  # type: ignore[attr-defined]
    image.imds_support = self._get_param("ImdsSupport")  # type: ignore[attr-defined]
    image.add_tags(convert_tag_spec(self._get_param("TagSpecifications", [])).get("image", {}))
    return result


@around(AmisResponse, "modify_image_attribute")
def image_asks_for_a_token(original: Callable[[AmisResponse], ActionResult], self: AmisResponse) -> ActionResult:
    """An image remembers that its instances serve metadata by IMDSv2 only.

    Packer 1.6 cannot ask for that, so it is set after the bake.
    """
    result = original(self)
    support = self._get_param("ImdsSupport")
    if support:
        self.ec2_backend.amis[self._get_param("ImageId")].imds_support = support.get("Value")  # type: ignore[attr-defined]
    return result


@computed(Ami, "block_device_mappings")
def block_devices_as_registered(self: Ami) -> list[dict[str, Any]]:
    """An image lists the snapshots it was registered with.

    Deregistering an image leaves its snapshots; who cleans up finds them by this list.
    """
    devices: list[dict[str, Any]] | None = getattr(self, _DEVICES, None)
    return _single_device(self) if devices is None else devices  # type: ignore[misc]
