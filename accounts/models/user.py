"""The account that signs in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Index, Value
from django.db.models.functions import StrIndex, Substr
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leadportal.common.text import fold


class Theme(models.TextChoices):
    """Colours of the pages; automatic follows the device."""

    AUTO = "auto", _("Automatic")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(models.TextChoices):
    """Height of table rows (ux.md L24)."""

    COMPACT = "compact", _("Compact")
    DEFAULT = "default", _("Default")
    COMFORTABLE = "comfortable", _("Comfortable")


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the address is their name and stored in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store an account; without a password nobody can sign in until an invitation sets one."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store an account that may do everything in Django admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        """Find an account by address, whatever its case."""
        return self.get(email=(email or "").strip().lower())


def mail_domain(path: str = "email") -> Substr:
    """Return the part of an address behind the @, as the index on accounts has it; `path` leads to the address."""
    return Substr(path, StrIndex(path, Value("@")) + 1)


class User(AbstractBaseUser, PermissionsMixin):
    """A person's account: who signs in. Roles and companies stand on memberships. Holds personal data."""

    personal_data = True

    email = models.EmailField(_("email"), unique=True)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False, help_text=_("May open Django admin."))
    joined_at = models.DateTimeField(_("joined"), default=clock.now, editable=False)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, default=Theme.AUTO)
    density = models.CharField(
        _("density"), max_length=12, choices=Density, default=Density.DEFAULT
    )
    works_at = models.ForeignKey(
        "accounts.Company",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("works at"),
        help_text=_("The company chosen in the switcher."),
    )
    search = models.TextField(default="", editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        ordering = ["email"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        # Who has mail at the same domain (accounts/selectors/duplicates.py).
        indexes = [Index(mail_domain(), name="user_email_domain")]

    def __str__(self) -> str:
        return self.full_name

    def save(self, **options: Any) -> None:
        """Store the account with its folded search text, which is the same on both databases."""
        self.search = fold(f"{self.first_name} {self.last_name} {self.email}")
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "search"}
        super().save(**options)

    @property
    def full_name(self) -> str:
        """Both names, or the address when none is known."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def has_password(self) -> bool:
        """Whether the account can sign in; one that was only invited has no password yet."""
        return bool(self.password) and self.has_usable_password()

    def get_full_name(self) -> str:
        """Return both names, for Django's own pages."""
        return self.full_name

    def get_short_name(self) -> str:
        """Return the first name or the address, for Django's own pages."""
        return self.first_name or self.email
