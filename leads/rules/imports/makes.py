"""Makes of files whose columns are published, and what those are on a lead.

Pure. A column is looked up by its key: its name without case, accents, spaces and marks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from leadportal.common.text import fold


@dataclass(frozen=True)
class Make:
    """A make of file whose columns are published: the target of each, "" for one that no lead has.

    A file is of this make when it has all columns of `signs`.
    """

    name: Any
    signs: frozenset[str]
    targets: Mapping[str, str]


def key_of(name: str) -> str:
    """Return what a column is looked up by."""
    return re.sub(r"[\W_]+", "", fold(name))


def _make(title: Any, signs: str, /, **columns: str) -> Make:
    """Write one make: each target with its columns, divided by bars; `ignored` for those that no lead has."""
    targets = {
        key_of(column): "" if target == "ignored" else target
        for target, names in columns.items()
        for column in names.split("|")
    }
    return Make(title, frozenset(key_of(one) for one in signs.split("|")), targets)


MAKES = (
    # Our own export (domain.md section 5): what a lead is given by its life is not taken from a file.
    _make(
        _("Lead Portal"),
        "Lead ID|Status|Qualification|Recipient|Source",
        first_name="First name",
        last_name="Last name",
        email="Email",
        phone="Phone",
        job_title="Job title",
        company="Company",
        street="Street",
        postcode="Postcode",
        city="Town",
        region="Region",
        country="Country",
        product="Product",
        marketplace="Marketplace",
        ignored="Lead ID|Created|Updated|Status|Qualification|Progress|Outcome|Source|Recipient|Person in charge"
        "|Score|Next step|Last note",
    ),
    # HubSpot, contacts: https://knowledge.hubspot.com/properties/hubspots-default-contact-properties
    # and https://knowledge.hubspot.com/articles/kcs_article/contacts/set-up-your-import-file
    _make(
        "HubSpot",
        "First Name|Last Name|Lifecycle Stage",
        first_name="First Name",
        last_name="Last Name",
        email="Email|Email Address",
        phone="Phone Number",
        job_title="Job Title",
        company="Company Name",
        website="Website URL",
        size="Number of Employees",
        industry="Industry",
        street="Street Address",
        postcode="Postal Code|Zip Code",
        city="City",
        region="State/Region",
        country="Country/Region",
        ignored="Record ID|Contact ID|Lifecycle Stage|Lead Status|Contact Owner|Create Date|Mobile Phone Number",
    ),
    # Salesforce Web-to-Lead, the names of the form's fields:
    # https://help.salesforce.com/s/articleView?id=sales.setting_up_web-to-lead.htm
    _make(
        "Salesforce Web-to-Lead",
        "oid|last_name",
        first_name="first_name",
        last_name="last_name",
        email="email",
        phone="phone",
        job_title="title",
        company="company",
        website="URL",
        size="employees",
        industry="industry",
        street="street",
        postcode="zip",
        city="city",
        region="state",
        country="country",
        ignored="oid|retURL|lead_source|mobile|fax|salutation|rating|revenue|description|debug|debugEmail",
    ),
    # Salesforce, leads as they are imported and exported:
    # https://help.salesforce.com/s/articleView?id=xcloud.field_mapping_for_importing_leads.htm
    _make(
        "Salesforce",
        "Lead Source|Lead Status",
        name="Full Name",
        first_name="First Name",
        last_name="Last Name",
        email="Email",
        phone="Phone",
        job_title="Title",
        company="Company|Company / Account",
        website="Website",
        size="No. of Employees",
        industry="Industry",
        street="Street",
        postcode="Postal Code|Zip/Postal Code",
        city="City",
        region="State|State/Province",
        country="Country",
        ignored="Lead ID|Lead Owner|Record Owner|Lead Source|Lead Status|Rating|Mobile Phone|Fax|Description"
        "|Annual Revenue|Email Opt Out|Created Date",
    ),
    # Microsoft Partner Center, leads of the commercial marketplace:
    # https://learn.microsoft.com/en-us/partner-center/marketplace-offers/partner-center-portal/commercial-marketplace-get-customer-leads
    _make(
        "Microsoft Partner Center",
        "LeadSource|ActionCode",
        first_name="FirstName",
        last_name="LastName",
        email="Email",
        phone="Phone",
        job_title="Title",
        company="Company",
        country="Country",
        product="OfferTitle|OfferDisplayName",
        ignored="LeadSource|ActionCode|Description|UniqueLeadIdentifier|Notes|CreatedTime",
    ),
)


def source_of(header: Sequence[str]) -> Make | None:
    """Return the make of a file by its columns, if it is one that we know."""
    keys = {key_of(name) for name in header}
    return next((make for make in MAKES if make.signs <= keys), None)
