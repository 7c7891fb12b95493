"""What deals are asked for: their own fields, the stage, and why one was lost."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import Amount, BoundedDate, OneOf, OneRow, PortalForm, TextLine
from leads.forms.actions import ActionForm
from leads.models import Deal, Lead, Stage
from leads.rules.money import LARGEST, currency_choices
from leads.rules.selling import Needed, missing_for
from leads.selectors.choices import people_to_give_to
from leads.selectors.deals import first_stage, given_by, last_currency, stages_for
from leads.selectors.detail import Sight
from leads.services.deals import DealValues

_EXAMPLE = _("Like “200 seats of Acme Backup, three years”.")


class DealFields(PortalForm):
    """The fields of a deal."""

    subject = TextLine(
        label=_("Subject"), max_length=120, enter=_("Enter a subject"), help_text=_EXAMPLE
    )
    value = Amount(
        label=_("Value"),
        smallest=0,
        largest=LARGEST,
        required=False,
        enter=_("Enter a value"),
        help_text=_("Without tax, like 12500 or 12500.50."),
    )
    currency = OneOf(label=_("Currency"), choices=currency_choices)
    close_on = BoundedDate(
        label=_("Expected close date"),
        required=False,
        help_text=_("When you expect the customer to decide."),
    )
    stage = OneRow(label=_("Stage"), enter=_("Choose a stage"), empty_label=None)
    owner = OneRow(
        label=_("Person in charge"),
        required=False,
        enter=_("Choose a person"),
        empty_label=_("Nobody"),
    )

    def offer_for(self, lead: Lead, deal: Deal | None = None) -> None:
        """Offer the host's stages and the people of the company that sells."""
        self.offer(stage=stages_for(lead.host_id, deal), owner=people_to_give_to(lead))
        fields: Any = self.fields
        fields["stage"].label_from_instance = stage_label
        fields["owner"].label_from_instance = lambda user: f"{user.full_name} ({user.email})"

    @property
    def values(self) -> DealValues:
        """What a valid form says."""
        return DealValues(**{name: self.cleaned_data[name] for name in DealFields.base_fields})


class NewDealForm(DealFields, ActionForm):
    """A deal from a lead: what the lead says already is filled in."""

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        lead = sight.lead
        wanted = lead.product.name if lead.product else ""
        first = {
            "subject": " · ".join(part for part in (lead.company, wanted) if part)[:120],
            "currency": last_currency(sight.actor),
            "stage": first_stage(lead.host_id),
            "owner": lead.in_charge_id,
        }
        kwargs.setdefault("initial", first)
        super().__init__(*args, sight=sight, **kwargs)
        self.offer_for(lead)


class DealForm(DealFields):
    """A deal that is there."""

    def __init__(self, *args: Any, deal: Deal, **kwargs: Any) -> None:
        names = ("subject", "value", "currency", "close_on", "stage", "owner")
        kwargs.setdefault("initial", {name: getattr(deal, name) for name in names})
        super().__init__(*args, **kwargs)
        assert deal.lead is not None  # noqa: S101  (a deal has one for ever)
        self.offer_for(deal.lead, deal)


class StageMoveForm(PortalForm):
    """The stage that a deal enters, with what the stage asks for and the deal has not got."""

    stage = OneRow(label=_("Stage"), enter=_("Choose a stage"), empty_label=None)

    def __init__(
        self, *args: Any, deal: Deal, missing: Iterable[Needed] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        assert deal.lead is not None  # noqa: S101
        self.offer(stage=stages_for(deal.host_id, deal))
        field: Any = self.fields["stage"]
        field.label_from_instance = stage_label
        self.missing = [need.value for need in missing if need.value in DealFields.base_fields]
        for name in self.missing:
            self.fields[name] = DealFields.base_fields[name]
        if "owner" in self.missing:
            self.offer(owner=people_to_give_to(deal.lead))

    @classmethod
    def asking(cls, data: Mapping[str, Any], *, deal: Deal, **options: Any) -> Self:
        """Return the form for what was sent: with what the chosen stage needs, and what came along of it."""
        chosen = cls(data, deal=deal)
        needs = chosen.cleaned_data["stage"].needs if chosen.is_valid() else ()
        missing = missing_for(needs, given_by(deal))
        asked = [need for need in Needed if need in missing or need.value in data]
        return cls(data, deal=deal, missing=asked, **options)

    @property
    def given(self) -> dict[str, Any]:
        """What was filled in of what was missing."""
        return {name: self.cleaned_data[name] for name in self.missing}


class LostForm(PortalForm):
    """Why a deal was lost."""

    reason = TextLine(
        label=_("Reason"),
        max_length=300,
        enter=_("Enter a reason"),
        help_text=_("Like “Chose a cheaper product”. It is shown with the deal."),
    )


def stage_label(stage: Stage) -> str:
    """Return a stage with its pipeline and chance."""
    return f"{stage.pipeline.name}: {stage.name} ({stage.probability} %)"
