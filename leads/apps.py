"""Django's record of the app."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """Leads: see docs/architecture.md."""

    name = "leads"
    verbose_name = "Leads"

    def ready(self) -> None:
        """Answer what accounts cannot ask directly: leads of a new desk, of somebody who leaves, and jobs."""
        from accounts.services.jobs import handle_jobs
        from accounts.signals import desk_opened, member_leaves, work_asked
        from leads.exports.files import make_export, sweep
        from leads.selectors.choices import open_work_of
        from leads.services import imports
        from leads.services.desks import show_leads_to
        from leads.services.exports import MAKE, SWEEP
        from leads.services.imports.checking import check_import
        from leads.services.imports.files import sweep as sweep_imports
        from leads.services.imports.running import run_import
        from leads.services.imports.undoing import undo_import
        from leads.services.marks import hand_over

        desk_opened.connect(show_leads_to, dispatch_uid="show_leads_to")
        work_asked.connect(open_work_of, dispatch_uid="open_work_of")
        member_leaves.connect(hand_over, dispatch_uid="hand_over")
        handle_jobs(MAKE, make_export)
        handle_jobs(SWEEP, sweep)
        handle_jobs(imports.CHECK, check_import)
        handle_jobs(imports.RUN, run_import)
        handle_jobs(imports.UNDO, undo_import)
        handle_jobs(imports.SWEEP, sweep_imports)
