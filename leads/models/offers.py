"""Offers: an assigned lead with a deadline (domain.md section 9)."""

from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.enums import HolderDesk
from leads.models.lead import Lead
from leads.querysets import OfferQuerySet
from leads.rules.offers import OPEN_OFFERS, OfferState


class Offer(models.Model):
    """A lead was offered to a company, or to its host's sales desk; the moments are those of the clock that runs.

    Only `leads.services.offers` writes it, under the lead's lock. A clock that is told to people never moves.
    """

    personal_data = False

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="offers")
    company = models.ForeignKey(
        "accounts.Company", models.PROTECT, related_name="+", verbose_name=_("offered to")
    )
    desk = models.PositiveSmallIntegerField(_("desk"), choices=HolderDesk)
    state = models.CharField(
        _("state"), max_length=8, choices=OfferState, default=OfferState.WAITING
    )
    offered_at = models.DateTimeField(_("offered"), default=clock.now)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    half_at = models.DateTimeField(_("reminds"), null=True, blank=True)
    late_at = models.DateTimeField(_("reminds again"), null=True, blank=True)
    ends_at = models.DateTimeField(_("deadline"), null=True, blank=True)
    due_at = models.DateTimeField(
        _("next"), null=True, blank=True, help_text=_("When the worker looks at it next.")
    )
    is_unclaimed = models.BooleanField(
        _("nobody left"),
        default=False,
        help_text=_("It was given back, and nobody else could be asked: the lead needs attention."),
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("offer")
        constraints = [
            # Two services that start one at the same moment: the lead's lock orders them, this key proves it.
            models.UniqueConstraint(
                fields=["lead"], condition=Q(state__in=OPEN_OFFERS), name="offer_one_open"
            ),
            models.CheckConstraint(
                name="offer_state_known", condition=Q(state__in=OfferState.values)
            ),
            models.CheckConstraint(
                name="offer_clock_complete",
                condition=Q(half_at__isnull=False, late_at__isnull=False, ends_at__isnull=False)
                | Q(half_at__isnull=True, late_at__isnull=True, ends_at__isnull=True),
            ),
        ]
        indexes = [
            Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="offer_due"),
            Index(fields=["lead"], condition=Q(is_unclaimed=True), name="offer_unclaimed"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.company_id}"
