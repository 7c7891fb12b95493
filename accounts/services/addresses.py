"""Addresses that sign in."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User


@transaction.atomic
def forget_other_addresses(user: User) -> None:
    """Make the account's address the only one that signs in: allauth keeps those that it once saw."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
