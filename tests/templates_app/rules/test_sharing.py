"""Sites that may frame a form, and colours that can be read."""

import pytest

from leadportal.common.values import BadValueError
from templates_app.rules.sites import SITES_MOST, read_site, read_sites
from templates_app.rules.themes import ACCENT, accent_problem, contrast, dark_enough, theme

ORIGINS = {
    "www.example.com": "https://www.example.com",
    "https://www.example.com/contact/": "https://www.example.com",
    "HTTP://Intranet:8080": "http://intranet:8080",
    "bücher.example": "https://xn--bcher-kva.example",
    "https://127.0.0.1:8443": "https://127.0.0.1:8443",
}
# Each would say more in the header than one site, or nothing that a browser knows.
REFUSED = [
    "*", "https://*.example.com", "'self'", "https://a.example; script-src *", "a.example b.example",
    "javascript:alert(1)",
    "ftp://a.example", "https://", "https://user@a.example", "https://a.example:99999", "data:text/html", "https://-a.example",
    "https://a.example?x=1", "https://" + "a" * 70 + ".example", "https://[::1", "https://a..example",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "origin"), ORIGINS.items())
def test_site_is_read_as_an_origin(typed, origin):
    assert read_site(typed) == origin


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_site_is_refused_in_a_sentence(typed):
    with pytest.raises(BadValueError) as refusal:
        read_site(typed)
    assert "like https://www.example.com" in refusal.value.sentence


def test_sites_stand_once_and_are_not_without_number():
    assert read_sites(["a.example", "https://a.example/", "b.example"]) == [
        "https://a.example",
        "https://b.example",
    ]
    with pytest.raises(BadValueError, match="at most 50 sites"):
        read_sites([f"s{number}.example" for number in range(SITES_MOST + 1)])


def test_contrast_is_that_of_wcag():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((0x77, 0x77, 0x77), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_accent_carries_white_text():
    assert accent_problem(ACCENT) == ""
    assert accent_problem("#767676") == ""
    problem = accent_problem("#FFD400")
    assert "contrast of 1.4 to 1, and 4.5 is needed" in problem
    offered = dark_enough("#FFD400")
    assert offered in problem
    assert accent_problem(offered) == ""
    for word in ("red", "#FFF", "#12345G", "#123456;}", ""):
        assert "Choose a colour" in accent_problem(word)
    assert theme("#0E6470", "round").control_radius == 18
