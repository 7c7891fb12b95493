"""Who else has a lead open for editing (ux.md D16)."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2s

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import Membership
from leadportal.common import clock
from leads.enums import AccessLevel
from leads.models import Editing, LeadAccess
from leads.selectors.detail import Sight

RECENT = timedelta(minutes=2)


@dataclass(frozen=True)
class Others:
    """The other people who are on a lead's edit page: a sentence for each."""

    sentences: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """What a page sends of what it says already: no names, since it stands in addresses. "" for nobody."""
        if not self.sentences:
            return ""
        return blake2s("\n".join(self.sentences).encode(), digest_size=8).hexdigest()


def others_editing(sight: Sight) -> Others:
    """Return who else was on the edit page of the lead just now. Two queries at most.

    Only those whose company still sees the lead; a person whom the reader may not see is "somebody". A desk
    that lost the lead is told of nobody: it sees the lead as it was.
    """
    if sight.is_past:
        return Others()
    seeing = LeadAccess.objects.filter(
        lead=sight.lead, desk__company=OuterRef("company"), level=AccessLevel.CURRENT
    )
    rows = (
        Editing.objects.filter(Exists(seeing), lead=sight.lead, at__gte=clock.now() - RECENT)
        .exclude(user=sight.actor.user_id)
        .select_related("user", "company")
        .order_by("company__name", "user__last_name", "user_id")
    )
    people = {(row.user_id, row.company_id): row for row in rows}
    if not people:
        return Others()
    members = Membership.objects.visible_to(sight.actor).active()
    known = set(
        members.filter(user__in=[user for user, _company in people]).values_list("user", "company")
    )
    return Others(
        tuple(
            (
                _("%(person)s, %(company)s, has this lead open for editing.")
                if key in known
                else _("Somebody at %(company)s has this lead open for editing.")
            )
            % {"person": row.user.full_name, "company": row.company.name}
            for key, row in people.items()
        )
    )
