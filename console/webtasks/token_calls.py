"""What code asks for as `ctx.create_token`: a token under the one that the code runs by, with what that passes on."""

import json
from collections.abc import Mapping
from typing import Any

from console.accounts import tokens
from console.accounts.bearers import TokenBearer
from console.problems import Forbidden
from console.webtasks import issuing
from console.webtasks.addresses import token_url
from console.webtasks.replies import Caller, Reply, answers
from console.webtasks.storable import json_object


@answers("token.create")
def create(caller: Caller, _args: Mapping[str, Any], text: str) -> Reply:
    if caller.token is None:
        raise Forbidden("the code runs by no webtask token that could issue others")
    tokens.stands(caller.token)
    # Others' calls wait behind this one: it does not wait for packages.
    token = issuing.issue(json_object(text), above=TokenBearer(caller.token), patient=False)
    return Reply(json.dumps({"token": tokens.sign(token.claims), "url": token_url(token)}))
