"""Where territories overlap, and what none of them covers (ux.md A3)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from leadportal.common.text import fold
from leads.rules.routing.book import Area, Territory
from leads.rules.routing.matching import postcode_key

_LAST = "\uffff"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two areas that share places; nobody can tell of a region and postcodes whether they do (`is_sure`)."""

    first: Territory
    second: Territory
    one: Area
    other: Area
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A country of which a territory covers parts alone: `free` are postcodes that none has, where that is known."""

    country: str
    free: tuple[tuple[str, str], ...] = ()


def overlaps(territories: Sequence[Territory]) -> Iterator[Overlap]:
    """Return where two territories share places, each pair of areas once."""
    by_country: dict[str, list[tuple[Territory, Area]]] = {}
    for territory in territories:
        for area in territory.areas:
            by_country.setdefault(area.country, []).append((territory, area))
    for areas in by_country.values():
        for (first, one), (second, other) in combinations(areas, 2):
            if first.key != second.key and _meet(one, other):
                is_sure = bool(one.region) == bool(other.region) or not (one.low or other.low)
                is_sure = is_sure or not (one.region or one.low) or not (other.region or other.low)
                yield Overlap(first, second, one, other, is_sure)


def _meet(one: Area, other: Area) -> bool:
    if one.region and other.region and fold(one.region) != fold(other.region):
        return False
    if one.low and other.low:
        first, last = postcode_key(one.low), postcode_key(one.high) + _LAST
        return first <= postcode_key(other.high) + _LAST and postcode_key(other.low) <= last
    return True


def uncovered(territories: Sequence[Territory], countries: Collection[str]) -> list[str]:
    """Return those of `countries` that no territory has any part of, in their order."""
    covered = {area.country for one in territories for area in one.areas}
    return [country for country in countries if country not in covered]


def gaps(territories: Sequence[Territory]) -> list[Gap]:
    """Return the countries that territories cover in parts alone."""
    parts: dict[str, list[Area]] = {}
    for territory in territories:
        for area in territory.areas:
            parts.setdefault(area.country, []).append(area)
    found = []
    for country, areas in sorted(parts.items()):
        if any(not (area.region or area.low) for area in areas):
            continue
        ranges = [area for area in areas if area.low and not area.region]
        free = _free(ranges) if len(ranges) == len(areas) else ()
        if free or len(ranges) != len(areas) or not _is_counted(ranges):
            found.append(Gap(country, free))
    return found


def _is_counted(areas: Sequence[Area]) -> bool:
    """Say whether postcodes are numbers of one length, so that what lies between them is known."""
    ends = [postcode_key(end) for area in areas for end in (area.low, area.high)]
    return all(end.isdigit() for end in ends) and len({len(end) for end in ends}) == 1


def _free(areas: Sequence[Area]) -> tuple[tuple[str, str], ...]:
    if not _is_counted(areas):
        return ()
    length = len(postcode_key(areas[0].low))
    found, following = [], 0
    for area in sorted(areas, key=lambda one: postcode_key(one.low)):
        low, high = int(postcode_key(area.low)), int(postcode_key(area.high))
        if low > following:
            found.append((f"{following:0{length}}", f"{low - 1:0{length}}"))
        following = max(following, high + 1)
    if following < 10**length:
        found.append((f"{following:0{length}}", f"{10**length - 1:0{length}}"))
    return tuple(found)
