"""Django's record of the app."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """Leads: see docs/architecture.md."""

    name = "leads"
    verbose_name = "Leads"

    def ready(self) -> None:
        """Answer what accounts cannot ask directly: leads of a new desk, of somebody who leaves, and jobs."""
        from accounts.services.jobs import handle_jobs
        from accounts.services.worker import do_also
        from accounts.signals import desk_opened, member_leaves, work_asked
        from leads.enums import SourceKind
        from leads.exports.files import make_export, sweep
        from leads.selectors.choices import open_work_of
        from leads.services.asking import lead_of_form
        from leads.services.attention import SWEEP as SWEEP_ASIDE
        from leads.services.attention import sweep_set_aside
        from leads.services.deliveries import lead_of_delivery
        from leads.services.desks import show_leads_to
        from leads.services.exports import MAKE, SWEEP
        from leads.services.intake import handle_submissions, process_due
        from leads.services.marks import hand_over

        desk_opened.connect(show_leads_to, dispatch_uid="show_leads_to")
        work_asked.connect(open_work_of, dispatch_uid="open_work_of")
        member_leaves.connect(hand_over, dispatch_uid="hand_over")
        handle_jobs(MAKE, make_export)
        handle_jobs(SWEEP, sweep)
        handle_jobs(SWEEP_ASIDE, sweep_set_aside)
        handle_submissions(SourceKind.PRODUCT_PROFILE, lead_of_form)
        handle_submissions(SourceKind.RESELLER_PROFILE, lead_of_form)
        handle_submissions(SourceKind.WEBHOOK, lead_of_delivery)
        do_also("submissions", process_due)
