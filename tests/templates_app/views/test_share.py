"""The share page: link, QR code, snippets, and where and how the form may stand elsewhere (ux.md T9, F9)."""

import html
import re

import pytest
from django.urls import reverse

from templates_app.models import Listing
from tests.leads.intake.visitor import EVERY_KIND, make_form


@pytest.fixture
def vera(cast, sign_in):
    return sign_in(cast.vera)


def words(page: str) -> str:
    return html.unescape(page)


def test_page_holds_what_brings_the_form_to_people(cast, vera, settings):
    settings.PORTAL_URL = "https://leads.example"
    version = make_form(cast.vertex, *EVERY_KIND, name="Everything")
    Listing.objects.filter(pk=cast.listing.pk).update(version=version)
    answer = vera.get(reverse("templates:share", args=[cast.listing.pk]))
    page = words(answer.content.decode())
    address = f"https://leads.example{cast.listing.form_path}"
    copied = {
        html.unescape(text) for text in re.findall(r'data-copy="([^"]*)"', answer.content.decode())
    }
    assert address in copied
    frame, script = (
        next(one for one in copied if one.startswith(tag)) for tag in ("<iframe", "<a ")
    )
    assert f'src="{address}embed/"' in frame
    assert 'title="Contact us about Acme Backup"' in frame
    assert f'<a href="{address}">' in frame, "a plain link stands below"
    assert f'<a data-lead-form data-carry="campaign" href="{address}">' in script
    assert script.endswith('<script src="https://leads.example/f/embed.js" async></script>')
    assert "<script src=" not in answer.content.decode().split("snippets-title")[1], (
        "shown, not run"
    )
    assert "No site may show the form yet" in page
    assert ">campaign<" in page

    code = vera.get(reverse("templates:share_qr", args=[cast.listing.pk]))
    assert code["Content-Type"] == "image/svg+xml"
    assert b"<svg" in code.content
    assert len(code.content) < 40_000


def test_settings_are_saved_as_browsers_read_them_or_refused(cast, vera):
    url = reverse("templates:share", args=[cast.listing.pk])
    good = {
        "allowed_sites": "www.vertex.example/contact\n\nhttp://localhost:8100",
        "accent": "#7a1f5c",
        "corner": "round",
    }
    assert vera.post(url, good).status_code == 302
    cast.listing.refresh_from_db()
    assert cast.listing.allowed_sites == ["https://www.vertex.example", "http://localhost:8100"]
    assert (cast.listing.accent, cast.listing.corner) == ("#7A1F5C", "round")

    for wrong, sentence in [
        ({"allowed_sites": "a.example; script-src *"}, "is not the address of a site"),
        ({"accent": "#FFD400"}, "White text on this colour has a contrast of 1.4 to 1"),
        ({"accent": "red"}, "Choose a colour, written like #0E6470"),
        ({"corner": "star"}, "Choose the corners"),
    ]:
        answer = vera.post(url, {**good, **wrong})
        assert answer.status_code == 422
        assert sentence in words(answer.content.decode())
        for typed in wrong.values():
            assert typed in words(answer.content.decode()) or wrong.keys() == {"corner"}
    cast.listing.refresh_from_db()
    assert cast.listing.accent == "#7A1F5C"
