"""How things look in JSON. Every list of fields is written out (security.md R6)."""

from rest_framework import serializers as s

from accounts.enums import Role
from leads.enums import (
    AccessLevel,
    Audience,
    Channel,
    EventKind,
    NoteKind,
    Outcome,
    Progress,
    Qualification,
    Relation,
    RequestState,
    Slugged,
    SourceKind,
    Status,
)
from leads.rules.workflow import Action
from leads.selectors.rows import LeadRow


def words(enum: type[Slugged], **options: object) -> s.ChoiceField:
    """Return a field that is one of the words of an enumeration."""
    return s.ChoiceField(choices=[member.slug for member in enum], **options)


class Problem(s.Serializer):
    """What went wrong (RFC 9457)."""

    type = s.CharField()
    title = s.CharField()
    status = s.IntegerField()
    detail = s.CharField()
    errors = s.DictField(child=s.ListField(child=s.CharField()), required=False)
    choices = s.DictField(child=s.ListField(child=s.DictField()), required=False)


class Named(s.Serializer):
    """Something with a number and a name."""

    id = s.IntegerField(source="pk")
    name = s.CharField()


class PersonNamed(s.Serializer):
    """A person."""

    id = s.IntegerField(source="pk")
    name = s.CharField(source="full_name")


class Page(s.Serializer):
    """Where a list goes on: addresses of other pages, null where there are none."""

    next = s.CharField(allow_null=True)
    previous = s.CharField(allow_null=True)


class Count(s.Serializer):
    """How many there are, looked at up to a bound."""

    number = s.IntegerField()
    is_exact = s.BooleanField()


class LeadListed(s.Serializer):
    """A line of the lead list."""

    lead_id = s.CharField(source="reference")
    status = words(Status, source="status.slug")
    is_past = s.SerializerMethodField()
    is_unread = s.BooleanField()
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


class NoteSeen(s.Serializer):
    """A note on a lead."""

    id = s.IntegerField(source="note.pk")
    author = s.CharField(source="note.author.full_name", allow_null=True, default=None)
    company = s.CharField(source="note.company.name")
    kind = s.ChoiceField(source="note.kind", choices=NoteKind.values)
    audience = s.ChoiceField(source="note.audience", choices=Audience.values)
    body = s.CharField(source="note.body")
    created_at = s.DateTimeField(source="note.created_at")
    edited_at = s.DateTimeField(source="note.edited_at", allow_null=True)
    readers = s.CharField()
    is_changeable = s.BooleanField()


class NotePage(s.Serializer):
    """Some notes of a lead, newest first."""

    next = s.CharField(allow_null=True)
    count = s.IntegerField()
    results = NoteSeen(many=True)


class Changed(s.Serializer):
    """What became what."""

    label = s.CharField()
    old = s.CharField()
    new = s.CharField()


class HistoryLine(s.Serializer):
    """A line of history in words."""

    number = s.IntegerField(source="event.number")
    kind = s.ChoiceField(source="event.kind", choices=EventKind.values)
    at = s.DateTimeField(source="event.at")
    who = s.CharField()
    text = s.CharField()
    remark = s.CharField()
    changes = Changed(many=True)


class HistoryPage(s.Serializer):
    """Some of a lead's history, newest first."""

    next = s.CharField(allow_null=True)
    results = HistoryLine(many=True)


class CompanySeen(s.Serializer):
    """A company."""

    id = s.IntegerField(source="pk")
    name = s.CharField()
    website = s.CharField()
    street = s.CharField()
    postcode = s.CharField()
    city = s.CharField()
    region = s.CharField()
    country = s.CharField()
    size = s.CharField()
    industry = s.CharField()
    is_customer = s.BooleanField()
    is_reseller = s.BooleanField()
    is_referral = s.BooleanField()
    is_developer = s.BooleanField()
    is_marketplace = s.BooleanField()
    is_active = s.BooleanField()


class CompanyPage(Page):
    """Some companies, by name."""

    results = CompanySeen(many=True)


class ProductSeen(s.Serializer):
    """A product."""

    id = s.IntegerField(source="pk")
    name = s.CharField()
    slug = s.CharField()
    kind = s.ChoiceField(choices=["application", "service"], source="word")
    vendor = Named()
    summary = s.CharField()
    description = s.CharField()
    is_active = s.BooleanField()


class ProductPage(Page):
    """Some products, by name."""

    results = ProductSeen(many=True)


class TemplateQuestion(s.Serializer):
    """A question of a lead template."""

    key = s.CharField()
    label = s.CharField()
    kind = s.CharField()
    is_required = s.BooleanField()
    options = s.ListField(child=s.CharField())
    maps_to = s.CharField()


class ListingSeen(s.Serializer):
    """A product in a marketplace, and what its form asks now."""

    form = s.CharField(source="slug")
    product = Named()
    marketplace = Named()
    is_active = s.BooleanField()
    questions = TemplateQuestion(many=True, source="specs")


class TemplateListed(s.Serializer):
    """A lead template."""

    id = s.IntegerField(source="template.pk")
    name = s.CharField(source="template.name")
    owner = Named(source="template.owner")
    state = s.CharField()
    version = s.IntegerField(source="version.number", allow_null=True, default=None)
    marketplaces = s.ListField(child=s.CharField())
    updated_at = s.DateTimeField(source="template.updated_at")


class TemplatePage(Page):
    """Some lead templates, by name."""

    results = TemplateListed(many=True)


class TemplateSeen(TemplateListed):
    """A lead template with the questions of the version that counts."""

    questions = TemplateQuestion(many=True)


class ExportSeen(s.Serializer):
    """A workbook that is made, or was: `state` says how far it is."""

    id = s.IntegerField(source="pk")
    name = s.CharField()
    words = s.CharField()
    rows = s.IntegerField()
    asked_at = s.DateTimeField()
    ready_at = s.DateTimeField(allow_null=True)
    expires_at = s.DateTimeField(allow_null=True)
    state = s.ChoiceField(choices=["being made", "ready", "failed", "gone"])


class ExportList(s.Serializer):
    """The files that were asked for, newest first."""

    results = ExportSeen(many=True)


class Counts(s.Serializer):
    """One group of a report: its key, how it is called, how many leads, and how many in each status."""

    key = s.CharField()
    label = s.CharField()
    count = s.IntegerField()
    statuses = s.DictField(child=s.IntegerField())


class Report(s.Serializer):
    """Leads that were created in a period, counted."""

    groupby = s.ChoiceField(choices=["DATE", "STATUS", "LISTING"])
    first = s.DateField()
    last = s.DateField()
    count = s.IntegerField()
    groups = Counts(many=True)


class Me(s.Serializer):
    """Who the token is."""

    token = s.CharField(source="actor.token")
    role = s.ChoiceField(choices=Role.values)
    scopes = s.ListField(child=s.CharField())
    company = s.CharField(source="actor.company_name")
    person = s.CharField(source="actor.name")
    expires_at = s.DateTimeField()


class ActionList(s.Serializer):
    """What the token may do with a lead now."""

    results = ActionOffered(many=True)


class ListingPage(Page):
    """Some listings."""

    results = ListingSeen(many=True)


class MarketplaceList(s.Serializer):
    """The marketplaces that the token's role sees."""

    results = Named(many=True)
