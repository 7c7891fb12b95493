"""Where territories overlap, what none of them covers, and how their places are written (ux.md A3)."""

import pytest
from django.core.exceptions import ValidationError

from leads.forms.territories import _area
from leads.rules.routing.book import Area, Territory
from leads.rules.routing.places import Gap, gaps, overlaps, uncovered
from leads.selectors.routing_pages import area_in_words

PORTUGAL, SPAIN = Area("PT"), Area("ES")
GALICIA, GALICIA_TOO, ARAGON = Area("ES", "Galicia"), Area("ES", "GALÍCIA"), Area("ES", "Aragón")
PORTO = Area("PT", low="4000", high="4999")
WEST = Area("PT", low="4500", high="5999")
SOUTH = Area("PT", low="8000", high="8999")


def territory(key: str, *areas: Area) -> Territory:
    return Territory(key, key.title(), areas)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (PORTUGAL, PORTUGAL, "sure"),
        (PORTUGAL, SPAIN, None),
        (PORTUGAL, PORTO, "sure"),
        (SPAIN, GALICIA, "sure"),
        (GALICIA, GALICIA_TOO, "sure"),
        (GALICIA, ARAGON, None),
        (PORTO, WEST, "sure"),
        (PORTO, SOUTH, None),
        # One ends where the other begins: 4999-999 and 5000 are neighbours.
        (PORTO, Area("PT", low="5000", high="5999"), None),
        (PORTO, Area("PT", low="4999", high="5999"), "sure"),
        # A beginning stands for all that begin so: 4 to 4 is everything from 4000 to 4999.
        (PORTO, Area("PT", low="4", high="4"), "sure"),
        (SOUTH, Area("PT", low="4", high="4"), None),
        (Area("GB", low="SW1", high="SW9"), Area("GB", low="sw5 1aa", high="SW5 9ZZ"), "sure"),
        (Area("GB", low="SW1", high="SW9"), Area("GB", low="SE1", high="SE9"), None),
        # Nobody knows whether a region has these postcodes.
        (GALICIA, Area("ES", low="15000", high="15999"), "perhaps"),
    ],
)
def test_two_territories_overlap_where_areas_share_places(one, other, said):
    for pair in ((one, other), (other, one)):
        found = list(overlaps([territory("first", pair[0]), territory("second", pair[1])]))
        assert [(each.one, each.other) for each in found] == ([pair] if said else [])
        assert [each.is_sure for each in found] == ([said == "sure"] if said else [])


def test_each_pair_of_areas_is_named_once_and_none_within_a_territory():
    north = territory("north", PORTO, PORTUGAL, GALICIA)
    west = territory("west", WEST, SPAIN)
    found = {
        (each.first.key, each.second.key, each.one, each.other) for each in overlaps([north, west])
    }
    assert found == {
        ("north", "west", PORTO, WEST),
        ("north", "west", PORTUGAL, WEST),
        ("north", "west", GALICIA, SPAIN),
    }


def test_countries_without_any_part_are_uncovered_in_their_order():
    rows = [territory("iberia", PORTUGAL, GALICIA)]
    assert uncovered(rows, ["IS", "PT", "ES", "MT"]) == ["IS", "MT"]
    assert uncovered([], ["IS", "PT"]) == ["IS", "PT"]


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        ([PORTUGAL, PORTO], []),
        ([PORTO], [Gap("PT", (("0000", "3999"), ("5000", "9999")))]),
        ([PORTO, WEST], [Gap("PT", (("0000", "3999"), ("6000", "9999")))]),
        ([WEST, PORTO, SOUTH], [Gap("PT", (("0000", "3999"), ("6000", "7999"), ("9000", "9999")))]),
        ([Area("PT", low="0000", high="4999"), Area("PT", low="5000", high="9999")], []),
        # What lies within another one leaves no gap behind it.
        ([Area("PT", low="0000", high="8999"), PORTO], [Gap("PT", (("9000", "9999"),))]),
        # Of regions, of letters and of ends of different lengths nobody can count what is left.
        ([GALICIA], [Gap("ES")]),
        ([GALICIA, Area("ES", low="28000", high="28999")], [Gap("ES")]),
        ([Area("GB", low="SW1", high="SW9")], [Gap("GB")]),
        ([Area("PT", low="4", high="4999")], [Gap("PT")]),
    ],
)
def test_what_is_left_of_a_country_is_a_gap(areas, expected):
    assert gaps([territory(f"t{number}", one) for number, one in enumerate(areas)]) == expected


# --- As people write them ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "area"),
    [
        ("Portugal", PORTUGAL),
        ("pt", PORTUGAL),
        ("Spain, Galicia", GALICIA),
        ("Portugal 4000–4999", PORTO),
        ("Portugal 4000-4999", PORTO),
        ("Portugal 4000 – 4999", PORTO),
        ("Portugal 4000 to 4999", PORTO),
        ("Spain, Galicia 15000–15999", Area("ES", "Galicia", "15000", "15999")),
        ("United Kingdom SW1–SW9", Area("GB", low="SW1", high="SW9")),
    ],
)
def test_a_line_is_read_and_written_alike(line, area):
    assert _area(line) == area
    assert _area(area_in_words(area)) == area


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Portugla", "“Portugla” does not begin with a country. Check how it is spelled."),
        ("4000–4999", "“4000–4999” does not begin with a country. Check how it is spelled."),
        (
            "Portugal 4999–4000",
            "Postcodes are written like 4000–4999: “Portugal 4999–4000” is not.",
        ),
        ("Portugal 4000–", "Postcodes are written like 4000–4999: “Portugal 4000–” is not."),
        (f"Portugal 4000–{'9' * 40}", "Postcodes are written like 4000–4999: “Portugal 4000–999"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line, sentence):
    with pytest.raises(ValidationError) as refused:
        _area(line)
    assert refused.value.message.startswith(sentence)
