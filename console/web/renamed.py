"""Pages under a name that their team had lead on to the one it has."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from console.accounts.names import team_named

PREFIX = "/t/"


class PresentNames:
    """After the page was made, and with it the check of who may see it: nobody else learns what a team is named now."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        slug = request.resolver_match.kwargs.get("team") if request.resolver_match else None
        if not slug or request.method not in ("GET", "HEAD") or not request.path.startswith(PREFIX):
            return response
        team = team_named(slug) if response.status_code == 200 else None
        if team is None or team.slug == slug:
            return response
        there = f"{PREFIX}{team.slug}{request.get_full_path().removeprefix(f'{PREFIX}{slug}')}"
        # Not to be remembered: the team may take the name back.
        return HttpResponse(status=308, headers={"Location": there, "Cache-Control": "no-store"})
