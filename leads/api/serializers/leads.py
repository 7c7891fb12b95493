"""How leads look in JSON, in a list and alone. Every list of fields is written out (security.md R6)."""

from rest_framework import serializers as s

from leads.api.serializers.base import Count, Named, Page, PersonNamed, words
from leads.enums import (
    AccessLevel,
    Channel,
    Outcome,
    Progress,
    Qualification,
    Relation,
    RequestState,
    SourceKind,
    Status,
)
from leads.rules.workflow import Action
from leads.selectors.rows import LeadRow


class LeadListed(s.Serializer):
    """A line of the lead list."""

    lead_id = s.CharField(source="reference")
    status = words(Status, source="status.slug")
    is_past = s.SerializerMethodField()
    is_unread = s.BooleanField()
    is_masked = s.BooleanField()
    created_at = s.DateTimeField()
    updated_at = s.DateTimeField(source="more.updated_at")
    status_changed_at = s.DateTimeField(source="more.status_changed_at")
    company = s.CharField()
    first_name = s.CharField()
    last_name = s.CharField()
    country = s.CharField(source="more.country")
    source_kind = words(SourceKind, source="source_kind.slug")
    source = s.CharField(source="source_label")
    recipient = s.CharField(source="recipient_label")
    product = s.CharField(source="product.name", allow_null=True, default=None)
    marketplace = s.CharField(source="marketplace.name", allow_null=True, default=None)
    template = s.CharField(source="more.template", allow_null=True)
    in_charge = s.CharField(source="more.in_charge", allow_null=True)
    score = s.IntegerField(source="more.score")
    deadline = s.DateTimeField(source="more.deadline", allow_null=True)
    qualification = s.SerializerMethodField()
    progress = s.SerializerMethodField()

    def get_is_past(self, row: LeadRow) -> bool:
        """Whether the token's desk has lost the lead."""
        return row.level == AccessLevel.PAST

    def get_qualification(self, row: LeadRow) -> str:
        """The vendor's verdict."""
        return Qualification(row.more["qualification"]).slug

    def get_progress(self, row: LeadRow) -> str:
        """What the seller reached."""
        return Progress(row.more["progress"]).slug


class LeadPage(Page):
    """Some leads of a list."""

    count = Count()
    results = LeadListed(many=True)


class Answered(s.Serializer):
    """An answer of the lead's form, or a custom attribute: `text` is how people read it."""

    key = s.CharField()
    label = s.CharField()
    value = s.JSONField(allow_null=True)
    text = s.CharField()


class ProductOnLead(s.Serializer):
    """A product that somebody added to the lead."""

    id = s.IntegerField(source="product_id")
    name = s.CharField(source="product.name")
    vendor = s.CharField(source="product.vendor.name")
    added_at = s.DateTimeField()


class Ending(s.Serializer):
    """How a lead was closed."""

    at = s.DateTimeField()
    reason = s.CharField()
    text = s.CharField()


class RequestNewest(s.Serializer):
    """The newest conversion request."""

    state = s.ChoiceField(choices=RequestState.values)
    company = s.CharField(source="company.name")
    requested_at = s.DateTimeField()
    comment = s.CharField()


class Contact(s.Serializer):
    """Person and company of a lead; of a lost one as the token's desk last saw it."""

    first_name = s.CharField()
    last_name = s.CharField()
    email = s.CharField()
    phone = s.CharField()
    job_title = s.CharField()
    company = s.CharField()
    website = s.CharField()
    size = s.CharField()
    industry = s.CharField()
    street = s.CharField()
    postcode = s.CharField()
    city = s.CharField()
    region = s.CharField()
    country = s.CharField()


class LeadSeen(s.Serializer):
    """A lead as the token's role sees it. Of a lead that its desk has lost only status and contact are left."""

    lead_id = s.CharField()
    status = words(Status)
    is_past = s.BooleanField()
    is_masked = s.BooleanField(help_text="The contact is shown once the lead is accepted.")
    version = s.IntegerField(allow_null=True)
    relations = s.ListField(child=s.ChoiceField(choices=Relation.values))
    actions = s.ListField(child=s.ChoiceField(choices=[one.value for one in Action]))
    contact = Contact()
    channel = words(Channel, allow_null=True)
    qualification = words(Qualification, allow_null=True)
    progress = words(Progress, allow_null=True)
    outcome = words(Outcome, allow_null=True)
    score = s.IntegerField(allow_null=True)
    is_mql = s.BooleanField(allow_null=True)
    is_sql = s.BooleanField(allow_null=True)
    created_at = s.DateTimeField(allow_null=True)
    updated_at = s.DateTimeField(allow_null=True)
    status_changed_at = s.DateTimeField(allow_null=True)
    source_kind = words(SourceKind, allow_null=True)
    source = s.CharField(allow_null=True)
    recipient = s.CharField(allow_null=True)
    in_charge = PersonNamed(allow_null=True)
    product = Named(allow_null=True)
    marketplace = Named(allow_null=True)
    next_step = s.CharField(allow_null=True)
    next_step_on = s.DateField(allow_null=True)
    deadline = s.DateTimeField(
        allow_null=True, help_text="When the lead goes back unless it is accepted, or got further."
    )
    answers = Answered(many=True)
    attributes = Answered(many=True)
    products = ProductOnLead(many=True)
    associated_company = Named(allow_null=True)
    customer = Named(allow_null=True)
    conversion_request = RequestNewest(allow_null=True)
    ending = Ending(allow_null=True)


class Choice(s.Serializer):
    """One thing to choose: send `value`."""

    value = s.CharField()
    label = s.CharField()


class Asked(s.Serializer):
    """A field of a move, with what can be chosen in it for this lead."""

    name = s.CharField()
    label = s.CharField()
    is_required = s.BooleanField()
    choices = Choice(many=True)


class ActionOffered(s.Serializer):
    """A move that the token may make now."""

    action = s.ChoiceField(choices=[one.value for one in Action])
    asks = Asked(many=True)


class ActionList(s.Serializer):
    """What the token may do with a lead now."""

    results = ActionOffered(many=True)
