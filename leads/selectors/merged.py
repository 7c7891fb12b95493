"""Leads that were merged into others: where they are now, and what they were (domain.md section 7)."""

from accounts.actors import Actor, Person
from leadportal.common.errors import NotFound, Refused
from leads.exceptions import MergedAway
from leads.models import Lead, LeadMerge
from leads.rules.merging import may_look_after
from leads.selectors.facts import facts_of

# Nobody merges so often; a bound for what cannot happen.
LONGEST_CHAIN = 50


def gone_or_unknown(lead: Lead, actor: Actor) -> Refused:
    """Return why `actor` does not find `lead`: it is part of another lead by now that the actor sees, or 404."""
    found = Lead.objects.filter(pk=lead.pk).only("reference", "merged_into").first()
    return _where(found, actor) or NotFound()


def merged_away(reference: str, actor: Actor) -> Refused | None:
    """Return where the lead that was called `reference` is now, for those who see that one; else None."""
    found = Lead.objects.filter(reference=reference).only("reference", "merged_into").first()
    return _where(found, actor)


def there_now(lead: Lead) -> Lead:
    """Return the lead that `lead` is part of by now, or itself."""
    for _step in range(LONGEST_CHAIN):
        if lead.merged_into_id is None:
            break
        lead = Lead.objects.get(pk=lead.merged_into_id)
    return lead


def _where(gone: Lead | None, actor: Actor) -> MergedAway | None:
    """Follow merge after merge to the lead that is there, if the actor sees it."""
    if gone is None or gone.merged_into_id is None:
        return None
    last = there_now(gone)
    if not Lead.objects.visible_to(actor).filter(pk=last.pk).exists():
        return None
    return MergedAway(gone.reference, last.reference)


def merges_into(lead: Lead, actor: Person) -> list[LeadMerge]:
    """Return the leads that were merged into `lead`, newest first, as far as `actor` manages them."""
    rows = LeadMerge.objects.filter(kept=lead, undone_at__isnull=True)
    joined = (f"gone__{name}" for name in ("holder", "maker", "product"))
    return [
        merge
        for merge in rows.select_related("gone", "merged_by", *joined).order_by("-pk")
        if may_look_after(facts_of(merge.gone, actor, None, has_request=False), actor)
    ]


def family_of(lead: Lead) -> list[int]:
    """Return the ids of a lead and of everything that was merged into it, also by way of another one."""
    found, newest = [lead.pk], [lead.pk]
    while newest:
        rows = Lead.objects.filter(merged_into__in=newest).order_by("pk")
        newest = list(rows.values_list("pk", flat=True))
        found += newest
    return found
