"""Account gaps."""

from tests.api import Api
from tests.gap import gap


@gap("account.account_of_the_access_key", aws="210987654321")
def access_key_names_its_account(api: Api) -> str:
    return api.client("sts", key="ASIATWIN210987654321").get_caller_identity()["Account"]
