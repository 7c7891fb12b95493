"""Staff at the keyboard of Django admin."""

from django.contrib.messages import get_messages

from tests.factories import make_user

BACKEND = "accounts.backends.PortalBackend"


def sign_in_staff(client, **fields):
    """Sign a member of staff in, who may do everything unless told otherwise; return the account."""
    user = make_user("stella@example.com", is_staff=True, **{"is_superuser": True, **fields})
    client.force_login(user, backend=BACKEND)
    return user


def move(client, slug, *leads, query="", **answers):
    """Choose `leads` in the list and confirm the move `slug`; return the answer."""
    post = {"action": slug, "_selected_action": [lead.pk for lead in leads], **answers}
    return client.post(f"/admin/leads/lead/{query}", {**post, "confirmed": "1"})


def said(response):
    """Return what the answer tells the person."""
    return [str(message) for message in get_messages(response.wsgi_request)]
