"""Notification settings: the table of a person and of its company; Slack and webhooks (ux.md 2.10)."""

import re

from leads.enums import InboxKind
from leads.models import CallState, OutgoingCall, Target
from leads.rules.notices import Choice, MailWhen
from leads.selectors.notices import company_choices, locked_kinds, own_choices
from leads.services.calls import send_due_calls
from tests.receiver import receiving

OWN = "/settings/notifications/"
COMPANY = f"{OWN}company/"
GIVEN = InboxKind.GIVEN


def typed(actor, **changes) -> dict[str, str]:
    """What the form sends when only `changes` are made."""
    choices = own_choices(actor)
    sent = {f"mail_{kind.value}": one.mail.value for kind, one in choices.items()}
    sent |= {f"bell_{kind.value}": "on" for kind, one in choices.items() if one.bell}
    return sent | {name: value for name, value in changes.items() if value}


def test_a_person_chooses_and_a_company_locks(cast, sign_in):
    client = sign_in(cast.ann)
    assert "Notification settings" in client.get("/settings/").content.decode()
    page = client.get(OWN).content.decode()
    assert 'id="given"' in page
    assert "A lead is given to my company" in page
    client.post(OWN, typed(cast.ann, mail_given="daily", quiet_from="20:00", quiet_until="07:00"))
    assert own_choices(cast.ann)[GIVEN] == Choice(True, MailWhen.DAILY)
    assert '<option value="20:00" selected>' in client.get(OWN).content.decode()
    client.post(COMPANY, typed(cast.ann, mail_given="hourly", lock_given="on"))
    assert company_choices(cast.ann)[GIVEN].mail == MailWhen.HOURLY
    assert locked_kinds(cast.ann) == {GIVEN}
    assert "Set by Alpha" in client.get(OWN).content.decode()
    client.post(OWN, typed(cast.ann, mail_given="never"))
    assert own_choices(cast.ann)[GIVEN].mail == MailWhen.HOURLY, "locked"


def test_bad_values_are_refused_in_words(cast, sign_in):
    client = sign_in(cast.ann)
    answer = client.post(OWN, typed(cast.ann, quiet_from="20:00"))
    assert answer.status_code == 422
    assert "Choose two different hours, or none" in answer.content.decode()
    assert client.post(OWN, typed(cast.ann, mail_given="sometimes")).status_code == 422
    wish = {"kind": "webhook", "name": "CRM", "address": "http://crm.example/", "events": ["note"]}
    answer = client.post(f"{OWN}targets/new/", wish)
    assert "Enter an address that begins with https://" in answer.content.decode()
    assert not Target.objects.exists()


def test_a_webhook_is_made_tested_sent_again_and_removed(cast, sign_in, settings):
    client = sign_in(cast.ann)
    with receiving() as receiver:
        settings.OUTBOUND_ALLOW = {receiver.address}
        wish = {"kind": "webhook", "name": "CRM", "address": receiver.url, "events": ["given"]}
        answer = client.post(f"{OWN}targets/new/", wish)
        [secret] = set(re.findall(r"whsec_[\w+/=]{32}", answer.content.decode()))
        assert answer["Cache-Control"] == "no-store"
        target = Target.objects.get()
        address = f"{OWN}targets/{target.pk}/"
        client.post(f"{address}test/")
        page = client.get(address).content.decode()
        assert secret not in page
        assert receiver.url not in page
        assert "Waiting" in page
        assert receiver.taken == [], "nothing is called in a request"
        send_due_calls()
        assert "Accepted" in client.get(address).content.decode()
        call = OutgoingCall.objects.get()
        client.post(f"{address}messages/{call.pk}/again/")
        assert OutgoingCall.objects.get().state == CallState.WAITING
        assert client.post(f"{address}messages/{call.pk}/again/").status_code == 409
        send_due_calls()
    assert [headers["webhook-id"] for _path, headers, _body in receiver.taken] == [
        call.identity
    ] * 2
    client.post(f"{address}switch/", {"switch": "off"})
    assert "Switched off" in client.get(COMPANY).content.decode()
    client.post(f"{address}remove/")
    assert not Target.objects.exists()
