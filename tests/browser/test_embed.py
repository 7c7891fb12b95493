"""The form in a page of another site: it grows, takes leads, and stands nowhere else (ux.md F9)."""

import re

from playwright.sync_api import Frame, Page, expect

from leads.models import Lead
from tests.browser.checks import axe_violations


def form_in(page: Page) -> Frame:
    """Return the frame with the form once it is there."""
    page.locator("iframe").scroll_into_view_if_needed()
    page.frame_locator("iframe").locator("h1").wait_for()
    return page.frames[1]


def scrolls_nowhere(page: Page, frame: Frame) -> None:
    """Make sure that the frame is as high as what stands in it."""
    page.wait_for_function("() => document.querySelector('iframe').style.blockSize !== '640px'")
    frame.wait_for_function("() => document.documentElement.scrollHeight <= window.innerHeight")
    assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def html_of(snippet: str) -> str:
    words = "<p>Prices start at 900 €.</p>" * 3
    return f"<!doctype html><html lang=en><title>Acme</title><h1>Acme</h1>{words}{snippet}{words}</html>"


def test_36_form_in_a_frame_grows_and_takes_a_lead_on_an_allowed_site_alone(visit, cast, sites):
    allowed, other = sites
    vera = visit(cast.vera, permissions=["clipboard-read", "clipboard-write"])
    vera.visit("templates:product", cast.product.pk)
    vera.follow(re.compile("^Share form"))
    vera.fill("Allowed sites", allowed.origin)
    vera.choose("Corners", "Round")
    vera.press("Save settings")
    vera.is_told("The settings for other sites are saved.")
    snippets = {}
    for name in ("script", "frame"):
        button = vera.page.get_by_role("button", name=f"Copy {name} snippet")
        button.click()
        expect(vera.page.locator("#live")).to_have_text("Copied")
        snippets[name] = vera.page.evaluate("navigator.clipboard.readText()")

    # The script: a link becomes the form, and takes along where the visitor came from.
    allowed.page = html_of(snippets["script"])
    prospect = visit(is_mobile=False)
    page = prospect.page
    page.goto(f"{allowed.origin}/contact?utm_source=newsletter&token=secret")
    frame = form_in(page)
    assert "utm_source=newsletter" in frame.url
    assert "secret" not in frame.url
    assert page.evaluate("document.activeElement === document.body"), (
        "nobody is taken into the frame"
    )
    scrolls_nowhere(page, frame)
    assert axe_violations(page) == []
    height = page.locator("iframe").bounding_box()["height"]
    frame.wait_for_timeout(2_100)
    frame.get_by_role("button", name="Send your answers").click()
    expect(frame.get_by_role("group", name="There is a problem")).to_be_focused()
    page.wait_for_function(f"() => document.querySelector('iframe').offsetHeight > {height} + 50")
    scrolls_nowhere(page, frame)
    for label, text in (
        ("First name", "Ana"),
        ("Last name", "Sousa"),
        ("Work email", "ana@northwind.example"),
    ):
        frame.get_by_label(label).fill(text)
    frame.get_by_role("button", name="Send your answers").click()
    expect(frame.locator("h1")).to_have_text("Thank you, Ana")
    scrolls_nowhere(page, frame)
    lead = Lead.objects.get()
    assert lead.submission.payload["form.campaign"] == {"utm_source": "newsletter"}
    assert page.context.cookies() == []

    # The frame of the other snippet is as good; on any other site the browser refuses it, and the link is left.
    for site in sites:
        site.page = html_of(snippets["frame"])
    page.goto(f"{allowed.origin}/")
    scrolls_nowhere(page, form_in(page))
    stranger = visit(forgives="frame-ancestors").page
    stranger.goto(f"{other.origin}/")
    stranger.locator("iframe").scroll_into_view_if_needed()
    refused = stranger.frame_locator("iframe").locator("body")
    expect(refused).to_contain_text("refused to connect")
    assert [one.url for one in stranger.frames[1:]] == ["chrome-error://chromewebdata/"]
    stranger.get_by_role("link", name="Contact us about Acme Backup on a page of its own").click()
    expect(stranger.locator("h1")).to_have_text("Contact us about Acme Backup")


def test_page_around_believes_no_other_sender_and_no_other_height(visit, cast, sites):
    """The height comes from the form's own frame and origin, and is a number within reason."""
    allowed, _other = sites
    cast.listing.allowed_sites = [allowed.origin]
    cast.listing.save()
    prospect = visit()
    address = f"{prospect.address}{cast.listing.form_path}"
    allowed.page = html_of(
        f'<a data-lead-form href="{address}">Ask</a><script src="{prospect.address}/f/embed.js"></script>'
    )
    page = prospect.page
    page.goto(allowed.origin)
    frame = form_in(page)
    scrolls_nowhere(page, frame)
    height = page.locator("iframe").bounding_box()["height"]
    page.evaluate("window.postMessage({leadForm: {height: 9000}}, '*')")  # from the page itself
    for wrong in ("'9000'", "NaN", "null", "{}"):
        frame.evaluate(f"parent.postMessage({{leadForm: {{height: {wrong}}}}}, '*')")
    frame.evaluate("parent.postMessage('leadForm', '*')")
    page.wait_for_timeout(200)
    assert page.locator("iframe").bounding_box()["height"] == height
    frame.evaluate("parent.postMessage({leadForm: {height: 1e9}}, '*')")
    page.wait_for_function("() => document.querySelector('iframe').offsetHeight === 20000")
