from django.apps import AppConfig


class ServeConfig(AppConfig):
    name = "console.serve"

    def ready(self) -> None:
        from console import checks  # noqa: F401 - importing registers them
