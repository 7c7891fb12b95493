"""Saved views: what somebody asked the lead list for, to be asked again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.querysets import SavedViewQuerySet


class SavedView(models.Model):
    """Filters, sort and columns under a name (ux.md L19): never leads, which are read anew each time.

    Belongs to its owner at one company; `is_shared` lets the owner's colleagues there use it. The slug is
    the word in addresses, unique in the company, because colleagues' views meet there.
    """

    personal_data = False

    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("word in addresses"), max_length=80)
    is_shared = models.BooleanField(_("shared with the company"), default=False)
    filters = models.JSONField(_("filters"), default=dict)
    sort = models.CharField(_("sort"), max_length=40)
    columns = models.JSONField(_("columns"), default=list)
    created_at = models.DateTimeField(_("saved"), default=clock.now, editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved view")
        constraints = [models.UniqueConstraint(fields=["company", "slug"], name="view_slug_once")]

    def __str__(self) -> str:
        return self.name
