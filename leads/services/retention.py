"""Remove personal data that a marketplace has kept for long enough: by its rule, once a day (security.md F16)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actors import SYSTEM, System
from accounts.services.jobs import Work
from leadportal.common import clock
from leads.enums import CLOSED
from leads.models import Lead
from leads.rules.privacy import ErasureReason, kept_since
from leads.services.merging_leads import forget_merges
from leads.services.privacy import anonymise_lead
from templates_app.models import Marketplace

# The kind of the daily job.
KEEP = "keep_only_so_long"
PORTION = 200


@dataclass(frozen=True)
class Overdue:
    """A marketplace with a rule, and how many of its leads have been kept for long enough."""

    marketplace: Marketplace
    leads: int


def overdue() -> list[Overdue]:
    """Return the marketplaces that have a rule, by name: what `apply_retention` would do now."""
    return [Overdue(one, _kept_enough(one).count()) for one in _ruled()]


def apply_retention() -> Iterator[Lead]:
    """Anonymise every closed lead that its marketplace has kept for long enough; yield each when it is done.

    Counted from its last change of status. A lead that was restored meanwhile stays. Each is a transaction of its
    own, so that a worker that is stopped loses nothing.
    """
    for marketplace in _ruled():
        last = 0
        actor = System(_("Retention rule of %(place)s") % {"place": marketplace.name})
        while portion := list(_kept_enough(marketplace).filter(pk__gt=last)[:PORTION]):
            for lead in portion:
                if _erase(lead, marketplace, actor):
                    yield lead
            last = portion[-1].pk


def keep_only_so_long(work: Work) -> None:
    """Do the daily job: the rules of all marketplaces, and what undoing old merges would have put back."""
    forget_merges()
    for done, _lead in enumerate(apply_retention(), start=1):
        work.report(done, 0)


@transaction.atomic
def _erase(lead: Lead, marketplace: Marketplace, actor: System) -> bool:
    """Anonymise a lead unless it has changed since it was chosen."""
    still = _kept_enough(marketplace).filter(pk=lead.pk).select_for_update(of=("self",))
    if not still.exists():
        return False
    anonymise_lead(lead, reason=ErasureReason.RETENTION, actor=actor)
    return True


def _ruled() -> "QuerySet[Marketplace]":
    rows = Marketplace.objects.visible_to(SYSTEM).filter(retention_days__isnull=False)
    return rows.order_by("name", "pk")


def _kept_enough(marketplace: Marketplace) -> "QuerySet[Lead]":
    until = kept_since(clock.now(), marketplace.retention_days or 0)
    rows = Lead.objects.visible_to(SYSTEM).filter(marketplace=marketplace, status__in=CLOSED)
    return rows.filter(anonymised_at__isnull=True, status_changed_at__lt=until).order_by("pk")
