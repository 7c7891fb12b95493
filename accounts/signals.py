"""The one message that travels against the arrows: leads must be shown to a desk that is new."""

from django.dispatch import Signal

# Sent inside the transaction that opened the desk, with `desk`: an accounts.models.Desk.
desk_opened = Signal()
