"""What a customer may buy: pipelines with stages, and deals. Quotes and orders: papers.py."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leadportal.common.text import fold
from leads.enums import HolderDesk, Outcome
from leads.models.lead import Lead
from leads.querysets import PipelineQuerySet, SalesQuerySet
from leads.rules.money import CURRENCIES, DEFAULT, DIGITS, PLACES
from leads.rules.selling import Colour


class Pipeline(models.Model):
    """The steps that a kind of deal takes at a host."""

    personal_data = False

    host = models.ForeignKey("accounts.Company", models.PROTECT, related_name="pipelines")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("place"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    objects = PipelineQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name", "pk"]
        verbose_name = _("pipeline")
        constraints = [models.UniqueConstraint(fields=["host", "name"], name="pipeline_once")]

    def __str__(self) -> str:
        return self.name


class Stage(models.Model):
    """One step: how likely a deal is won there, and what it has to have before."""

    personal_data = False

    pipeline = models.ForeignKey(Pipeline, models.CASCADE, related_name="stages")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("place"), default=0)
    probability = models.PositiveSmallIntegerField(
        _("chance (%)"), validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    colour = models.CharField(_("colour"), max_length=8, choices=Colour, default=Colour.BLUE)
    needs = models.JSONField(_("needs"), default=list, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("stage")
        constraints = [
            models.UniqueConstraint(fields=["pipeline", "name"], name="stage_once"),
            models.CheckConstraint(
                name="stage_chance_in_percent", condition=Q(probability__lte=100)
            ),
            models.CheckConstraint(
                name="stage_colour_known", condition=Q(colour__in=Colour.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Sale(models.Model):
    """What deals, quotes and orders have in common: whose they are, and for which lead.

    `seller` and its desk follow the lead's holder, `vendor` and `in_channel` the lead (services/sellers.py), so that
    lists need no lead. They stay as they were when a quote or order is unlinked.
    """

    reference = models.CharField(_("number"), max_length=12, unique=True, editable=False)
    host = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    customer = models.ForeignKey(
        "accounts.Company", models.PROTECT, null=True, blank=True, related_name="%(class)ss"
    )
    seller = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    seller_desk = models.PositiveSmallIntegerField(_("desk"), choices=HolderDesk)
    vendor = models.ForeignKey(
        "accounts.Company", models.PROTECT, null=True, blank=True, related_name="+"
    )
    in_channel = models.BooleanField(_("in the reseller programme"), default=False)
    subject = models.CharField(_("subject"), max_length=120)
    currency = models.CharField(
        _("currency"), max_length=3, choices=[(c, c) for c in CURRENCIES], default=DEFAULT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search = models.TextField(default="", editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reference

    def save(self, **options: Any) -> None:
        """Store the row with its folded texts, which are the same on both databases."""
        self.search = fold(f"{self.reference} {self.subject} {self.customer_name}")
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "search"}
        super().save(**options)

    @property
    def customer_name(self) -> str:
        """Who buys: the customer company, else the company that the lead names, else the Lead ID."""
        if self.customer:
            return self.customer.name
        return (self.lead.company or self.lead.reference) if self.lead else ""

    @property
    def seller_label(self) -> str:
        """Who sells, as a lead says who holds it."""
        if self.seller_desk == HolderDesk.SALES:
            return str(_("%(host)s Sales") % {"host": self.seller.name})
        return self.seller.name


def indexes_of(name: str) -> list[models.Index]:
    """Return an index for each way to own rows, newest first."""
    owners = {
        "host": ["host"],
        "seller": ["seller", "seller_desk"],
        "vendor": ["vendor"],
        "customer": ["customer"],
    }
    return [
        models.Index(fields=[*fields, "-created_at", "-id"], name=f"{name}_by_{word}")
        for word, fields in owners.items()
    ]


def closed_together(name: str) -> models.CheckConstraint:
    """Return the rule that a deal has an end exactly when it is over."""
    is_open = Q(outcome=Outcome.OPEN, closed_at__isnull=True)
    is_over = Q(outcome__in=[Outcome.WON, Outcome.LOST], closed_at__isnull=False)
    return models.CheckConstraint(name=name, condition=is_open | is_over)


class Deal(Sale):
    """A confirmed business opportunity: customer, subject, value and expected close date (Modulario)."""

    personal_data = True

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="deals")
    stage_since = models.DateTimeField(_("in this stage since"), default=clock.now)
    value = models.DecimalField(
        _("value"), max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True
    )
    close_on = models.DateField(_("expected close date"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.PositiveSmallIntegerField(
        _("outcome"), choices=[(one, one.label) for one in Outcome if one], default=Outcome.OPEN
    )
    lost_reason = models.CharField(_("why it was lost"), max_length=300, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SalesQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("deal")
        constraints = [
            closed_together("deal_closed_with_outcome"),
            models.CheckConstraint(
                name="deal_value_not_negative", condition=Q(value__isnull=True) | Q(value__gte=0)
            ),
        ]
        indexes = [
            *indexes_of("deal"),
            models.Index(fields=["stage", "outcome", "-created_at", "-id"], name="deal_by_stage"),
            models.Index(
                F("host"),
                F("closed_at"),
                condition=Q(closed_at__isnull=False),
                name="deal_by_end",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it is still worked on."""
        return self.outcome == Outcome.OPEN

    @property
    def shown_outcome(self) -> Outcome:
        """How it ended, as pages name it."""
        return Outcome(self.outcome)
