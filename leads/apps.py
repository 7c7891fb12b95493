"""Django's record of the app."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """Leads: see docs/architecture.md."""

    name = "leads"
    verbose_name = "Leads"

    def ready(self) -> None:
        """Answer what accounts cannot ask directly: leads of a new desk, of somebody who leaves, and jobs."""
        from django.db.models.signals import post_migrate

        from accounts.services.jobs import handle_jobs, repeat_daily
        from accounts.services.worker import do_also
        from accounts.signals import desk_opened, member_leaves, work_asked
        from leads.enums import SourceKind
        from leads.exports.files import make_export, sweep
        from leads.selectors.choices import open_work_of
        from leads.selectors.forms import (
            leads_by_template,
            rules_reading,
            templates_with_leads,
            views_reading,
        )
        from leads.services import calls, imports, next_steps
        from leads.services.asking import lead_of_form
        from leads.services.attention import SWEEP as SWEEP_ASIDE
        from leads.services.attention import sweep_set_aside
        from leads.services.deliveries import lead_of_delivery
        from leads.services.desks import show_leads_to
        from leads.services.expiring import run_clocks
        from leads.services.exports import MAKE, SWEEP
        from leads.services.fetching import fetch_due_mail
        from leads.services.imports.checking import check_import
        from leads.services.imports.files import sweep as sweep_imports
        from leads.services.imports.running import run_import
        from leads.services.imports.undoing import undo_import
        from leads.services.inbox import SWEEP as SWEEP_INBOX
        from leads.services.inbox import sweep_inbox
        from leads.services.intake import handle_submissions, process_due
        from leads.services.mails import lead_of_mail
        from leads.services.marks import hand_over
        from leads.services.notices import mail_notices
        from leads.services.pipelines import begin_selling
        from leads.services.quotes import EXPIRE, expire_quotes
        from leads.services.retention import KEEP, keep_only_so_long
        from leads.services.routing.publishing import APPLY, apply_rules
        from leads.services.scoring.recalculating import FADE, fade_scores, recalculate
        from leads.services.scoring.routing import route_at_threshold
        from leads.services.scoring.sheets import RECALCULATE
        from leads.services.scoring.threshold import ROUTE
        from leads.services.scoring.trial import TRY, try_scores
        from templates_app.signals import answers_used, leads_counted, leads_looked_for

        post_migrate.connect(_guard_history, sender=self, dispatch_uid="guard_history")
        desk_opened.connect(show_leads_to, dispatch_uid="show_leads_to")
        desk_opened.connect(begin_selling, dispatch_uid="begin_selling")
        work_asked.connect(open_work_of, dispatch_uid="open_work_of")
        leads_counted.connect(leads_by_template, dispatch_uid="leads_by_template")
        leads_looked_for.connect(templates_with_leads, dispatch_uid="templates_with_leads")
        answers_used.connect(views_reading, dispatch_uid="views_reading")
        answers_used.connect(rules_reading, dispatch_uid="rules_reading")
        member_leaves.connect(hand_over, dispatch_uid="hand_over")
        handle_jobs(MAKE, make_export)
        handle_jobs(SWEEP, sweep)
        handle_jobs(imports.CHECK, check_import)
        handle_jobs(imports.RUN, run_import)
        handle_jobs(imports.UNDO, undo_import)
        handle_jobs(imports.SWEEP, sweep_imports)
        repeat_daily(SWEEP_INBOX, sweep_inbox)
        repeat_daily(KEEP, keep_only_so_long)
        repeat_daily(EXPIRE, expire_quotes)
        handle_jobs(APPLY, apply_rules)
        handle_jobs(SWEEP_ASIDE, sweep_set_aside)
        handle_submissions(SourceKind.PRODUCT_PROFILE, lead_of_form)
        handle_submissions(SourceKind.RESELLER_PROFILE, lead_of_form)
        handle_submissions(SourceKind.WEBHOOK, lead_of_delivery)
        handle_submissions(SourceKind.EMAIL, lead_of_mail)
        do_also("submissions", process_due)
        repeat_daily(calls.SWEEP, calls.sweep_calls)
        repeat_daily(next_steps.TELL, next_steps.tell_next_steps)
        do_also("clocks", run_clocks)
        do_also("notices", mail_notices)
        handle_jobs(ROUTE, route_at_threshold)
        handle_jobs(RECALCULATE, recalculate)
        handle_jobs(TRY, try_scores)
        repeat_daily(FADE, fade_scores)
        do_also("calls", calls.send_due_calls)
        do_also("mailboxes", fetch_due_mail)


def _guard_history(using: str, **_kwargs: object) -> None:
    """Guard history after every migration on SQLite, which makes a changed table anew and drops its triggers."""
    from django.db import connections

    from leads.models.guards import install_guard

    if connections[using].vendor == "sqlite":
        install_guard(connections[using])
