"""Who comes in: the token in the header, and nothing else. No cookie, no session, so no CSRF either."""

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.actors import Person
from accounts.models import ApiToken
from accounts.selectors.tokens import actor_of_token, token_shown
from accounts.services.tokens import note_token_use

SCHEME = "bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer lp_…`: the request's user is the maker of the token in the token's role."""

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        """See REST framework. The same answer for a wrong token and for one that has ended."""
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        token = token_shown(text.strip())
        actor = actor_of_token(token) if token else None
        if token is None or actor is None:
            raise AuthenticationFailed(
                _("This token is unknown, has expired, or was revoked. Make a new one.")
            )
        note_token_use(token)
        return actor, token

    def authenticate_header(self, request: Request) -> str:
        """See REST framework."""
        return 'Bearer realm="Lead Portal"'
