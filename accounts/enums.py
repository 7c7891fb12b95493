"""Words for who people are (domain.md sections 1 and 4)."""

from enum import IntFlag

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A role on a membership (domain.md section 4)."""

    MARKETPLACE_MANAGER = "marketplace_manager", _("Marketplace manager")
    RESELLER_MANAGER = "reseller_manager", _("Reseller manager")
    SALES_SUPPORT = "sales_support", _("Sales support")
    VENDOR = "vendor", _("Vendor")
    RESELLER = "reseller", _("Reseller")
    REFERRAL = "referral", _("Referral")
    COMPANY_ADMIN = "company_admin", _("Company Admin")
    BILLING_ADMIN = "billing_admin", _("Billing Admin")
    USER = "user", _("User")


HOST_ROLES = frozenset({Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER, Role.SALES_SUPPORT})
COMPANY_ROLES = frozenset({Role.VENDOR, Role.RESELLER, Role.REFERRAL})
ADMIN_ROLES = frozenset({Role.COMPANY_ADMIN, Role.BILLING_ADMIN})


class PersonState(models.TextChoices):
    """Whether a person can come in (ux.md U1)."""

    ACTIVE = "active", _("Active")
    INVITED = "invited", _("Invited")
    DEACTIVATED = "deactivated", _("Deactivated")


class DeskKind(IntFlag):
    """What a desk covers. A desk of a person with several roles covers the union of them."""

    COMPANY = 1
    OPERATOR = 2
    CHANNEL = 4
    SALES = 8


class CustomerRight(models.TextChoices):
    """Reseller right 2: whether the company's people may create customer companies (AppDirect)."""

    NO = "no", _("No")
    APPROVAL = "approval", _("Only with the Reseller Manager's approval")
    FREE = "free", _("Without permission")


class Right(models.TextChoices):
    """The four rights that *Manage reseller company permissions* sets (domain.md section 4)."""

    CREATE_LEADS = "create_leads", _("Create leads")
    CREATE_CUSTOMERS = "create_customers", _("Create customer companies")
    DISQUALIFY_LEADS = "disqualify_leads", _("Disqualify leads")
    EXPORT_LEADS = "export_leads", _("Export leads")


class Scope(models.TextChoices):
    """What an API token may do, within what its role may (security.md R28)."""

    READ = "read", _("Read")
    WRITE = "write", _("Create and change")
    EXPORT = "export", _("Export")
