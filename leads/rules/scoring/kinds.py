"""Words of scoring that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SheetState(models.TextChoices):
    """Life of a version of scoring rules: draft → published → archived."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class BehaviourKind(models.TextChoices):
    """What a prospect did that scoring rules may ask about (domain.md section 8)."""

    EMAIL_OPENED = "email_opened", _("Email opened")
    PAGE_VISITED = "page_visited", _("Page visited")
    PAPER_DOWNLOADED = "paper_downloaded", _("Paper downloaded")
    FORM_REPEATED = "form_repeated", _("Form sent again")
