"""The signed id that a form page carries: which form, which version, when it was opened (security.md R14, R24)."""

import secrets
from dataclasses import astuple, dataclass, replace
from datetime import timedelta

from django.core import signing

from leadportal.common import clock
from leads.selectors.intake import AskedForm

# Longest time between opening and sending, and the shortest that a person needs (ux.md F7).
OPEN_FOR = timedelta(hours=24)
QUICKEST = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class PageToken:
    """What one opened form page stands for.

    `key` makes a second post of the page harmless. `opened` counts milliseconds since 1970. `is_checked`
    marks a page whose visitor has looked at the answers and only sends them. `is_test` marks the page of
    somebody who tries the form out (ux.md T8).
    """

    key: str
    version: int
    opened: int
    is_checked: bool = False
    is_test: bool = False

    @property
    def is_expired(self) -> bool:
        """Whether the page was opened too long ago."""
        return self._age > OPEN_FOR.total_seconds()

    @property
    def is_too_quick(self) -> bool:
        """Whether the answers came faster than people type."""
        return not self.is_checked and self._age < QUICKEST.total_seconds()

    @property
    def _age(self) -> float:
        return clock.now().timestamp() - self.opened / 1000

    def fits(self, form: AskedForm) -> bool:
        """Say whether the page showed the version that `form` asks now."""
        return form.version is not None and form.version.pk == self.version

    def reopened(self, form: AskedForm) -> "PageToken":
        """Return the token of the page that asks once more: the same submission, of the present version."""
        return replace(new_token(form, is_test=self.is_test), key=self.key)

    def checked(self) -> "PageToken":
        """Return the token of the page that only sends what this page has asked: the same submission."""
        return replace(self, opened=_milliseconds(), is_checked=True)

    def sealed(self, form: AskedForm) -> str:
        """Return the token as the hidden field of a page of `form`."""
        return _signer(form).sign_object(list(astuple(self)))


def new_token(form: AskedForm, *, is_test: bool = False) -> PageToken:
    """Return the token of a freshly opened page of an open form."""
    assert form.version is not None  # noqa: S101  (closed forms have no page with a token)
    key = secrets.token_urlsafe(24)
    return PageToken(key, form.version.pk, _milliseconds(), is_test=is_test)


def read_token(form: AskedForm, sealed: str) -> PageToken | None:
    """Return the token that a post of `form` carries; None when it is missing, foreign or changed."""
    try:
        return PageToken(*_signer(form).unsign_object(sealed))
    except signing.BadSignature:
        return None


def _signer(form: AskedForm) -> signing.Signer:
    # The address is in the salt: a token opens only the form that it was made for.
    return signing.Signer(salt=f"leads.intake {form.path}")


def _milliseconds() -> int:
    return int(clock.now().timestamp() * 1000)
