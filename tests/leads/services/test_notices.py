"""Each mail of domain.md section 10: the right people, the right text, nobody else; as each person wants it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now

from accounts.models import Company, Membership, OutgoingMail, User
from accounts.services.outbox import send_due_mail
from leadportal.common import clock
from leadportal.common.errors import Forbidden
from leads.enums import Audience, InboxKind
from leads.models import InboxItem
from leads.rules.notices import Choice, MailWhen
from leads.services import notices
from leads.services.conversion import (
    approve_conversion,
    convert_lead,
    deny_conversion,
    request_conversion,
)
from leads.services.inbox import mark_read, tell
from leads.services.leads import create_from_profile, create_lead
from leads.services.lifecycle import (
    accept_lead,
    assign_lead,
    decline_lead,
    delete_lead,
    disqualify_lead,
)
from leads.services.marks import give_lead, mark_invalid, qualify_lead
from leads.services.notice_settings import set_company_notices, set_notices
from leads.services.notices import mail_notices
from leads.services.undo import undo
from tests.factories import make_version
from tests.leads.services.house import (
    CONTACT,
    WISH,
    accepted,
    asked,
    at_alpha,
    furnish,
    note,
    nothing,
    of_form,
    reason,
    straight_to_vendor,
)
from tests.smtp import mail_server

GIVEN = InboxKind.GIVEN


@pytest.fixture
def house(cast):
    """The cast with colleagues, of whom nobody waits for mail yet."""
    return furnish(cast)


def quiet_so_far():
    """Let nothing that was told before be mailed."""
    InboxItem.objects.update(mail_due_at=None)


# Rows of domain.md section 10: where it starts, what is done, what the mail is called and says, and who gets it.
TABLE = {
    "lead created, product": (
        nothing,
        lambda c, _: of_form(c),
        {"New lead": ("olga oona rita rolf", "Lead created")},
    ),
    "lead created, held by the vendor": (
        straight_to_vendor,
        lambda c, _: of_form(c),
        {"A lead for your company": ("vera vic", "assigned to Vertex")},
    ),
    "lead created, reseller profile": (
        nothing,
        lambda c, _: create_from_profile(c.alpha, make_version(c.northgate), CONTACT, {}),
        {"New lead": ("amy ann olga oona rita rolf", "Lead created")},
    ),
    "lead created, manual": (
        nothing,
        lambda c, _: create_lead(CONTACT, actor=c.olga),
        {"New lead": ("oona rita rolf", "Olga Orr, Northgate")},
    ),
    "assigned": (
        of_form,
        lambda c, lead: assign_lead(lead, to=c.alpha, actor=c.rita),
        {"A lead for your company": ("amy ann", "assigned to Alpha")},
    ),
    "in charge": (
        accepted,
        lambda c, lead: give_lead(lead, to=User.objects.get(email="amy@example.com"), actor=c.ann),
        {"You are in charge of a lead": ("amy", "Ann Abe, Alpha")},
    ),
    "accepted": (
        at_alpha,
        lambda c, lead: accept_lead(lead, actor=c.ann),
        {"Accepted": ("olga oona rita rolf", "Ann Abe, Alpha")},
    ),
    "declined": (
        at_alpha,
        lambda c, lead: decline_lead(lead, reason="Too far", actor=c.ann),
        {"Declined": ("olga oona rita rolf", "Ann Abe, Alpha")},
    ),
    "converted": (
        accepted,
        lambda c, lead: convert_lead(lead, wish=WISH, actor=c.olga),
        {"Converted": ("oona rita rolf vera vic", "Olga Orr, Northgate")},
    ),
    "disqualified": (
        at_alpha,
        lambda c, lead: disqualify_lead(lead, reason=reason(c), actor=c.ann),
        {"Disqualified": ("olga oona rita rolf vera vic", "Lead disqualified")},
    ),
    "deleted": (
        of_form,
        lambda c, lead: delete_lead(lead, actor=c.vera),
        {"Deleted": ("olga oona rita rolf vic", "Lead deleted")},
    ),
    "conversion approval requested": (
        accepted,
        lambda c, lead: request_conversion(lead, wish=WISH, actor=c.ann),
        {"Conversion approval requested": ("olga oona rita rolf", "Ann Abe, Alpha")},
    ),
    "approved": (
        asked,
        lambda c, lead: approve_conversion(lead, actor=c.rita),
        {
            "Conversion approved": ("ann", "Rita Rey, Northgate"),
            "Converted": ("olga oona rolf vera vic", "Rita Rey, Northgate"),
        },
    ),
    "denied": (
        asked,
        lambda c, lead: deny_conversion(lead, actor=c.rita),
        {"Conversion denied": ("ann", "Rita Rey, Northgate")},
    ),
    "qualified": (
        of_form,
        lambda c, lead: qualify_lead(lead, actor=c.vera),
        {"Qualified": ("olga oona", "Vera Vu, Vertex")},
    ),
    "invalid": (
        of_form,
        lambda c, lead: mark_invalid(lead, actor=c.vera),
        {"Marked as invalid": ("olga oona rita rolf vic", "Vera Vu, Vertex")},
    ),
}


def posted(settings) -> list:
    """What a mail server receives when the worker has done its round."""
    OutgoingMail.objects.exclude(text="").exclude(subject__contains="LD-").delete()  # invitations
    with mail_server(settings) as mails:
        mail_notices()
        send_due_mail()
    return mails


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


@pytest.mark.parametrize("row", TABLE)
def test_the_right_people_get_the_right_mail_and_nobody_else(row, house, settings):
    start, act, expected = TABLE[row]
    lead = start(house)
    quiet_so_far()
    made = act(house, lead)
    lead = made if lead is None else lead
    got: dict[str, set[str]] = {}
    for mail in posted(settings):
        title, _, reference = mail["Subject"].partition(": ")
        if title not in expected:  # the customer's invitation
            assert "invites you" in mail["Subject"]
            continue
        assert reference == lead.reference, "and nothing about the prospect"
        got.setdefault(title, set()).add(mail["To"].partition("@")[0])
        assert expected[title][1] in text_of(mail)
        assert lead.company in mail.get_body(("html",)).get_content()
    assert got == {title: set(names.split()) for title, (names, _words) in expected.items()}


def test_mail_leads_to_the_change_to_its_setting_and_to_the_one_click_stop(house, settings, client):
    lead = at_alpha(house)
    mail = next(one for one in posted(settings) if one["To"] == "ann@example.com")
    item = InboxItem.objects.get(user=house.ann.user_id)
    assert f"{settings.PORTAL_URL}/inbox/{item.pk}/" in text_of(mail)
    assert f"{settings.PORTAL_URL}/settings/notifications/#given" in text_of(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip(" <>").removeprefix(settings.PORTAL_URL)
    asked_first = client.get(address)
    assert "A lead is given to my company" in asked_first.content.decode()
    stopped = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert "These mails are stopped" in stopped.content.decode()
    assert not asked_first.cookies
    assert client.get(f"{address[:-2]}x/").status_code == 404
    quiet_so_far()
    decline_lead(lead, reason="Too far", actor=house.ann)
    assign_lead(lead, to=house.alpha, actor=house.rita)
    given = [one["To"] for one in posted(settings) if "for your company" in one["Subject"]]
    assert given == ["amy@example.com"], "a colleague's mail is not stopped"
    assert InboxItem.objects.filter(user=house.ann.user_id, kind=GIVEN, is_unread=True).count() == 2


def test_a_lead_that_went_to_somebody_else_meanwhile_is_in_no_mail(house, settings):
    lead = of_form(house)
    quiet_so_far()
    assign_lead(lead, to=house.alpha, actor=house.rita)
    InboxItem.objects.filter(user=house.ann.user_id).update(created_at=Now() + timedelta(hours=1))
    assign_lead(lead, to=house.beta, actor=house.rita)
    receivers = {mail["To"] for mail in posted(settings)}
    assert "ben@example.com" in receivers
    assert "ann@example.com" not in receivers
    assert not InboxItem.objects.filter(mail_due_at__isnull=False).exists()


def test_what_is_undone_or_read_before_the_worker_comes_is_not_mailed(house, settings):
    lead = at_alpha(house)
    quiet_so_far()
    decline_lead(lead, reason="Too far", actor=house.ann)
    assign_lead(lead, to=house.beta, actor=house.rita)
    undo(
        lead,
        number=lead.events.get(kind="assigned", data__to_holder=house.beta.pk).number,
        actor=house.rita,
    )
    read = InboxItem.objects.get(user=house.olga.user_id, kind="answered")
    mark_read(items=[read.pk], actor=house.olga)
    receivers = {mail["To"] for mail in posted(settings)}
    assert receivers == {"oona@example.com", "rita@example.com", "rolf@example.com"}


def test_many_of_a_kind_are_one_mail(house, settings):
    quiet_so_far()
    for _ in range(3):
        at_alpha(house)
    subjects = [one["Subject"] for one in posted(settings) if one["To"] == "ann@example.com"]
    assert subjects == ["A lead for your company, 3 times"]


def test_digest_gathers_a_day_and_comes_in_the_morning_of_the_reader(house, settings):
    User.objects.filter(pk=house.ann.user_id).update(time_zone="Asia/Tokyo")
    set_notices({GIVEN: Choice(True, MailWhen.DAILY)}, quiet=None, actor=house.ann)
    at_alpha(house)
    note(lead := at_alpha(house), house.rita, Audience.EVERYBODY)
    now = datetime(2026, 3, 2, 3, tzinfo=UTC)
    InboxItem.objects.update(mail_due_at=now)
    with clock.at(now):  # noon in Tokyo
        assert not [one for one in posted(settings) if one["To"] == "ann@example.com"]
    mine = InboxItem.objects.filter(user=house.ann.user_id)
    assert set(mine.values_list("mail_due_at", flat=True)) == {datetime(2026, 3, 2, 23, tzinfo=UTC)}
    mail = next(one for one in posted(settings) if one["To"] == "ann@example.com")
    assert mail["Subject"] == "3 notifications for Alpha"
    assert text_of(mail).count("assigned to Alpha") == 2
    assert lead.reference in text_of(mail)
    assert "#given" in text_of(mail)
    assert "#note" in text_of(mail)
    assert not mine.filter(mail_due_at__isnull=False).exists()


def test_bell_and_mail_can_be_silent_each_for_itself(house, settings):
    set_notices({GIVEN: Choice(False, MailWhen.NOW)}, quiet=None, actor=house.ann)
    amy = Membership.objects.get(user__email="amy@example.com")
    amy.preferences = {"notices": {"given": {"bell": True, "mail": "never"}}}
    amy.save()
    at_alpha(house)
    assert [one["To"] for one in posted(settings) if "company" in one["Subject"]] == [
        "ann@example.com"
    ]
    given = InboxItem.objects.filter(kind=GIVEN)
    assert dict(given.values_list("user__email", "is_unread")) == {
        "ann@example.com": False,
        "amy@example.com": True,
    }


def test_what_the_company_locks_counts_for_everybody_and_has_no_stop(house, settings):
    set_notices({GIVEN: Choice(True, MailWhen.NEVER)}, quiet=None, actor=house.ann)
    now = {GIVEN: Choice(True, MailWhen.NOW)}
    with pytest.raises(Forbidden):
        set_company_notices(now, locked={GIVEN}, actor=house.ben)
    set_company_notices(now, locked={GIVEN}, actor=house.ann)
    at_alpha(house)
    mail = next(one for one in posted(settings) if one["To"] == "ann@example.com")
    assert mail["List-Unsubscribe"] is None
    assert "No such mails any more" not in text_of(mail)


def test_in_quiet_hours_mail_waits_for_their_end(house, settings):
    hours = [datetime(2026, 3, 2, hour, tzinfo=UTC).time() for hour in (20, 7)]
    set_notices({}, quiet=(hours[0], hours[1]), actor=house.ann)
    at_alpha(house)
    InboxItem.objects.update(mail_due_at=datetime(2026, 3, 2, 22, tzinfo=UTC))
    with clock.at(datetime(2026, 3, 2, 22, tzinfo=UTC)):
        assert "ann@example.com" not in {one["To"] for one in posted(settings)}
    mine = InboxItem.objects.get(user=house.ann.user_id)
    assert mine.mail_due_at == datetime(2026, 3, 3, 7, tzinfo=UTC)
    with clock.at(datetime(2026, 3, 3, 7, tzinfo=UTC)):
        assert "ann@example.com" in {one["To"] for one in posted(settings)}


def test_who_left_gets_no_mail_and_one_bad_item_holds_up_nobody(house, settings, monkeypatch):
    at_alpha(house)
    User.objects.filter(email="amy@example.com").update(is_active=False)
    real = notices.groups_of

    def broken(items, actor):
        if actor.user_id == house.olga.user_id:
            raise RuntimeError("no words")
        return real(items, actor)

    monkeypatch.setattr(notices, "groups_of", broken)
    receivers = {mail["To"] for mail in posted(settings)}
    assert receivers == {f"{one}@example.com" for one in ("ann", "oona", "rita", "rolf")}
    waits = InboxItem.objects.filter(mail_due_at__gt=clock.now())
    assert set(waits.values_list("user", flat=True)) == {house.olga.user_id}


def test_control_characters_of_a_name_reach_no_header(house, settings):
    Company.objects.filter(pk=house.alpha.pk).update(name="Al\x0bpha\x1f")
    tell(user_id=house.ann.user_id, company_id=house.alpha.pk, text="Hello", address="/")
    InboxItem.objects.update(is_gathered=True)
    set_notices({InboxKind.MESSAGE: Choice(True, MailWhen.DAILY)}, quiet=None, actor=house.ann)
    [mail] = posted(settings)
    assert mail["Subject"] == "1 notification for Al pha"
    assert mail["To"] == "ann@example.com"
    assert re.fullmatch(r"<[0-9a-f-]{36}@127\.0\.0\.1>", mail["Message-ID"])
