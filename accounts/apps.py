"""Django's record of the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: see docs/architecture.md."""

    name = "accounts"
    verbose_name = "People"
