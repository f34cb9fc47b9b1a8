"""Network interfaces that AWS makes for something, and takes away with it."""

from collections.abc import Callable
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import Instance
from moto.ec2.models.nat_gateways import NatGateway

from webstead_aws_api.gaps.patching import around


@around(Instance, "prep_nics")
def interface_goes_with_its_instance(
    original: Callable[..., None], self: Instance, nic_spec: list[dict[str, Any]], *arguments: Any, **named: Any
) -> None:
    """The interface made for an instance is deleted with it, unless the caller said otherwise.

    moto leaves one behind, "in-use", for each instance that ever ran: a destroy could
    never be shown to be complete.
    """
    decided = {
        int(nic["DeviceIndex"]) for nic in nic_spec if nic.get("NetworkInterfaceId") or "DeleteOnTermination" in nic
    }
    original(self, nic_spec, *arguments, **named)
    for index, interface in self.nics.items():
        if index not in decided:
            interface.delete_on_termination = True


@around(EC2Backend, "delete_nat_gateway")
def interface_goes_with_its_nat_gateway(
    original: Callable[..., NatGateway], self: EC2Backend, nat_gateway_id: str
) -> NatGateway:
    """A deleted NAT gateway takes its interface with it, and gives its address back."""
    gateway = original(self, nat_gateway_id)
    interface = gateway._eni
    for address in self.addresses:
        if address.eni is interface:
            self.disassociate_address(association_id=address.association_id)
    self.enis.pop(interface.id, None)
    return gateway
