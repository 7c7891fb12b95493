"""How deals, quotes and orders look in JSON. Every list of fields is written out (security.md R6).

Amounts are texts in the digits of their currency ("1200.50"), so that no reader rounds them.
"""

from typing import Any

from rest_framework import serializers as s

from leads.api.serializers.base import Count, Named, Page, PersonNamed, words
from leads.enums import Outcome
from leads.models import Deal, Stage
from leads.models.papers import PaperLine
from leads.rules.money import rounded
from leads.rules.selling import Colour, Needed, OrderState, QuoteState
from leads.rules.sums import weighted


class StageSeen(s.Serializer):
    """A stage of a pipeline: what it needs are fields of a deal."""

    id = s.IntegerField(source="pk")
    name = s.CharField()
    probability = s.IntegerField()
    colour = s.SerializerMethodField()
    needs = s.ListField(child=s.ChoiceField(choices=Needed.values))

    def get_colour(self, stage: Stage) -> str:
        """The colour by its name."""
        return Colour(stage.colour).name.lower()


class PipelineSeen(s.Serializer):
    """A pipeline with its stages in their order."""

    id = s.IntegerField(source="pk")
    name = s.CharField()
    is_active = s.BooleanField()
    stages = StageSeen(many=True, source="stages.all")


class PipelineList(s.Serializer):
    """The pipelines that the token's role sees."""

    results = PipelineSeen(many=True)


class SaleListed(s.Serializer):
    """What deals, quotes and orders have in common."""

    number = s.CharField(source="reference")
    subject = s.CharField()
    lead_id = s.CharField(source="lead.reference", allow_null=True, default=None)
    customer = s.CharField(source="customer_name")
    customer_id = s.IntegerField(allow_null=True)
    seller = s.CharField(source="seller_label")
    currency = s.CharField()
    created_at = s.DateTimeField()
    updated_at = s.DateTimeField()
    version = s.IntegerField()


class DealListed(SaleListed):
    """A line of the list of deals."""

    pipeline = Named(source="stage.pipeline")
    stage = Named()
    probability = s.IntegerField(source="stage.probability")
    outcome = words(Outcome, source="shown_outcome.slug")
    value = s.SerializerMethodField()
    weighted = s.SerializerMethodField()
    close_on = s.DateField(allow_null=True)
    owner = PersonNamed(allow_null=True)
    closed_at = s.DateTimeField(allow_null=True)
    lost_reason = s.CharField()

    def get_value(self, deal: Deal) -> str | None:
        """What it is worth."""
        return None if deal.value is None else str(rounded(deal.value, deal.currency))

    def get_weighted(self, deal: Deal) -> str | None:
        """What it is worth by its chance."""
        if deal.value is None:
            return None
        return str(weighted(deal.value, deal.stage.probability, deal.currency))


class DealTotals(s.Serializer):
    """What all deals of a list come to, for each currency by itself."""

    number = s.IntegerField()
    value = s.DictField(child=s.CharField())
    weighted = s.DictField(child=s.CharField())


class DealPage(Page):
    """Some deals of a list."""

    count = Count()
    totals = DealTotals()
    results = DealListed(many=True)


class DealSeen(DealListed):
    """A deal; `actions` is what the token may do with it now."""

    quotes = s.ListField(child=s.CharField(), source="quote_numbers")
    orders = s.ListField(child=s.CharField(), source="order_numbers")
    actions = s.ListField(
        child=s.ChoiceField(choices=["edit", "stage", "quote", "won", "lost", "reopen"])
    )


class PaperListed(SaleListed):
    """What quotes and orders have in common."""

    deal = s.CharField(source="deal.reference", allow_null=True, default=None)
    net = s.SerializerMethodField()
    tax = s.SerializerMethodField()
    total = s.SerializerMethodField()

    def get_net(self, paper: Any) -> str:
        """The sum of the lines."""
        return str(rounded(paper.net, paper.currency))

    def get_tax(self, paper: Any) -> str:
        """The taxes."""
        return str(rounded(paper.tax, paper.currency))

    def get_total(self, paper: Any) -> str:
        """What is to be paid."""
        return str(rounded(paper.total, paper.currency))


class QuoteListed(PaperListed):
    """A line of the list of quotes."""

    state = words(QuoteState, source="shown_state.slug")
    valid_until = s.DateField(allow_null=True)
    sent_at = s.DateTimeField(allow_null=True)
    answered_at = s.DateTimeField(allow_null=True)
    comment = s.CharField()


class OrderListed(PaperListed):
    """A line of the list of orders."""

    state = words(OrderState, source="shown_state.slug")
    state_since = s.DateTimeField(allow_null=True)
    quote = s.CharField(source="quote.reference", allow_null=True, default=None)


class PaperTotals(s.Serializer):
    """What all quotes or orders of a list come to, for each currency by itself."""

    number = s.IntegerField()
    total = s.DictField(child=s.CharField())


class QuotePage(Page):
    """Some quotes of a list."""

    count = Count()
    totals = PaperTotals()
    results = QuoteListed(many=True)


class OrderPage(Page):
    """Some orders of a list."""

    count = Count()
    totals = PaperTotals()
    results = OrderListed(many=True)


class LineSeen(s.Serializer):
    """A line of a quote or order; discount and tax are per cent."""

    product = Named()
    text = s.CharField()
    quantity = s.CharField()
    unit_price = s.CharField()
    discount = s.CharField()
    tax = s.CharField()
    net = s.SerializerMethodField()

    def get_net(self, line: PaperLine) -> str:
        """What it costs without tax."""
        return str(line.net)  # type: ignore[attr-defined]


class QuoteSeen(QuoteListed):
    """A quote with its lines; `actions` is what the token may do with it now."""

    terms = s.CharField()
    lines = LineSeen(many=True, source="lines_shown")
    order = s.CharField(source="order_number", allow_null=True)
    actions = s.ListField(child=s.ChoiceField(choices=["edit", "send", "withdraw", "order"]))


class OrderSeen(OrderListed):
    """An order with its lines; `actions` is what the token may do with it now."""

    lines = LineSeen(many=True, source="lines_shown")
    actions = s.ListField(child=s.ChoiceField(choices=["state"]))
