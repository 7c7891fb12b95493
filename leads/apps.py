"""Django's record of the app."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """Leads: see docs/architecture.md."""

    name = "leads"
    verbose_name = "Leads"

    def ready(self) -> None:
        """Answer what accounts cannot ask directly: leads of a new desk, and of somebody who leaves."""
        from accounts.signals import desk_opened, member_leaves, work_asked
        from leads.selectors.choices import open_work_of
        from leads.services.access import show_leads_to
        from leads.services.marks import hand_over

        desk_opened.connect(show_leads_to, dispatch_uid="show_leads_to")
        work_asked.connect(open_work_of, dispatch_uid="open_work_of")
        member_leaves.connect(hand_over, dispatch_uid="hand_over")
