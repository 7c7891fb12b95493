"""The only scope: which leads, lines and notes an actor may read (architecture.md, habit 3)."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.actors import Actor, Person, System
from accounts.enums import Role
from leads.enums import AccessLevel, Audience
from leads.rules.permissions import (
    edits_scoring,
    looks_after_own_company,
    manages_routing,
    sets_company_notices,
)

if TYPE_CHECKING:
    from leads.models import LeadAccess


class AccessQuerySet(models.QuerySet[Any]):
    """Access rows: a list is one index range of one desk."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the rows of the actor's desk; none without a desk. The system reads through `Lead`."""
        if isinstance(actor, Person) and actor.desk_id:
            return self.filter(desk=actor.desk_id)
        return self.none()


class LeadQuerySet(models.QuerySet[Any]):
    """Leads: single look-ups and locks; lists start at `AccessQuerySet`."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the leads that `actor` may see, by a probe on the access rows, so that they can be locked.

        A lead that was merged into another one has no access rows, and nobody sees it.
        """
        if isinstance(actor, System):
            return self.filter(merged_into__isnull=True)
        if not isinstance(actor, Person):
            return self.none()
        if actor.is_staff_at_work:
            return self.filter(host=actor.host_id, merged_into__isnull=True)
        access = apps.get_model("leads", "LeadAccess")
        return self.filter(Exists(access.objects.visible_to(actor).filter(lead=OuterRef("pk"))))


class SavedViewQuerySet(models.QuerySet[Any]):
    """Saved views of the lead list."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the actor's own views at its present company, and those that colleagues there share."""
        if not isinstance(actor, Person):
            return self.none()
        theirs = Q(owner=actor.user_id) | Q(is_shared=True)
        return self.filter(theirs, company=actor.company_id)


class OnALeadQuerySet(models.QuerySet[Any]):
    """Rows below a lead whose readers depend on the reader's company and access row."""

    moment = "created_at"

    def until_lost(self, access: "LeadAccess | None") -> Self:
        """Cut off what happened after a desk lost the lead (domain.md section 2, *Past*)."""
        if access is not None and access.level == AccessLevel.PAST:
            return self.until(access.lost_at)
        return self

    def until(self, lost_at: Any) -> Self:
        """Return what was there at a moment."""
        return self.filter(**{f"{self.moment}__lte": lost_at})


class EventQuerySet(OnALeadQuerySet):
    """History lines."""

    moment = "at"

    def readable_by(self, actor: Actor, access: "LeadAccess | None") -> Self:
        """Return the lines that `actor` may read on a lead it sees through `access`."""
        if isinstance(actor, System):
            return self
        own = Q(audience_company__isnull=True) | Q(audience_company=actor.company_id)
        return self.filter(own).until_lost(access)


def _there_at(moment: Any) -> Q:
    """A note that came with a merged lead is none of a desk that had lost the other one before."""
    return Q(merged_at__isnull=True) | Q(merged_at__lte=moment)


class NoteQuerySet(OnALeadQuerySet):
    """Notes."""

    def readable_by(self, actor: Actor, access: "LeadAccess | None") -> Self:
        """Return the notes that `actor` may read on a lead it sees through `access`, deleted ones left out."""
        if isinstance(actor, System):
            return self.filter(deleted_at__isnull=True)
        return self._audible_to(actor).until_lost(access)

    def readable_in_list(self, actor: Person) -> Self:
        """Return the notes that `actor` may read on any lead of its desk: `readable_by` for many leads at once."""
        is_current = Q(lead__access__level=AccessLevel.CURRENT)
        lost_at = F("lead__access__lost_at")
        until_lost = Q(created_at__lte=lost_at) & _there_at(lost_at)
        rows = self._audible_to(actor)
        return rows.filter(is_current | until_lost, lead__access__desk=actor.desk_id)

    def until(self, lost_at: Any) -> Self:
        """Return what was there at a moment: written by then, and not come later with a merged lead."""
        return super().until(lost_at).filter(_there_at(lost_at))

    def _audible_to(self, actor: Person) -> Self:
        own = Q(audience=Audience.EVERYBODY) | Q(company=actor.company_id)
        return self.filter(own, deleted_at__isnull=True)


class BulkRunQuerySet(models.QuerySet[Any]):
    """Bulk actions."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what `actor` did itself, at work in the same company."""
        if not isinstance(actor, Person):
            return self.none()
        return self.filter(user=actor.user_id, company=actor.company_id)


class ExportFileQuerySet(models.QuerySet[Any]):
    """Files of leads."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the files that `actor` asked for itself, while it still sees leads from the same desk."""
        if not isinstance(actor, Person) or not actor.desk_id:
            return self.none()
        return self.filter(user=actor.user_id, company=actor.company_id, desk=actor.desk_id)


class SubmissionQuerySet(models.QuerySet[Any]):
    """What came in, before it is a lead (domain.md section 4, *Needs attention*)."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what `actor` looks after: all of the host, its programme's, the own products', the own company's."""
        if isinstance(actor, System):
            return self
        if not isinstance(actor, Person):
            return self.none()
        if actor.has(Role.MARKETPLACE_MANAGER) or actor.is_staff_at_work:
            return self.filter(host=actor.host_id)
        mine = Q(pk__in=[])
        if actor.has(Role.RESELLER_MANAGER):
            partner = Q(company__is_reseller=True) | Q(company__is_referral=True)
            mine |= partner & Q(host=actor.host_id)
        if looks_after_own_company(actor):
            mine |= Q(company=actor.company_id)
        return self.filter(mine)


class SourceQuerySet(SubmissionQuerySet):
    """Webhook sources: whoever looks after what comes through one manages it."""


class ImportQuerySet(models.QuerySet[Any]):
    """Files of leads that people have sent."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what `actor` sent itself, while it still works at the same desk."""
        if not isinstance(actor, Person) or not actor.desk_id:
            return self.none()
        return self.filter(user=actor.user_id, company=actor.company_id, desk=actor.desk_id)


class ImportMappingQuerySet(models.QuerySet[Any]):
    """Saved mappings."""

    def visible_to(self, actor: Actor) -> Self:
        """Return those of the actor's company."""
        if not isinstance(actor, Person):
            return self.none()
        return self.filter(company=actor.company_id)


class TargetQuerySet(models.QuerySet[Any]):
    """Slack channels and webhooks that a company is told by."""

    def visible_to(self, actor: Actor) -> Self:
        """Return those of the actor's company, for who decides what its people are told."""
        if isinstance(actor, Person) and sets_company_notices(actor):
            return self.filter(company=actor.company_id)
        return self.none()


class RoutingQuerySet(models.QuerySet[Any]):
    """Versions of assignment rules."""

    def visible_to(self, actor: Actor) -> Self:
        """Return those of the actor's host, for its managers (domain.md section 4)."""
        if isinstance(actor, System):
            return self
        if isinstance(actor, Person) and (manages_routing(actor) or actor.is_staff_at_work):
            return self.filter(host=actor.company_id)
        return self.none()

    def draft(self) -> Self:
        """Return the versions that are being edited."""
        return self.filter(state="draft")

    def started(self, moment: Any) -> Self:
        """Return the published versions that counted at `moment` or before, the newest first."""
        return self.filter(state="published", starts_at__lte=moment).order_by("-number")


class AbsenceQuerySet(models.QuerySet[Any]):
    """Absences."""

    def visible_to(self, actor: Actor) -> Self:
        """Return those of the host's and its programme's people for managers, else the own ones."""
        if isinstance(actor, System):
            return self
        if not isinstance(actor, Person):
            return self.none()
        if manages_routing(actor):
            own = actor.company_id
            return self.filter(Q(company=own) | Q(company__host=own))
        return self.filter(company=actor.company_id, user=actor.user_id)

    def on(self, day: Any) -> Self:
        """Return those that hold on a day."""
        return self.filter(first_day__lte=day, last_day__gte=day)


class InboxQuerySet(models.QuerySet[Any]):
    """What people are told."""

    def own(self, actor: Actor) -> Self:
        """Return what `actor` was told at its present company, also about leads that it no longer sees."""
        if not isinstance(actor, Person):
            return self.none()
        return self.filter(user=actor.user_id, company=actor.company_id)

    def visible_to(self, actor: Actor) -> Self:
        """Return what `actor` may read of it: of a lead only as long, and as far, as its desk sees the lead."""
        access = apps.get_model("leads", "LeadAccess")
        seen = access.objects.visible_to(actor).filter(
            Q(level=AccessLevel.CURRENT) | Q(lost_at__gte=OuterRef("created_at")),
            lead=OuterRef("lead"),
        )
        return self.own(actor).filter(Q(lead__isnull=True) | Exists(seen))


class SheetQuerySet(models.QuerySet[Any]):
    """Scoring rules (domain.md section 4)."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the host's for its managers, and for a vendor those of its products."""
        if isinstance(actor, System):
            return self
        if not isinstance(actor, Person):
            return self.none()
        seen = Q(pk__in=[])
        if actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER):
            seen |= Q(product__isnull=True, company=actor.host_id)
        if actor.has(Role.VENDOR):
            seen |= Q(product__isnull=False, company=actor.company_id)
        return self.filter(seen)


class LinkQuerySet(models.QuerySet[Any]):
    """Tracked links."""

    def visible_to(self, actor: Actor) -> Self:
        """Return those of the actor's company, for who sets its scoring rules."""
        if isinstance(actor, System):
            return self
        if isinstance(actor, Person) and edits_scoring(actor):
            return self.filter(company=actor.company_id)
        return self.none()
