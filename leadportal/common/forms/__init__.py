"""What every form of the portal is made of: fields that clean, name themselves, and never break.

A field takes `enter`, the sentence for an empty value ("Enter a company name"); without one it is
made from the label. All reading is done in `leadportal.common.values`. Usage:

    class CompanyForm(PortalForm):
        name = TextLine(label=_("Company"), max_length=120, enter=_("Enter a company name"))
        country = CountryChoice(required=False)

A page renders it with {% crispy form %} inside its own <form method="post" novalidate>.
"""

from leadportal.common.forms.base import OFF, PortalForm, set_autofill
from leadportal.common.forms.choices import CountryChoice, OneOf, OneRow, SeveralOf, Tick
from leadportal.common.forms.fields import (
    Amount,
    BoundedDate,
    EmailLine,
    PhoneLine,
    ReadField,
    TextBlock,
    TextLine,
    TimeOfDay,
    WebAddress,
    WholeNumber,
)

__all__ = [
    "OFF",
    "Amount",
    "BoundedDate",
    "CountryChoice",
    "EmailLine",
    "OneOf",
    "OneRow",
    "PhoneLine",
    "PortalForm",
    "ReadField",
    "SeveralOf",
    "TextBlock",
    "TextLine",
    "Tick",
    "TimeOfDay",
    "WebAddress",
    "WholeNumber",
    "set_autofill",
]
