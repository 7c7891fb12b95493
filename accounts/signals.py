"""What travels against the arrows: people and desks are here, their leads are not."""

from django.dispatch import Signal

# Sent inside the transaction that opened the desk, with `desk`: an accounts.models.Desk.
desk_opened = Signal()
# Asks how much open work somebody is in charge of, with `membership`; each receiver returns a number.
work_asked = Signal()
# Sent inside the transaction that takes somebody's access away, with `membership`, `heir` (the Membership that
# takes over, or None) and `actor`.
member_leaves = Signal()
