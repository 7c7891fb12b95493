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
# Every lead is moved by itself, within the request: more would keep a person waiting for over half a minute.
MOST = 2_500
