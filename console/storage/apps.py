from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "console.storage"

    def ready(self) -> None:
        from console.storage import calls  # noqa: F401 - registers them; models are not loaded before
