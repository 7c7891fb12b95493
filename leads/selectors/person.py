"""Everything that is stored about one person at a host, by e-mail address (security.md F16)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.models import Membership, OutgoingMail, User
from leads.models import (
    Behaviour,
    ConversionRequest,
    Event,
    EventValue,
    Lead,
    LeadAccess,
    LeadKey,
    LeadProduct,
    Note,
    PastView,
    Submission,
)
from leads.rules.likeness import EMAIL, mailbox
from leads.selectors.merged import family_of

# Of a lead: what says nothing to the person, or is only there to be compared.
_LEFT_OUT = frozenset({"id", "search", "search_changed_at", "version", "maker_kinds"})


@dataclass(frozen=True)
class PersonData:
    """The leads, and everything as plain values."""

    leads: list[Lead]
    data: dict[str, Any]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is stored."""
        return not (self.leads or self.data["account"] or self.data["mails"])


def person_data(email: str, actor: Person) -> PersonData:
    """Return what the host of `actor`, a marketplace manager, stores about the person behind `email`.

    Leads that have the address now, or had it before it was changed; with what was merged into them.
    """
    leads = _leads(email, actor)
    data = {
        "email": email,
        "leads": [_lead(lead) for lead in leads],
        "mails": _mails(email, leads),
        "account": _account(email, actor),
    }
    return PersonData(leads, data)


def _leads(email: str, actor: Person) -> list[Lead]:
    """Find them by the key of the mailbox, then by the very address; merged ones have no access rows."""
    same = LeadKey.objects.filter(key=f"{EMAIL}:{mailbox(email)}").values("lead")
    was = EventValue.objects.filter(Q(old__iexact=email) | Q(new__iexact=email), field="email")
    own = Lead.objects.filter(host=actor.company_id)
    found = own.filter(
        Q(pk__in=same, email__iexact=email) | Q(pk__in=was.values("event__lead"))
    ).order_by("pk")
    keys = {pk for lead in found for pk in family_of(lead)}
    joined = ("host", "holder", "product", "marketplace", "merged_into", "in_charge")
    return list(own.filter(pk__in=keys).select_related(*joined).order_by("pk"))


def _lead(lead: Lead) -> dict[str, Any]:
    fields = {one.name for one in Lead._meta.concrete_fields if not one.is_relation} - _LEFT_OUT
    notes = Note.objects.filter(lead=lead, deleted_at__isnull=True).order_by("pk")
    products = LeadProduct.objects.filter(lead=lead).order_by("pk")
    behaviour = Behaviour.objects.filter(lead=lead).order_by("at", "pk")
    requests = ConversionRequest.objects.filter(lead=lead).order_by("pk")
    seeing = LeadAccess.objects.filter(lead=lead).order_by("desk__company__name")
    return {
        **{name: getattr(lead, name) for name in sorted(fields)},
        "status": lead.get_status_display(),
        "host": lead.host.name,
        "holder": lead.recipient_label,
        "product": lead.product.name if lead.product else "",
        "marketplace": lead.marketplace.name if lead.marketplace else "",
        "merged_into": lead.merged_into.reference if lead.merged_into else "",
        "products": list(products.values_list("product__name", flat=True)),
        "notes": list(notes.values("created_at", "company__name", "kind", "body")),
        "history": [_line(event) for event in _events(lead)],
        "sent": list(Submission.objects.filter(lead=lead).values("received_at", "payload")),
        "behaviour": list(behaviour.values("at", "kind", "about", "source")),
        "conversion_requests": list(requests.values("requested_at", "state", "values", "comment")),
        "seen_by": sorted(set(seeing.values_list("desk__company__name", flat=True))),
        "as_seen_before": list(
            PastView.objects.filter(lead=lead).values_list("contact", flat=True)
        ),
    }


def _events(lead: Lead) -> Any:
    lines = Event.objects.filter(lead=lead).select_related("actor_company")
    return lines.prefetch_related("values").order_by("number")


def _line(event: Event) -> dict[str, Any]:
    company = event.actor_company
    return {
        "at": event.at,
        "what": event.get_kind_display(),
        "by": company.name if company else event.actor_name or _("The portal"),
        "values": [
            {"field": one.field, "old": one.old, "new": one.new} for one in event.values.all()
        ],
    }


def _mails(email: str, leads: list[Lead]) -> list[dict[str, Any]]:
    """Return the mails to the address that the host's leads caused."""
    sent = Submission.objects.filter(lead__in=leads).values("acknowledgement")
    rows = OutgoingMail.objects.filter(pk__in=sent, to__iexact=email).order_by("pk")
    return [dict(row) for row in rows.values("created_at", "to", "subject", "state", "sent_at")]


def _account(email: str, actor: Person) -> dict[str, Any] | None:
    """Return the account with this address, as far as the actor sees it: its work in visible companies."""
    seen = Membership.objects.visible_to(actor).filter(user__email__iexact=email)
    members = list(seen.select_related("user", "company").prefetch_related("roles").order_by("pk"))
    if not members:
        return None
    user: User = members[0].user
    return {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "joined": user.joined_at,
        "last_sign_in": user.last_login,
        "work": [
            {"company": one.company.name, "roles": [role.role for role in one.roles.all()]}
            for one in members
        ],
    }
