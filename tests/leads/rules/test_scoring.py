"""What rules give, why, and when that changes by itself; no database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from leads.rules.scoring.score import Deed, fits, numbers_in, score_of
from leads.rules.scoring.sheet import (
    Bounds,
    Compare,
    Group,
    Rule,
    Sheet,
    is_close,
    plain,
    rule_of,
)
from tests.leads.services.scoring.book import DIRECTOR, LARGE, PAPER, PRICING

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def ago(days: float, kind: str = "page_visited", about: str = "Pricing") -> Deed:
    return Deed(kind, about, NOW - timedelta(days=days))


def given(rule: Rule, *deeds: Deed, at: datetime = NOW) -> int:
    return score_of(Sheet((rule,)), {}, deeds, at).total


@pytest.mark.parametrize(
    ("test", "values", "said", "is_met"),
    [
        (Compare.IS, ("Portugal", "Spain"), "PORTUGAL", True),
        (Compare.IS, ("São Paulo",), "sao paulo", True),
        (Compare.IS, ("Portugal",), "", False),
        (Compare.IS_NOT, ("Portugal",), "", True),
        (Compare.IS_NOT, ("Portugal",), "portugal", False),
        (Compare.CONTAINS, ("director",), "Managing Director", True),
        (Compare.CONTAINS, ("director",), "Clerk", False),
        (Compare.FILLED, (), "x", True),
        (Compare.FILLED, (), "", False),
        (Compare.EMPTY, (), "", True),
        (Compare.AT_LEAST, ("250",), "250-999", True),
        (Compare.AT_LEAST, ("250",), "50-249", False),
        (Compare.AT_LEAST, ("1,000",), "1000+", True),
        (Compare.AT_LEAST, ("250",), "many", False),
        (Compare.AT_MOST, ("249",), "50-249", True),
        (Compare.AT_MOST, ("249",), "50–250", False),
        (Compare.AT_MOST, ("5000",), "1000+", False),
    ],
)
def test_a_fit_rule_compares_what_the_lead_says(test, values, said, is_met):
    rule = Rule("r1", Group.FIT, "size", 10, test=test, values=values)
    assert fits(rule, {"size": (said,)}) is is_met


def test_numbers_are_read_out_of_ranges():
    assert numbers_in("1,000 - 4,999 people") == [1000, 4999]
    assert numbers_in("from -5") == [-5]


def test_a_behaviour_counts_so_many_times_in_so_many_days():
    assert given(PRICING, ago(1)) == 0
    assert given(PRICING, ago(1), ago(29)) == 30
    assert given(PRICING, ago(1), ago(31)) == 0
    assert given(PRICING, ago(1), ago(2, about="home")) == 0
    assert given(PRICING, ago(1), ago(-1)) == 0, "what is still to come"


def test_points_for_each_time_end_at_their_most_and_fade_by_halves():
    papers = [ago(0, "paper_downloaded"), ago(15, "paper_downloaded")]
    assert given(PAPER, *papers) == 10 + 5
    assert given(PAPER, *papers * 3) == 25
    assert given(PAPER, *papers, at=NOW + timedelta(days=14)) == 5 + 2
    assert given(replace(PAPER, points=-10), *papers * 3) == -25
    assert given(PAPER, *papers, at=NOW + timedelta(days=200)) == 0


@pytest.mark.parametrize("deeds", [[ago(1), ago(20)], [ago(3)], [ago(0), ago(0), ago(40)]])
@pytest.mark.parametrize("rule", [PRICING, replace(PRICING, times=1, fades=10)])
def test_nothing_changes_before_the_moment_that_is_named(rule, deeds):
    sheet = Sheet((rule,))
    score = score_of(sheet, {}, deeds, NOW)
    moment = NOW
    for _turn in range(30):
        if score.next_at is None:
            break
        assert score.next_at > moment
        before = score_of(sheet, {}, deeds, score.next_at - timedelta(seconds=1))
        assert before.total == score.total
        moment = score.next_at
        score = score_of(sheet, {}, deeds, moment)
    assert score_of(sheet, {}, deeds, NOW + timedelta(days=4000)).total == score.total


def test_a_group_has_its_limits_and_what_is_off_counts_nothing():
    facts = {"size": ("1000+",), "job_title": ("Head of IT",)}
    sheet = Sheet((replace(LARGE, key="r1"), replace(DIRECTOR, key="r2")), fit=Bounds(0, 50))
    score = score_of(sheet, facts, [], NOW)
    assert (score.total, [one.points for one in score.reasons]) == (50, [40, 15])
    off = replace(sheet, rules=(sheet.rules[0], replace(sheet.rules[1], is_on=False)))
    assert score_of(off, facts, [], NOW).total == 40


def test_the_reach_is_what_the_rules_can_give_together():
    minus = Rule("r3", Group.FIT, "size", -20, test=Compare.EMPTY)
    sheet = Sheet((LARGE, minus, PRICING, PAPER), behaviour=Bounds(most=40))
    assert sheet.reach == (-20, 80)


def test_a_rule_is_stored_as_it_is():
    for rule in (LARGE, DIRECTOR, PRICING, PAPER):
        assert rule_of(plain(rule)) == rule


@pytest.mark.parametrize(
    ("threshold", "close"),
    [(60, range(50, 60)), (100, range(84, 100)), (6, [5]), (2, [1]), (1, []), (-60, [])],
)
def test_close_to_a_threshold_is_the_last_sixth_of_the_way(threshold, close):
    assert [score for score in range(-80, 120) if is_close(score, threshold)] == list(close)
