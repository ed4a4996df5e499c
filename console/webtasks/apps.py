from django.apps import AppConfig


class WebtasksConfig(AppConfig):
    name = "console.webtasks"
