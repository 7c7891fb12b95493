"""Who a session belongs to."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from accounts.selectors.actors import WORK, work_of


class PortalBackend(AuthenticationBackend):
    """Signs people in as allauth does, and reads an account with its work: one query less on every page."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the account if it may be used, with its roles beside it where it has any."""
        rows = list(work_of(user_id).select_related("membership__user"))
        if not rows:
            return super().get_user(user_id)
        user: User = rows[0].membership.user
        setattr(user, WORK, rows)
        return user if self.user_can_authenticate(user) else None
