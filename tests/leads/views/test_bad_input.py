"""The small forms of action pages: bad values get a sentence, keep what was typed, write nothing."""

import pytest

from leads.enums import HolderDesk, Status
from leads.models import Event, Lead
from leads.services.conversion import Wish, request_conversion
from tests.factories import make_lead
from tests.leads.views.reading import text_of, url

LONG = "x" * 20_000
ODD = ["", " ", "\x00", "\ufeff\u202e", "-1", "9" * 40, "1e5", "<b>", "[]", LONG]
WANTED = "Enter a reason for declining this lead"
REASON = "Choose a reason for disqualifying this lead"
TABLE = [
    ("decline", "ann", Status.ASSIGNED, {"reason": ""}, WANTED),
    ("decline", "ann", Status.ASSIGNED, {"reason": " \x00\u202e "}, WANTED),
    ("decline", "ann", Status.ASSIGNED, {"reason": "x" * 301}, "Reason must be 300 characters or fewer. You have"),
    ("disqualify", "olga", Status.REFERRED, {"reason": "x"}, REASON),
    ("disqualify", "olga", Status.REFERRED, {"reason": "9" * 40}, REASON),
    ("disqualify", "olga", Status.REFERRED, {"reason": "\x00"}, REASON),
    ("disqualify", "olga", Status.REFERRED, {"text": LONG}, "Explanation must be 300 characters or fewer."),
    ("give", "ann", Status.REFERRED, {"person": ""}, "Choose a person"),
    ("give", "ann", Status.REFERRED, {"person": "9" * 40}, "Choose a person"),
    ("give", "ann", Status.REFERRED, {"person": "<b>"}, "Choose a person"),
    ("assign", "olga", Status.REFERRED, {"target": ""}, "Choose who gets this lead"),
    ("assign", "olga", Status.REFERRED, {"target": "moon"}, "Choose who gets this lead"),
    ("assign", "olga", Status.REFERRED, {"target": "company", "company": "\x00"}, "Choose a company"),
    ("assign", "olga", Status.REFERRED, {"target": "sales", "message": LONG}, "Message must be 500 characters or"),
    ("progress", "ann", Status.REFERRED, {"progress": "\x00"}, "Choose the progress"),
    ("outcome", "ann", Status.CONVERTED, {"outcome": LONG}, "Choose won, lost or open"),
    ("next-step", "ann", Status.REFERRED, {"next_step": LONG}, "Next step must be 200 characters or fewer."),
    ("next-step", "ann", Status.REFERRED, {"next_step_on": "2030-01-01"}, "Enter the next step for that day"),
    ("next-step", "ann", Status.REFERRED, {"next_step": "Call", "next_step_on": "31.31.2030"}, "date"),
    ("next-step", "ann", Status.REFERRED, {"next_step": "Call", "next_step_on": "9999-12-31"}, "date"),
    ("approve", "rita", Status.REFERRED, {"comment": LONG}, "Comment must be 300 characters or fewer."),
    ("deny", "rita", Status.REFERRED, {"comment": LONG}, "Comment must be 300 characters or fewer."),
    ("associate", "ann", Status.REFERRED, {"email": "\x00"}, "Enter an email address in the format name@example.com"),
    ("associate", "ann", Status.REFERRED, {"email": LONG}, "Enter an email address in the format name@example.com"),
    ("products", "ann", Status.REFERRED, {"products": LONG}, "Choose at least one product"),
    ("remove-product", "ann", Status.REFERRED, {"product": "9" * 40}, "Choose a product of this lead"),
]  # fmt: skip


@pytest.mark.parametrize(("action", "who", "status", "sent", "sentence"), TABLE)
def test_bad_values_get_a_sentence_and_write_nothing(
    cast, sign_in, held, action, who, status, sent, sentence
):
    lead = held(status)
    if action in {"approve", "deny"}:
        request_conversion(lead, wish=Wish("N", "n@example.com"), actor=cast.ann)
    before = (Lead.objects.values().get(pk=lead.pk), Event.objects.count())
    answer = sign_in(getattr(cast, who)).post(url(lead, action), sent)
    assert answer.status_code == 422
    assert "<title>Error:" in answer.content.decode()
    assert sentence in text_of(answer)
    assert (Lead.objects.values().get(pk=lead.pk), Event.objects.count()) == before


@pytest.mark.parametrize("value", ODD)
def test_no_value_breaks_any_form(cast, sign_in, value):
    """Every form with the same odd value in every field: an answer, never an error of ours."""
    names = (
        "target company message reason text person progress outcome next_step next_step_on comment email found after q"
        " products product body kind audience key first_name last_name phone website country channel version"
    ).split()
    sent = dict.fromkeys(names, value)
    client = sign_in(cast.olga)
    for status in (Status.SUBMITTED, Status.REFERRED, Status.CONVERTED):
        lead = make_lead(cast.northgate, status, holder=cast.alpha, holder_desk=HolderDesk.COMPANY)
        for action in ("assign", "disqualify", "associate", "give", "progress", "outcome", "next-step", "edit",
                       "products", "remove-product", "note", "convert"):  # fmt: skip
            answer = client.post(url(lead, action), sent)
            assert answer.status_code in {200, 302, 409, 422}, (action, status)
            assert (
                "<b>" not in answer.content.decode().split("There is a problem")[-1][:4000]
                or value != "<b>"
            )
    assert client.post("/leads/new/", sent).status_code == 422
