"""Inviting people, and their roles."""

import re
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from accounts.enums import Role
from accounts.models import Company, Membership
from accounts.rules.roles import grantable_roles
from accounts.selectors.people import colleagues, open_work
from leadportal.common import values
from leadportal.common.forms import OneOf, PortalForm, SeveralOf, TextBlock

MOST_AT_ONCE = 50

_BETWEEN = re.compile(r"[\s,;]+")


class InviteForm(PortalForm):
    """One or many addresses, and the roles that all of them get in one company."""

    emails = TextBlock(
        label=_("Email addresses"),
        max_length=MOST_AT_ONCE * (values.EMAIL_LENGTH + 2),
        help_text=_(
            "One on each line, up to 50. Each person gets a mail with a link of their own."
        ),
        enter=_("Enter at least one email address"),
    )
    roles = SeveralOf(label=_("Roles"), choices=(), enter=_("Choose at least one role"))

    def __init__(self, *args: Any, company: Company, actor: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_roles(self, company, actor)
        if company.is_customer:  # domain.md section 3: who comes later is a plain user
            self.fields["roles"].initial = [Role.USER]

    def clean_emails(self) -> list[str]:
        """Return the addresses, each once; one error names all that cannot be read."""
        written = [part for part in _BETWEEN.split(self.cleaned_data["emails"]) if part]
        if len(written) > MOST_AT_ONCE:
            raise ValidationError(
                gettext("Enter %(most)s addresses or fewer. You have entered %(count)s.")
                % {"most": MOST_AT_ONCE, "count": len(written)}
            )
        addresses, sentences = [], []
        for part in written:
            try:
                addresses.append(values.read_email(part).lower())
            except values.BadValueError:
                sentences.append(
                    gettext("“%(text)s” is not an email address. Write it like name@example.com")
                    % {"text": part[:80]}
                )
        if sentences:
            raise ValidationError(sentences)
        return list(dict.fromkeys(addresses))

    def clean_roles(self) -> list[Role]:
        """Return the roles as such."""
        return [Role(value) for value in self.cleaned_data["roles"]]


class RolesForm(PortalForm):
    """Which roles somebody has."""

    roles = SeveralOf(label=_("Roles"), choices=(), enter=_("Choose at least one role"))

    def __init__(self, *args: Any, membership: Membership, actor: Person, **kwargs: Any) -> None:
        super().__init__(*args, initial={"roles": membership.role_list}, **kwargs)
        _offer_roles(self, membership.company, actor)

    def clean_roles(self) -> list[Role]:
        """Return the roles as such."""
        return [Role(value) for value in self.cleaned_data["roles"]]


def _offer_roles(form: PortalForm, company: Company, actor: Person) -> None:
    """Offer the roles that `actor` may give in `company`."""
    field = cast(SeveralOf, form.fields["roles"])
    field.choices = [(role.value, role.label) for role in grantable_roles(company, actor)]


class LeaveForm(PortalForm):
    """Who goes on with the open leads of somebody who leaves; asks nothing where there are none."""

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.work = open_work(membership)
        self.colleagues = {str(one.pk): one for one in colleagues(membership)} if self.work else {}
        if self.work:
            self.fields["heir"] = OneOf(
                label=_("Give them to"),
                choices=[(key, one.user.full_name) for key, one in self.colleagues.items()],
                empty=_("Nobody for now"),
                enter=_("Choose somebody from the list"),
                required=False,
            )

    @property
    def heir_chosen(self) -> Membership | None:
        """The colleague, or None for nobody."""
        return self.colleagues.get(self.cleaned_data.get("heir", ""))
