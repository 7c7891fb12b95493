"""What is measured: one line for each page, with the bar that it must keep.

The bar is the time with many leads divided by the time with few, in one run (performance.md section 3).
"""

from dataclasses import dataclass

from leads.enums import Progress, Qualification, Status
from leads.tables import SORTS
from leads.views.report_parts import REPORTS

COMMON = "northwind"  # in one company's name of ten
ABSENT = "xylograph"
DEEP = "{deep}"  # stands for the place at 95 % of the list
FLAT = 1.3


@dataclass(frozen=True)
class Page:
    """An address as one person of the stage sees it."""

    title: str
    query: str
    who: str = "everything"
    bar: float = FLAT
    path: str = "/leads/"
    queries: int = 6


def _sorts(who: str) -> list[Page]:
    ways = [(sort, sign) for sort in SORTS for sign in ("", "-")]
    return [Page(f"sort {sign}{sort.word}", f"sort={sign}{sort.word}", who) for sort, sign in ways]


def _depths() -> list[Page]:
    return [
        Page(f"95 % deep, sort {word}", f"sort={word}&after={DEEP}")
        for word in ("-created", "company", "status")
    ]


FILTERS = (
    *(
        f"status={one.slug}"
        for one in Status
        if one not in {Status.PENDING_SUBMISSION, Status.DELETED}
    ),
    *(f"qualification={one.slug}" for one in Qualification),
    *(f"progress={one.slug}" for one in Progress),
    "outcome=won",
    "kind=service",
    "product=Product+3",
    "marketplace=Store+1",
    "template=Form+3",
    "recipient=Reseller+0",
    "in_charge=Pat+Doe",
    "source=product_profile",
    "source=manual",
    "score_from=90",
    "score_to=10",
    "stage=near",
    "stage=mql",
    "stage=sql",
    "waiting=yes",
    "waiting=unopened",
    "waiting=unnoted",
    "date_axis=created&from={month_ago}",
    "date_axis=updated&from={month_ago}",
    "date_axis=status&from={month_ago}",
    "attribute=region&value=north",
    "question=budget&answer=7000",
)

PAGES = (
    *_sorts("everything"),
    *_depths(),
    *(Page(f"filter {query}", query) for query in FILTERS),
    Page("status with date", "status=converted&date_axis=created&from={month_ago}"),
    Page("status with a foreign sort", "status=converted&sort=company", bar=5),
    Page("search, common word", f"q={COMMON}", bar=1.5),
    Page("search, no hit", f"q={ABSENT}", bar=1.5),
    Page("numbers on the chips", "", bar=2, path="/leads/counts/", queries=11),
    *_sorts("fifth"),
    Page("filter status=converted", "status=converted", "fifth"),
    Page("cards", "layout=cards", queries=7),
    Page("board", "layout=board", bar=2, queries=30),
    *(Page(f"report {word}", "", bar=2, path=f"/reports/{word}/", queries=14) for word in REPORTS),
    Page("home", "", bar=1.5, path="/", queries=20),
    Page("home", "", "fifth", bar=1.5, path="/", queries=20),
)
