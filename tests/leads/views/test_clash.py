"""Two people at one lead: different fields are merged, the same field is a choice (ux.md D15)."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import User
from leadportal.common import clock
from leads.enums import Audience, EventKind, NoteKind, Outcome, Progress, Status
from leads.models import Event, Lead
from leads.services.leads import associate_company
from leads.services.lifecycle import delete_lead
from leads.services.marks import set_next_step, set_outcome, set_progress
from leads.services.notes import add_note, delete_note
from templates_app.enums import AttributeKind
from templates_app.models import CustomAttribute
from tests.browser.stage import ROLES
from tests.leads.views.reading import sent_from, text_of, url

PHONE, OTHER_PHONE = "+351 911 111 111", "+351 922 222 222"


@pytest.fixture
def sign_in():
    """Everybody has a browser of their own here."""

    def _sign_in(actor) -> Client:
        client = Client()
        client.force_login(
            User.objects.get(pk=actor.user_id), backend="accounts.backends.PortalBackend"
        )
        return client

    return _sign_in


def stored(lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def open_edit(client, lead, **typed) -> dict:
    return sent_from(client.get(url(lead, "edit")), **typed)


def sides_of(answer) -> dict[str, dict[str, str]]:
    """What can be chosen: field → side → words."""
    found: dict[str, dict[str, str]] = {}
    rows = re.findall(r'(?s)name="pick-([^"]+)" value="(\w+)".*?</label>', answer.content.decode())
    labels = re.findall(
        r'(?s)<label class="form-check-label"[^>]*>(.*?)</label>', answer.content.decode()
    )
    for (name, side), label in zip(rows, labels, strict=True):
        found.setdefault(name, {})[side] = " ".join(re.sub(r"<[^>]+>", " ", label).split())
    return found


def choose(client, answer, address: str, **picks: str):
    """Choose sides on the page that compares, and save."""
    changes = {f"pick-{name}": side for name, side in picks.items()}
    return client.post(address, sent_from(answer, **changes))


def test_different_fields_are_merged_silently(cast, sign_in, referred):
    ann, olga = sign_in(cast.ann), sign_in(cast.olga)
    hers = open_edit(ann, referred, phone=PHONE)
    assert (
        olga.post(url(referred, "edit"), open_edit(olga, referred, city="Porto")).status_code == 302
    )
    set_progress(referred, progress=Progress.CONTACTED, actor=cast.olga)
    assert ann.post(url(referred, "edit"), hers).status_code == 302
    lead = stored(referred)
    assert (lead.phone, lead.city) == (PHONE, "Porto")
    assert Event.objects.filter(lead=lead).order_by("number").last().data == {"fields": ["phone"]}


@pytest.mark.parametrize(
    ("side", "phone"),
    [("yours", PHONE), ("theirs", OTHER_PHONE), ("original", "+351 912 345 678"), ("x", PHONE)],
)
def test_the_same_field_is_a_choice(cast, sign_in, referred, side, phone):
    ann, olga = sign_in(cast.ann), sign_in(cast.olga)
    hers = open_edit(ann, referred, phone=PHONE, industry="Shipping")
    olga.post(url(referred, "edit"), open_edit(olga, referred, phone=OTHER_PHONE, city="Porto"))
    answer = ann.post(url(referred, "edit"), hers)
    words = text_of(answer)
    assert answer.status_code == 422
    assert "<title>Error:" in answer.content.decode()
    assert "Olga Orr changed “Phone” while you were editing." in words
    assert stored(referred).phone == OTHER_PHONE
    assert stored(referred).industry == ""
    sides = sides_of(answer)
    assert set(sides) == {"phone"}
    assert sides["phone"]["yours"] == f"Yours: {PHONE}"
    assert sides["phone"]["theirs"].startswith(f"Theirs: {OTHER_PHONE} Olga Orr, Northgate ")
    assert sides["phone"]["original"] == "Original: +351 912 345 678"
    assert choose(ann, answer, url(referred, "edit"), phone=side).status_code == 302
    lead = stored(referred)
    assert (lead.phone, lead.city, lead.industry) == (phone, "Porto", "Shipping")


def test_a_choice_is_compared_again_when_it_comes_too_late(cast, sign_in, referred):
    ann, olga = sign_in(cast.ann), sign_in(cast.olga)
    hers = open_edit(ann, referred, phone=PHONE)
    olga.post(url(referred, "edit"), open_edit(olga, referred, phone=OTHER_PHONE))
    answer = ann.post(url(referred, "edit"), hers)
    olga.post(url(referred, "edit"), open_edit(olga, referred, phone="+351 933 333 333"))
    again = choose(ann, answer, url(referred, "edit"), phone="yours")
    assert again.status_code == 422
    assert "Theirs: +351 933 333 333" in sides_of(again)["phone"]["theirs"]
    assert sides_of(again)["phone"]["original"] == f"Original: {OTHER_PHONE}"


def test_the_same_change_by_two_is_no_clash(cast, sign_in, referred):
    ann, olga = sign_in(cast.ann), sign_in(cast.olga)
    hers = open_edit(ann, referred, phone=PHONE)
    olga.post(url(referred, "edit"), open_edit(olga, referred, phone=PHONE))
    assert ann.post(url(referred, "edit"), hers).status_code == 302


def test_ones_own_second_save_never_clashes(cast, sign_in, referred):
    ann = sign_in(cast.ann)
    first = open_edit(ann, referred, phone=PHONE)
    assert ann.post(url(referred, "edit"), first).status_code == 302
    assert ann.post(url(referred, "edit"), first).status_code == 302
    # Back, and something else typed into the old form.
    assert ann.post(url(referred, "edit"), {**first, "phone": OTHER_PHONE}).status_code == 302
    assert stored(referred).phone == OTHER_PHONE


def test_attributes_of_every_type_are_compared_by_their_words(cast, sign_in, referred):
    roles = {"view_roles": ROLES, "edit_roles": ROLES}
    for key, label, kind, more in [
        ("vat", "VAT number", AttributeKind.TEXT, {}),
        ("due", "Due", AttributeKind.DATE, {}),
        ("staff", "Staff", AttributeKind.NUMBER, {}),
        ("needs", "Needs", AttributeKind.CHECKBOXES, {"options": ["Disk", "Tape", "Cloud"]}),
    ]:
        CustomAttribute.objects.create(
            host=cast.northgate, key=key, label=label, kind=kind, **roles, **more
        )
    typed = {
        "attribute-vat": "PT1", "attribute-due": "2026-12-24",
        "attribute-staff": "12", "attribute-needs": ["Disk", "Tape"],
    }  # fmt: skip
    others = {
        "attribute-vat": "PT2", "attribute-due": "2026-12-31",
        "attribute-staff": "13", "attribute-needs": ["Cloud"],
    }  # fmt: skip
    ann, olga = sign_in(cast.ann), sign_in(cast.olga)
    hers = open_edit(ann, referred, **typed)
    assert olga.post(url(referred, "edit"), open_edit(olga, referred, **others)).status_code == 302
    answer = ann.post(url(referred, "edit"), hers)
    sides = sides_of(answer)
    assert sides["attribute:needs"]["yours"] == "Yours: Disk, Tape"
    assert sides["attribute:needs"]["theirs"].startswith("Theirs: Cloud")
    assert sides["attribute:due"]["yours"] == "Yours: 24 Dec 2026"
    assert sides["attribute:vat"]["original"] == "Original: empty"
    kept = {f"pick-attribute:{key}": "yours" for key in ("vat", "due", "staff", "needs")}
    kept["pick-attribute:due"] = "theirs"
    kept["pick-attribute:staff"] = "original"
    sent = {**sent_from(answer), "attribute-needs": ["Disk", "Tape"], **kept}
    assert ann.post(url(referred, "edit"), sent).status_code == 302
    assert stored(referred).attributes == {
        "vat": "PT1", "due": "2026-12-31", "needs": ["Disk", "Tape"]
    }  # fmt: skip


def test_only_somebody_with_the_signed_form_decides_what_was_original(
    cast, sign_in, referred, held
):
    ann, olga = sign_in(cast.ann), sign_in(cast.olga)
    hers = open_edit(ann, referred, phone=PHONE)
    olga.post(url(referred, "edit"), open_edit(olga, referred, phone=OTHER_PHONE))
    elsewhere = open_edit(ann, held())["seen"]
    for seen in ("", "x", hers["seen"][:-2], elsewhere):
        answer = ann.post(url(referred, "edit"), {**hers, "seen": seen})
        assert answer.status_code == 422
        assert set(sides_of(answer)["phone"]) == {"yours", "theirs"}
    assert stored(referred).phone == OTHER_PHONE


def test_an_association_is_removed_only_by_what_one_changed_oneself(cast, sign_in, referred):
    ann = sign_in(cast.ann)
    hers = open_edit(ann, referred, channel="event")
    cleo = User.objects.get(pk=cast.cleo.user_id)
    associate_company(referred, user=cleo, company=cast.customer, actor=cast.olga)
    assert ann.post(url(referred, "edit"), hers).status_code == 302
    assert stored(referred).associated_company == cast.customer


# --- The small forms ------------------------------------------------------------------------------


def test_next_step_of_two_people(cast, sign_in, referred):
    ann = sign_in(cast.ann)
    address = url(referred, "next-step")
    hers = sent_from(
        ann.get(url(referred)), "next-step", next_step="Call", next_step_on="2026-12-24"
    )
    set_next_step(referred, text="Write", on=date(2026, 12, 31), actor=cast.olga)
    answer = ann.post(address, hers)
    assert answer.status_code == 422
    assert sides_of(answer)["next_step_on"]["yours"] == "Yours: 24 Dec 2026"
    assert "Theirs: Write" in sides_of(answer)["next_step"]["theirs"]
    done = choose(ann, answer, address, next_step="yours", next_step_on="theirs")
    assert done.status_code == 302
    lead = stored(referred)
    assert (lead.next_step, lead.next_step_on) == ("Call", date(2026, 12, 31))


def test_clearing_a_next_step_that_somebody_else_has_changed_asks_first(cast, sign_in, referred):
    set_next_step(referred, text="Call", on=None, actor=cast.ann)
    ann = sign_in(cast.ann)
    hers = sent_from(ann.get(url(referred, "next-step")))
    set_next_step(referred, text="Write", on=None, actor=cast.olga)
    answer = ann.post(url(referred, "next-step"), {**hers, "clear": "yes"})
    assert answer.status_code == 422
    assert sides_of(answer)["next_step"]["yours"] == "Yours: empty"
    assert choose(ann, answer, url(referred, "next-step"), next_step="yours").status_code == 302
    assert stored(referred).next_step == ""


def test_progress_and_outcome_of_two_people(cast, sign_in, referred, held):
    ann = sign_in(cast.ann)
    hers = sent_from(ann.get(url(referred)), "progress", progress="contacted")
    set_progress(referred, progress=Progress.PURCHASED, actor=cast.olga)
    answer = ann.post(url(referred, "progress"), hers)
    assert answer.status_code == 422
    assert sides_of(answer)["progress"]["yours"] == "Yours: Contacted"
    assert choose(ann, answer, url(referred, "progress"), progress="theirs").status_code == 302
    assert stored(referred).progress == Progress.PURCHASED
    # What does not say what it showed is a choice of its own: the last one counts.
    assert ann.post(url(referred, "progress"), {"progress": "contacted"}).status_code == 302

    won = held(Status.CONVERTED, outcome=Outcome.OPEN)
    olga, rita = sign_in(cast.olga), cast.rita
    hers = sent_from(olga.get(url(won)), "outcome", outcome="won")
    set_outcome(won, outcome=Outcome.LOST, actor=rita)
    answer = olga.post(url(won, "outcome"), hers)
    assert sides_of(answer)["outcome"]["theirs"].startswith("Theirs: Lost Rita Rey, Northgate")


def test_a_value_left_as_it_was_overwrites_nothing(cast, sign_in, referred, held):
    ann, olga = sign_in(cast.ann), sign_in(cast.olga)
    hers = sent_from(ann.get(url(referred)), "progress")
    set_progress(referred, progress=Progress.PURCHASED, actor=cast.olga)
    assert ann.post(url(referred, "progress"), hers).status_code == 302
    assert stored(referred).progress == Progress.PURCHASED
    won = held(Status.CONVERTED, outcome=Outcome.OPEN)
    hers = sent_from(olga.get(url(won)), "outcome")
    set_outcome(won, outcome=Outcome.LOST, actor=cast.rita)
    assert olga.post(url(won, "outcome"), hers).status_code == 302
    assert stored(won).outcome == Outcome.LOST


def test_a_card_shown_before_the_change_saves_nothing_and_says_so(cast, sign_in, referred):
    ann = sign_in(cast.ann)
    cards = "/leads/?layout=cards"
    hers = sent_from(ann.get(cards), "progress", progress="contacted")
    set_progress(referred, progress=Progress.PURCHASED, actor=cast.olga)
    on_card = {"hx-request": "true", "hx-target": referred.reference}
    answer = ann.post(url(referred, "progress"), hers, headers=on_card)
    assert answer.status_code == 200
    words = text_of(answer)
    assert "Olga Orr changed “Progress” while you were editing. Your choice was not saved" in words
    assert "Progress: Purchased" in words
    assert "<html" not in answer.content.decode()
    assert stored(referred).progress == Progress.PURCHASED
    # Without a script it is the page that compares.
    compared = ann.post(url(referred, "progress"), hers)
    assert sides_of(compared)["progress"]["yours"] == "Yours: Contacted"
    # The card shows what is true now: the next press counts.
    again = sent_from(answer, "progress", progress="delivered")
    assert "Progress saved." in text_of(ann.post(url(referred, "progress"), again, headers=on_card))
    assert stored(referred).progress == Progress.DELIVERED


def test_compared_in_a_dialog_it_stays_a_dialog(cast, sign_in, referred):
    ann = sign_in(cast.ann)
    hers = sent_from(
        ann.get(url(referred, "progress"), headers={"hx-request": "true"}), progress="contacted"
    )
    set_progress(referred, progress=Progress.PURCHASED, actor=cast.olga)
    answer = ann.post(url(referred, "progress"), hers, headers={"hx-request": "true"})
    assert answer.status_code == 422
    assert "<html" not in answer.content.decode()
    assert "Olga Orr changed “Progress” while you were editing." in text_of(answer)


# --- What is gone -----------------------------------------------------------------------------------


def test_editing_a_deleted_lead_says_what_happened(cast, sign_in, form_lead):
    rita = sign_in(cast.rita)
    hers = open_edit(rita, form_lead, phone=PHONE)
    delete_lead(form_lead, actor=cast.olga)
    answer = rita.post(url(form_lead, "edit"), hers)
    assert answer.status_code == 409
    assert "This lead was deleted by Olga Orr" in text_of(answer)
    assert "it can no longer be edited" in text_of(answer)


def test_a_note_that_is_gone_says_so_to_its_author_alone(cast, sign_in, referred):
    note = add_note(
        referred, body="Call", kind=NoteKind.NOTE, audience=Audience.EVERYBODY, actor=cast.ann
    )
    delete_note(note, actor=cast.ann)
    for action in ("edit", "delete"):
        address = f"{url(referred)}notes/{note.pk}/{action}/"
        answer = sign_in(cast.ann).post(address, {"body": "Again"})
        assert answer.status_code == 409
        assert "This note was deleted at" in text_of(answer)
        assert sign_in(cast.ann).get(address).status_code == 409
        assert sign_in(cast.olga).get(address).status_code == 404
    later = clock.now() + timedelta(hours=1)
    with clock.at(later):
        assert sign_in(cast.ann).get(f"{url(referred)}notes/{note.pk}/edit/").status_code == 409


def test_history_keeps_one_line_for_a_compared_save(cast, sign_in, referred):
    ann, olga = sign_in(cast.ann), sign_in(cast.olga)
    hers = open_edit(ann, referred, phone=PHONE)
    olga.post(url(referred, "edit"), open_edit(olga, referred, phone=OTHER_PHONE))
    answer = ann.post(url(referred, "edit"), hers)
    choose(ann, answer, url(referred, "edit"), phone="yours")
    lines = Event.objects.filter(lead=referred, kind=EventKind.UPDATED).order_by("number")
    values = [value for line in lines for value in line.values.all()]
    assert [(one.old, one.new) for one in values] == [
        ("+351 912 345 678", OTHER_PHONE), (OTHER_PHONE, PHONE)
    ]  # fmt: skip
