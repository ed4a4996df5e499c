from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.access_members import access_member, access_members
from console.accounts.members import change_role, remove_member
from console.accounts.needs import needs
from console.accounts.roles import Action, Role
from console.accounts.shapes import member_shape
from console.api import member_serializers as serializers
from console.api.serializers import Problem
from console.api.views import View


class MembersView(View):
    @needs(Action.TEAM)
    @extend_schema(operation_id="list_members", responses=serializers.Member(many=True))
    def get(self, _request: Request, team: str) -> Response:
        """Who is in the team, those who have been longest first."""
        return Response([member_shape(member) for member in access_members(self.who, team)])


class MemberView(View):
    @needs(Action.MEMBERS)
    @extend_schema(
        operation_id="change_member",
        request=serializers.MemberChanges,
        responses={200: serializers.Member, 409: Problem},
    )
    def patch(self, _request: Request, team: str, number: int) -> Response:
        """Give a member another role, in force at once. None above your own, and nobody who is above you."""
        member = access_member(self.who, team, number)
        sent = self.sent(serializers.MemberChanges)
        role, revoke = Role(sent["role"]), sent["revoke_tokens"]
        return Response(member_shape(change_role(self.who, member, role, actor=self.actor, revoke=revoke)))

    @needs(Action.MEMBERS)
    @extend_schema(
        operation_id="remove_member",
        parameters=[serializers.RemovalQuery],
        responses={204: None, 409: Problem},
    )
    def delete(self, _request: Request, team: str, number: int) -> Response:
        """Remove a member. Their open pages and their API tokens lose the team at once."""
        member = access_member(self.who, team, number)
        revoke = self.asked(serializers.RemovalQuery)["revoke_tokens"]
        remove_member(self.who, member, actor=self.actor, revoke=revoke)
        return Response(status=204)
