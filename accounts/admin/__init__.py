"""Django admin of people and companies, for staff (ux.md 2.12). What has rules goes through the services."""

from accounts.admin import accounts, companies, invitations, jobs, mail, memberships, tokens

__all__ = ["accounts", "companies", "invitations", "jobs", "mail", "memberships", "tokens"]
