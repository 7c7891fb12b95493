"""What somebody finds in the mail."""

import re

from accounts.models import OutgoingMail


def link_for(email: str) -> str:
    """Return the link in the newest mail to this address; the mail must wait to be sent."""
    mail = OutgoingMail.objects.filter(to=email).order_by("pk").last()
    assert mail is not None
    found = re.search(r"https?://\S+/invitations/\S+", mail.text)
    assert found is not None
    return found[0]
