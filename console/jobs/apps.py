from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "console.jobs"

    def ready(self) -> None:
        """Each app's `tasks.py` registers the kinds of work it knows."""
        autodiscover_modules("tasks")
