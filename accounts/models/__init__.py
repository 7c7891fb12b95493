"""Who people are: what is stored."""

from accounts.models.company import Company, CompanyAccess, CustomerLink, Desk, RightChange
from accounts.models.hours import Holiday
from accounts.models.jobs import Job, JobState
from accounts.models.membership import Invitation, Membership, MembershipRole
from accounts.models.outbox import MailState, OutgoingMail
from accounts.models.tokens import ApiToken
from accounts.models.user import Density, Theme, User

__all__ = [
    "ApiToken",
    "Company",
    "CompanyAccess",
    "CustomerLink",
    "Density",
    "Desk",
    "Holiday",
    "Invitation",
    "Job",
    "JobState",
    "MailState",
    "Membership",
    "MembershipRole",
    "OutgoingMail",
    "RightChange",
    "Theme",
    "User",
]
