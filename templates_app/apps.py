"""Django's record of the app."""

from django.apps import AppConfig


class TemplatesAppConfig(AppConfig):
    """Templates: see docs/architecture.md."""

    name = "templates_app"
    verbose_name = "Templates"
