"""Load balancers and their listeners."""

from moto.elbv2.models import FakeTargetGroup, elbv2_backends

from webstead_aws_api.gaps.patching import computed


@computed(FakeTargetGroup, "load_balancer_arns")
def load_balancers_that_use_the_target_group(self: FakeTargetGroup) -> list[str]:
    """A target group names the load balancers whose listeners or rules forward to it now.

    moto only ever adds to this list, on CreateListener and CreateRule: a modified or
    deleted listener leaves it wrong.
    """
    backend = elbv2_backends[self.account_id][self.region_name]
    return [
        balancer.arn
        for balancer in backend.load_balancers.values()
        if any(
            self.arn in backend._get_target_group_arns_from(action.data)
            for listener in balancer.listeners.values()
            for rule in listener.rules.values()
            for action in rule.actions
        )
    ]
