"""How companies, the catalogue and the token look in JSON. Every list of fields is written out (security.md R6)."""

from rest_framework import serializers as s

from accounts.enums import Role
from leads.api.serializers.base import Named, Page


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


class ListingPage(Page):
    """Some listings."""

    results = ListingSeen(many=True)


class MarketplaceList(s.Serializer):
    """The marketplaces that the token's role sees."""

    results = Named(many=True)


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


class Me(s.Serializer):
    """Who the token is."""

    token = s.CharField(source="actor.token")
    role = s.ChoiceField(choices=Role.values)
    scopes = s.ListField(child=s.CharField())
    company = s.CharField(source="actor.company_name")
    person = s.CharField(source="actor.name")
    expires_at = s.DateTimeField()
