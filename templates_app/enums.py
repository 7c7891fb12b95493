"""Words for what can be asked and sold (domain.md section 6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProductKind(models.IntegerChoices):
    """What a product is; Oracle's "only leads for your apps / services"."""

    APPLICATION = 1, _("Application")
    SERVICE = 2, _("Service")

    @property
    def slug(self) -> str:
        """The word in addresses."""
        return self.name.lower()


class VersionState(models.TextChoices):
    """Life of a template version: draft → published → archived."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class FieldKind(models.TextChoices):
    """Types of a template field (domain.md section 6)."""

    SHORT_TEXT = "short_text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")
    NUMBER = "number", _("Number")
    MONEY = "money", _("Money")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Single choice")
    CHOICES = "choices", _("Several choices")
    YES_NO = "yes_no", _("Yes or no")
    COUNTRY = "country", _("Country")
    CONSENT = "consent", _("Consent")
    HIDDEN = "hidden", _("Hidden")
    HEADING = "heading", _("Heading")


class MapsTo(models.TextChoices):
    """The lead field that an answer fills (domain.md section 6, "maps to")."""

    FIRST_NAME = "first_name", _("First name")
    LAST_NAME = "last_name", _("Last name")
    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")
    JOB_TITLE = "job_title", _("Job title")
    COMPANY = "company", _("Company")
    WEBSITE = "website", _("Web site")
    SIZE = "size", _("Company size")
    INDUSTRY = "industry", _("Industry")
    STREET = "street", _("Street")
    POSTCODE = "postcode", _("Postcode")
    CITY = "city", _("Town")
    REGION = "region", _("Region")
    COUNTRY = "country", _("Country")


class DraftChangeKind(models.TextChoices):
    """What the last change of a draft did (ux.md T5)."""

    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    REMOVED = "removed", _("Removed")
    MOVED = "moved", _("Moved")
    UNDONE = "undone", _("Undone")


class Corner(models.TextChoices):
    """How round an embedded form is (ux.md F9)."""

    SQUARE = "square", _("Square")
    SOFT = "soft", _("Soft")
    ROUND = "round", _("Round")


class AttributeKind(models.TextChoices):
    """Types of a custom attribute (AppDirect)."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
    CHECKBOXES = "checkboxes", _("Checkboxes")


class TextFormat(models.TextChoices):
    """Named formats of a text attribute; free regular expressions are not offered (security.md M13)."""

    ANY = "", _("Any text")
    LETTERS = "letters", _("Letters")
    DIGITS = "digits", _("Digits")
    POSTCODE = "postcode", _("Postcode")
    VAT_NUMBER = "vat_number", _("VAT number")
    URL = "url", _("Web address")
