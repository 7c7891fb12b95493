"""Where leads come from by themselves: the webhook sources and mailboxes of a company."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.enums import Connection, Proof, Shape, SourceKind
from leads.querysets import SourceQuerySet
from leads.rules.sources.addresses import mail_token_of, new_key, token_of


class Source(models.Model):
    """A form elsewhere that sends what people typed, or a mailbox (domain.md section 7; webhooks.md).

    Its leads are those of `listing`'s public form, or manual leads of `company`, in `marketplace` if there is one.
    `key` makes the address (leads/rules/sources/addresses.py), `secret` is sealed, `mapping` says which key of the
    sender fills what (leads/rules/sources/mapping.py). `refusal` is why a delivery was last turned away: such
    deliveries are not stored.
    """

    personal_data = False

    host = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="sources")
    marketplace = models.ForeignKey(
        "templates_app.Marketplace", models.PROTECT, null=True, blank=True, related_name="+"
    )
    listing = models.ForeignKey(
        "templates_app.Listing", models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.PositiveSmallIntegerField(
        _("way in"), choices=SourceKind, default=SourceKind.WEBHOOK, editable=False
    )
    name = models.CharField(_("name"), max_length=80)
    key = models.CharField(max_length=16, unique=True, default=new_key, editable=False)
    shape = models.CharField(_("sender"), max_length=12, choices=Shape, default=Shape.AUTO)
    proof = models.CharField(_("proof"), max_length=12, choices=Proof, default=Proof.ADDRESS)
    secret = models.TextField(editable=False, blank=True)
    mapping = models.JSONField(_("mapping"), default=dict, blank=True)
    posts_per_hour = models.PositiveIntegerField(_("deliveries per hour"), default=600)
    is_active = models.BooleanField(_("active"), default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    refused_at = models.DateTimeField(_("last turned away"), null=True, blank=True)
    refusal = models.CharField(_("why"), max_length=200, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("webhook source")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="source_named_once"),
            models.CheckConstraint(
                name="source_kind_known",
                condition=Q(kind__in=[SourceKind.WEBHOOK, SourceKind.EMAIL]),
            ),
            models.CheckConstraint(name="source_shape_known", condition=Q(shape__in=Shape.values)),
            models.CheckConstraint(name="source_proof_known", condition=Q(proof__in=Proof.values)),
            models.CheckConstraint(
                name="source_proof_has_secret",
                condition=Q(proof=Proof.ADDRESS, secret="")
                | ~Q(proof=Proof.ADDRESS) & ~Q(secret=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where the sender posts to, as it is copied into its settings."""
        return f"{settings.PORTAL_URL}{reverse('intake:webhook', args=[token_of(self.key)])}"

    @property
    def mail_address(self) -> str:
        """Where people write to; nothing where the operator has set up no mail for it (INTAKE_MAIL)."""
        name, at, domain = settings.INTAKE_MAIL.partition("@")
        token = mail_token_of(self.key)
        return f"{name}+{token}@{domain}" if name else f"{token}@{domain}" if at else ""

    @property
    def is_mailbox(self) -> bool:
        """Whether it brings mails."""
        return self.kind == SourceKind.EMAIL

    @property
    def door(self) -> str:
        """The name of what its submissions come through (`Submission.door`)."""
        return f"source/{self.pk}"

    @property
    def feeds(self) -> str:
        """What its leads are for, in names."""
        if self.listing:
            return f"{self.listing.product.name} · {self.listing.marketplace.name}"
        return self.marketplace.name if self.marketplace else self.company.name


class Mailbox(models.Model):
    """How the mails of a source are fetched, and how that goes; without `imap_host` they are only sent to its address.

    `password` is sealed. `moves_to` is the folder for mails that were taken; without one they are marked as read.
    The worker's lease and tries are as in a job. `checked_at` is when the server last answered as it should,
    `waiting` how many unread mails it had then.
    """

    personal_data = False

    source = models.OneToOneField(Source, models.PROTECT, related_name="mailbox")
    imap_host = models.CharField(_("mail server"), max_length=200, blank=True)
    port = models.PositiveIntegerField(_("port"), default=993)
    connection = models.CharField(
        _("connection"), max_length=10, choices=Connection, default=Connection.TLS
    )
    user = models.CharField(_("user name"), max_length=200, blank=True)
    password = models.TextField(editable=False, blank=True)
    folder = models.CharField(_("folder"), max_length=100, default="INBOX")
    moves_to = models.CharField(_("folder for read mails"), max_length=100, blank=True)
    takes_programs = models.BooleanField(_("mails of programs become leads"), default=False)
    due_at = models.DateTimeField(_("due"), default=clock.now)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    test_asked_at = models.DateTimeField(_("test asked for"), null=True, blank=True)
    checked_at = models.DateTimeField(_("last answered"), null=True, blank=True)
    waiting = models.PositiveIntegerField(_("unread mails"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        ordering = ["source"]
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        constraints = [
            models.CheckConstraint(
                name="mailbox_connection_known", condition=Q(connection__in=Connection.values)
            ),
            models.CheckConstraint(
                name="mailbox_port_possible", condition=Q(port__gte=1, port__lte=65535)
            ),
        ]
        indexes = [
            # Serves the worker's claim only.
            models.Index(fields=["due_at", "id"], condition=~Q(imap_host=""), name="mailbox_due"),
        ]

    def __str__(self) -> str:
        return self.source.name
