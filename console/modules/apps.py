from django.apps import AppConfig


class ModulesConfig(AppConfig):
    name = "console.modules"

    def ready(self) -> None:
        # Models are not loaded when this module is.
        from console.modules.actions import complete, stage_fork, unstage
        from console.webtasks import needs

        needs.completing.append(complete)
        needs.released.append(unstage)
        needs.forked.append(stage_fork)
