"""What can be done with many leads at once, and with how many (ux.md L30 to L32)."""

from leads.enums import EventKind
from leads.rules.workflow import Action

# Each writes one history line of its kind on a lead that it changes, and that line can be taken back.
BULK = {
    Action.ASSIGN: EventKind.ASSIGNED,
    Action.DISQUALIFY: EventKind.DISQUALIFIED,
    Action.PROGRESS: EventKind.PROGRESS_CHANGED,
    Action.PRODUCTS: EventKind.PRODUCT_ADDED,
}
# Written together, within the request (docs/operations.md): more would keep a person waiting, and others who
# want to change one of these leads.
MOST = 10_000
