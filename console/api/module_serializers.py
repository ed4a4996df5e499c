"""What the API takes and gives of packages, for the schema (console.modules.shapes makes it)."""

from rest_framework import serializers

from console.api.serializers import Body
from console.modules.states import State


class Install(Body):
    run = serializers.CharField()
    state = serializers.ChoiceField(State.values)
    output = serializers.CharField()
    error = serializers.CharField()


class Module(Body):
    name = serializers.CharField()
    wanted = serializers.CharField()
    version = serializers.CharField()
    origin = serializers.ChoiceField(["webtask", "code", "platform"])


class Modules(Body):
    modules = Module(many=True)
    install = Install(allow_null=True)


class NewModule(Body):
    """A version, a range or a tag of the registry's."""

    name = serializers.CharField(max_length=214)
    version = serializers.CharField(max_length=100, default="latest")


class Typings(Body):
    """The declarations of a package, for a compiler: by path below node_modules/`package`."""

    package = serializers.CharField()
    files = serializers.DictField(child=serializers.CharField())


class TypingsQuery(serializers.Serializer[dict[str, str]]):
    version = serializers.CharField(max_length=100, default="", help_text="Of `require('name@version')`.")
