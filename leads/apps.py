"""Django's record of the app."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """Leads: see docs/architecture.md."""

    name = "leads"
    verbose_name = "Leads"

    def ready(self) -> None:
        """Answer the one signal: a desk that opens is shown its leads."""
        from accounts.signals import desk_opened
        from leads.services.access import show_leads_to

        desk_opened.connect(show_leads_to, dispatch_uid="show_leads_to")
