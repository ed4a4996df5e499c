"""The executors' door for what code asks for while it runs. Whose code it is the executor says, of its own knowledge."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from console.accounts.names import team_named
from console.live.internal import for_nodes
from console.problems import Absent
from console.webtasks.models import Webtask
from console.webtasks.replies import Caller, result_of
from console.webtasks.vouchers import vouched


@for_nodes
@require_POST
def call(request: HttpRequest) -> HttpResponse:
    caller = _caller(request.GET.get("team", ""), request.GET.get("webtask"), request.GET.get("voucher", ""))
    return HttpResponse(result_of(caller, request.body), content_type="application/octet-stream")


def _caller(team: str, name: str | None, voucher: str) -> Caller:
    owner = team_named(team)
    if name is not None:
        webtask = (
            Webtask.objects.select_related("team", "token")
            .defer("token__code")
            .filter(team=owner, name=name)
            .first()
        )
        if webtask is None:
            raise Absent(f"there is no webtask {team}/{name} any more")
        return Caller(webtask.team, webtask, webtask.token)
    if owner is None:
        raise Absent(f"there is no team {team} any more")
    return Caller(owner, None, vouched(voucher, owner))
