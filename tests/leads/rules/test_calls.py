"""What leaves for Slack and webhooks: nothing about a prospect, signed as Standard Webhooks says."""

import base64
import json
from datetime import UTC, datetime

import pytest

from leads.enums import EventKind
from leads.rules.calls import News, new_secret, signature, slack_body, webhook_body

# The published example of standardwebhooks.com.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = {"identity": "msg_p5jXN8AQM9LWM0D4loKWxJek", "timestamp": 1614265330}
BODY = b'{"test": 2432232314}'


def test_signature_is_that_of_the_published_example():
    signed = signature(SECRET, **MESSAGE, body=BODY)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    others = {
        signature(new_secret(), **MESSAGE, body=BODY),
        signature(SECRET, **MESSAGE, body=BODY + b" "),
        signature(SECRET, **{**MESSAGE, "timestamp": 1614265331}, body=BODY),
        signature(SECRET, **{**MESSAGE, "identity": "msg_x"}, body=BODY),
    }
    assert len(others | {signed}) == 5


def test_secret_is_new_each_time_and_long_enough():
    assert new_secret() != new_secret()
    assert len(base64.b64decode(new_secret().removeprefix("whsec_"))) == 24
    with pytest.raises(ValueError, match="no secret"):
        signature("whsec_%%%", **MESSAGE, body=BODY)


def news(product="Acme <Backup> & Co", **data):
    return News(
        kind=EventKind.ASSIGNED,
        at=datetime(2026, 3, 2, 12, tzinfo=UTC),
        reference="LD-000000001",
        url="https://leads.example.com/leads/LD-000000001/",
        product=product,
        data=data,
    )


def test_webhook_says_what_happened_in_codes_alone():
    sent = json.loads(webhook_body(news(**{"from": "submitted", "to": "assigned", "note": 7})))
    assert sent == {
        "type": "lead.assigned",
        "timestamp": "2026-03-02T12:00:00+00:00",
        "data": {
            "lead": {
                "id": "LD-000000001",
                "url": "https://leads.example.com/leads/LD-000000001/",
                "product": "Acme <Backup> & Co",
            },
            "from": "submitted",
            "to": "assigned",
        },
    }


def test_slack_takes_no_name_for_a_link_or_a_mention():
    link = "<https://leads.example.com/leads/LD-000000001/|LD-000000001>"
    said = json.loads(slack_body(news()))
    assert said == {"text": f"Assigned: {link} for Acme &lt;Backup&gt; &amp; Co"}
    assert json.loads(slack_body(news(""))) == {"text": f"Assigned: {link}"}
