"""What people are told on the portal (ux.md N4): one row for each person."""

from django.conf import settings
from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.enums import InboxKind
from leads.models.lead import Lead
from leads.querysets import InboxQuerySet


class InboxItem(models.Model):
    """Something that a person is told at work in one company.

    About a lead it is a line of that lead's history, which says who did what and is put into the reader's
    words; `line` is its number. Without a lead it is a sentence of the portal with the page that it is about.
    `is_unread` repeats `read_at` as what the list sorts by: the unread first. Every item is looked at once by
    the worker, which mails what the person wants to have mailed (services/notices.py).
    """

    personal_data = False

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    company = models.ForeignKey(
        "accounts.Company", models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=12, choices=InboxKind)
    lead = models.ForeignKey(Lead, models.CASCADE, null=True, blank=True, related_name="+")
    line = models.PositiveIntegerField(_("history line"), null=True, blank=True)
    text = models.CharField(_("sentence"), max_length=300, blank=True)
    address = models.CharField(_("page"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("told"), default=clock.now, editable=False)
    is_unread = models.BooleanField(_("unread"), default=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mail_due_at = models.DateTimeField(
        _("mail due"),
        null=True,
        blank=True,
        help_text=_("Empty once nothing is left to be mailed."),
    )
    is_gathered = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("Waits for a mail that tells several things together."),
    )

    objects = InboxQuerySet.as_manager()

    class Meta:
        ordering = ["-is_unread", "-pk"]
        verbose_name = _("inbox item")
        constraints = [
            models.UniqueConstraint(fields=["lead", "line", "user", "company"], name="inbox_once"),
            models.CheckConstraint(name="inbox_kind_known", condition=Q(kind__in=InboxKind.values)),
            models.CheckConstraint(
                name="inbox_line_or_sentence",
                condition=Q(lead__isnull=False, line__isnull=False)
                | (Q(lead__isnull=True, line__isnull=True) & ~Q(text="")),
            ),
            models.CheckConstraint(
                name="inbox_read_at_one_moment",
                condition=Q(is_unread=True, read_at__isnull=True)
                | Q(is_unread=False, read_at__isnull=False),
            ),
        ]
        indexes = [
            Index(fields=["user", "company", "is_unread", "id"], name="inbox_of_person"),
            # Serves the worker alone: what is told costs it nothing any more.
            Index(
                fields=["mail_due_at", "id"],
                condition=Q(mail_due_at__isnull=False),
                name="inbox_mail_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"
