"""The form in a frame of another site: who may frame it, what it looks like, what it takes along (ux.md F9)."""

import pytest

from leads.models import Lead
from templates_app.models import Listing
from tests.leads.intake.visitor import (
    ANSWERS,
    EVERY_ANSWER,
    fill_in,
    open_form,
    press,
    read,
    send,
)

SITE = "https://www.vertex.example"


@pytest.fixture
def embed(cast, path) -> str:
    """The address of the embedded form, which one site may frame."""
    Listing.objects.filter(pk=cast.listing.pk).update(allowed_sites=[SITE], accent="#7A1F5C")
    return f"{path}embed/"


def ancestors(response) -> str:
    policy = response.headers["Content-Security-Policy"]
    return policy.split("frame-ancestors ")[1].split(";")[0]


def test_only_the_allowed_sites_frame_any_page_of_it(client, cast, embed, path):
    token = open_form(client, embed)
    answers = [
        client.get(embed),
        send(client, embed, {**ANSWERS, "email": ""}, token),
        client.post(embed, {"form.token": token, "answer-first_name": "Ana"}),
    ]
    sent = send(client, embed, ANSWERS, token)
    assert sent.url.startswith(f"{embed}thanks/")
    thanks = client.get(sent.url)
    assert "Your reference is" in thanks.content.decode()
    answers.append(thanks)
    Listing.objects.filter(pk=cast.listing.pk).update(is_active=False)
    closed = client.get(embed)
    assert closed.status_code == 410
    answers.append(closed)
    for answer in answers:
        assert ancestors(answer) == SITE
        assert "X-Frame-Options" not in answer.headers
        assert not answer.cookies
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        page = answer.content.decode()
        assert "autofocus" not in page
        assert "public-head" not in page
        assert cast.listing.profile_path not in page, "a link would fill the frame"


def test_without_a_site_nobody_frames_it_and_other_pages_stay_shut(client, cast, path, embed):
    assert ancestors(client.get(path)) == "'none'"
    assert client.get(path).headers["X-Frame-Options"] == "DENY"
    Listing.objects.filter(pk=cast.listing.pk).update(allowed_sites=[])
    answer = client.get(embed)
    assert ancestors(answer) == "'none'"
    assert answer.headers["X-Frame-Options"] == "DENY"
    unknown = client.get("/f/unknown/embed/")
    assert (unknown.status_code, ancestors(unknown)) == (404, "'none'")


def test_look_is_a_style_sheet_of_two_settings(client, cast, path, embed):
    sheet = client.get(f"{path}theme.css")
    assert sheet["Content-Type"].startswith("text/css")
    text = sheet.content.decode()
    assert "--lp-primary: #7A1F5C;" in text
    assert "--lp-radius-m: 8px;" in text
    assert f'href="{path}theme.css"' in client.get(embed).content.decode()
    assert client.get("/f/unknown/theme.css").status_code == 404


def test_loader_has_one_address_for_ever(client):
    answer = client.get("/f/embed.js")
    assert answer.status_code == 302
    assert answer.url.startswith("/static/js/embed")
    assert not answer.cookies


def test_campaign_is_carried_through_every_step_and_stored(client, cast, long_path, sign_in):
    query = "?utm_source=news%00letter&utm_medium=" + "m" * 900 + "&utm_other=x&campaign=spring"
    page = read(client.get(long_path + query))
    assert page.hidden["form.utm_source"] == ["newsletter"]
    assert page.hidden["answer-campaign"] == ["spring"]
    assert "form.utm_other" not in page.hidden
    carried = {name: values[0] for name, values in page.hidden.items() if "utm" in name}
    checked = send(client, long_path, EVERY_ANSWER, page.hidden["form.token"][0], **carried)
    changed = press(client, long_path, checked, "change")
    assert read(changed).hidden["form.utm_source"] == ["newsletter"]
    assert press(client, long_path, checked, "send").status_code == 302
    lead = Lead.objects.get()
    assert lead.answers["campaign"] == "spring"
    assert lead.submission.payload["form.campaign"] == {
        "utm_source": "newsletter",
        "utm_medium": "m" * 120,
    }
    shown = sign_in(cast.vera).get(f"/leads/{lead.reference}/").content.decode()
    assert "newsletter" in shown.split("opportunity-head")[2].split("</section>")[0]


def test_lead_without_a_campaign_says_nothing_of_one(client, cast, path, sign_in):
    fill_in(client, path)
    lead = Lead.objects.get()
    assert "form.campaign" not in lead.submission.payload
    assert ">Campaign<" not in sign_in(cast.vera).get(f"/leads/{lead.reference}/").content.decode()
