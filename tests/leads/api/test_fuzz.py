"""Generated calls with a token of each role: nothing breaks, and no answer is missing from the description."""

from collections import Counter
from itertools import cycle

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode

from leads.enums import HolderDesk, Status
from leads.services.deals import lose_deal
from tests.factories import make_deal, make_lead, make_order, make_quote
from tests.leads.api.conftest import ROLES
from tests.leads.api.described import check, operations
from tests.leads.services.test_papers import sold_to

EXAMPLES = 2
# An address that a sender of HTTP cannot write.
UNSENDABLE = ("\r", "\n", "\x00")


def sendable(headers: dict) -> dict[str, str]:
    """Return what of generated headers can be sent."""
    texts = {name: str(value) for name, value in headers.items()}
    return {
        name: value
        for name, value in texts.items()
        if name.lower() != "authorization"  # the token of the role stays
        and value.isascii()
        and not any(char in value for char in UNSENDABLE)
    }


def make_leads(cast):
    """One lead in every status and relation that there is, so that calls meet something."""
    sold = {"product": cast.product, "marketplace": cast.marketplace, "listing": cast.listing}
    for status in Status:
        for holder in (cast.alpha, cast.ripple, cast.vertex, cast.northgate):
            desk = HolderDesk.SALES if holder == cast.northgate else HolderDesk.COMPANY
            yield make_lead(
                cast.northgate, status, holder=holder, holder_desk=desk, **sold
            ).reference


def make_sales(cast):
    """Return the numbers that addresses can name: of leads, and of what was sold for them."""
    deal = make_deal(sold_to(cast, cast.customer), actor=cast.ann)
    quote = make_quote(deal, cast.product, actor=cast.ann)
    lost = lose_deal(make_deal(deal.lead, actor=cast.ann), reason="No budget", actor=cast.ann)
    made = {
        "leads": make_leads(cast),
        "deals": [deal.reference, lost.reference],
        "quotes": [quote.reference],
        "orders": [make_order(deal, cast.product, cast.customer).reference],
    }
    return {word: cycle(numbers) for word, numbers in made.items()}


@pytest.mark.slow
@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_generated_calls_break_nothing(cast, program, mode):
    """Each generated call is made by all roles: making it up takes longer than answering it."""
    programs = [program(who) for who in ("olga", "rita", "sam", "vera", "ann", "ray")]
    references = make_sales(cast)
    answers: Counter[int] = Counter()

    def try_out(name, operation):
        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def one(case):
            for call in programs:
                if "reference" in (case.path_parameters or {}):
                    word = case.path.split("/")[3]  # /api/v1/deals/…
                    case.path_parameters["reference"] = next(references[word])
                answer = called(call, case)
                answers[answer.status_code] += 1
                assert answer.status_code < 500
                check(name, answer)

        one()

    for name, operation in operations().items():
        try_out(name, operation)
    # The control: the calls get past the door, and meet what refuses them.
    assert {200, 403, 404, 409, 422} <= answers.keys()
    assert 401 not in answers


def called(call, case):
    """Make a generated call with the token of `call`."""
    body = case.body if isinstance(case.body, dict | list | str | int) else None
    query = {key: value for key, value in (case.query or {}).items() if value is not None}
    headers = sendable(dict(case.headers or {}))
    return call(case.method, case.formatted_path, body, headers=headers, query=query or None)


def test_every_role_that_can_have_a_token_is_tried():
    assert {role.value for role in ROLES.values()} == {
        *("marketplace_manager", "reseller_manager", "sales_support"),
        *("vendor", "reseller", "referral"),
    }
