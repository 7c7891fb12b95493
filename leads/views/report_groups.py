"""Reports about groups: source, product, recipient, template, score, conversion, referrals, reasons."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext

from leads.enums import HolderDesk, SourceKind, Status
from leads.filters.reports import ReportAsked
from leads.selectors.options import NOTHING
from leads.selectors.reports import (
    Tally,
    count_by,
    count_by_referrer,
    count_reasons,
    resellers_among,
)
from leads.views.reporting import (
    Cell,
    Line,
    Part,
    count,
    leads_in_words,
    period_in_words,
    ranked,
    share,
    shown_statuses,
    summed,
    total_line,
)

# Bands of scores, both ends included; None is open.
_BANDS = (
    (None, -1),
    (0, 0),
    (1, 19),
    (20, 39),
    (40, 59),
    (60, 79),
    (80, 99),
    (100, None),
)
Names = Mapping[Any, tuple[str, dict[str, list[str]]]]


def by_source(asked: ReportAsked) -> list[Part]:
    """Leads by how they began."""
    names = {kind.value: (str(kind.label), {"source": [kind.slug]}) for kind in SourceKind}
    return [
        _breakdown(
            asked,
            gettext("Leads by source"),
            gettext("Source"),
            ("source_kind",),
            lambda keys: names,
        )
    ]


def by_product(asked: ReportAsked) -> list[Part]:
    """Leads by product."""
    names = _named(asked, "product")
    return [
        _breakdown(asked, gettext("Leads by product"), gettext("Product"), ("product_id",), names)
    ]


def by_recipient(asked: ReportAsked) -> list[Part]:
    """Leads by who is responsible."""
    names = _recipient_names(asked)
    return [
        _breakdown(
            asked,
            gettext("Leads by recipient"),
            gettext("Recipient"),
            ("holder_id", "holder_desk"),
            names,
        )
    ]


def _breakdown(
    asked: ReportAsked, title: str, head: str, columns: tuple[str, ...], names: Any
) -> Part:
    now, before = _counted(asked, *columns)
    lines = ranked(asked, now, before, names({*now, *before}))
    total = total_line(asked, lines)
    summary = gettext("%(leads)s created from %(period)s.") % {
        "leads": leads_in_words(total.number),
        "period": period_in_words(asked.period),
    }
    if lines and lines[0].number:
        words = {"name": lines[0].label, "share": share(lines[0].number, total.number)}
        summary += " " + gettext("First comes %(name)s with %(share)s.") % words
    statuses = shown_statuses(asked, [total.tally])
    return Part(asked, title, summary, head, lines, statuses=statuses, total=total)


def _counted(asked: ReportAsked, *columns: str) -> tuple[Mapping[Any, Tally], Mapping[Any, Tally]]:
    now = count_by(asked.rows(asked.period), *columns)
    return now, count_by(asked.rows(asked.earlier), *columns) if asked.compares else {}


def _named(asked: ReportAsked, kind: str) -> Any:
    """Return what names keys by the filter `kind` of the list."""

    def names(keys: set[Any]) -> Names:
        found = asked.options.named(kind, keys - {None})
        return {one.pk: (one.label, {kind: [one.word]}) for one in found}

    return names


def _recipient_names(asked: ReportAsked) -> Any:
    def names(keys: set[Any]) -> Names:
        found = asked.options.named("recipient", {pk for pk, _desk in keys})
        return {
            (one.pk, one.holder_desk.value): (one.label, {"recipient": [one.word]}) for one in found
        }

    return names


def conversion(asked: ReportAsked) -> list[Part]:
    """What share of the leads became customers, by reseller and by product."""
    by_holder = _counted(asked, "holder_id", "holder_desk")
    resellers = resellers_among({pk for tallies in by_holder for pk, _desk in tallies})
    at_resellers = tuple(
        {
            (pk, desk): tally
            for (pk, desk), tally in tallies.items()
            if desk == HolderDesk.COMPANY and pk in resellers
        }
        for tallies in by_holder
    )
    return [
        _rates(
            asked,
            gettext("By reseller"),
            gettext("Reseller"),
            at_resellers,
            _recipient_names(asked),
        ),
        _rates(
            asked,
            gettext("By product"),
            gettext("Product"),
            _counted(asked, "product_id"),
            _named(asked, "product"),
        ),
    ]


def by_template(asked: ReportAsked) -> list[Part]:
    """What became of the leads of each lead template, and which share of them became customers."""
    names, title = _named(asked, "template"), gettext("Leads by template")
    counted = _counted(asked, "template_id")
    head = gettext("Template")
    return [
        _breakdown(asked, title, head, ("template_id",), names),
        _rates(asked, gettext("Conversion by template"), head, counted, names),
    ]


def referrals(asked: ReportAsked) -> list[Part]:
    """How many leads each referral partner made, and which share of them became customers."""
    now = count_by_referrer(asked.rows(asked.period))
    before = count_by_referrer(asked.rows(asked.earlier)) if asked.compares else {}
    names = _named(asked, "referrer")
    return [
        _rates(
            asked,
            gettext("Referral credit"),
            gettext("Referral partner"),
            (now, before),
            names,
        )
    ]


def by_score(asked: ReportAsked) -> list[Part]:
    """How the scores are spread; a band without a lead is there with a zero."""
    now, before = _counted(asked, "score")
    lines = [
        Line(
            _band_words(least, most),
            _in_band(now, least, most),
            asked.period,
            _band_filters(least, most),
            before=_in_band(before, least, most) if asked.compares else None,
            earlier=asked.earlier if asked.compares else None,
        )
        for least, most in _BANDS
    ]
    total = total_line(asked, lines)
    words = {"leads": leads_in_words(total.number), "period": period_in_words(asked.period)}
    summary = gettext("%(leads)s created from %(period)s.") % words
    if total.number:
        fullest = max(lines, key=lambda line: line.number)
        words = {"band": fullest.label, "share": share(fullest.number, total.number)}
        summary += " " + gettext("Most stand in the band %(band)s: %(share)s.") % words
    title, head = gettext("Leads by score"), gettext("Score")
    statuses = shown_statuses(asked, [total.tally])
    return [Part(asked, title, summary, head, lines, statuses=statuses, total=total)]


def _in_band(scores: Mapping[int, Tally], least: int | None, most: int | None) -> Tally:
    return summed(
        tally
        for score, tally in scores.items()
        if (least is None or score >= least) and (most is None or score <= most)
    )


def _band_words(least: int | None, most: int | None) -> str:
    if least is None:
        return gettext("Below 0")
    if most is None:
        return gettext("%(least)s and more") % {"least": least}
    return str(least) if least == most else f"{least}–{most}"


def _band_filters(least: int | None, most: int | None) -> dict[str, list[str]]:
    ends = {"score_from": least, "score_to": most}
    return {name: [str(end)] for name, end in ends.items() if end is not None}


def _rates(asked: ReportAsked, title: str, head: str, counted: Any, names: Any) -> Part:
    now, before = counted
    lines = [
        _rate(asked, line)
        for line in ranked(asked, now, before, names({*now, *before}), whole=(Status.CONVERTED,))
    ]
    everything = sum(count(line.tally) for line in lines)
    converted = sum(line.number for line in lines)
    summary = gettext("%(converted)s of %(leads)s became customers: %(share)s.") % {
        "converted": f"{converted:,}",
        "leads": leads_in_words(everything),
        "share": share(converted, everything),
    }
    heads = (gettext("All leads"), gettext("Share"))
    return Part(asked, title, summary, head, lines, what=gettext("Converted"), extra_heads=heads)


def _rate(asked: ReportAsked, line: Line) -> Line:
    everything, part = count(line.tally), share(line.number, count(line.tally))
    url = "" if line.filters is None else asked.leads_url(line.period, **line.filters)
    words = gettext("%(share)s of %(leads)s") % {"share": part, "leads": leads_in_words(everything)}
    filled = line.number / everything if everything else 0.0
    return replace(line, extras=(Cell(everything, url), Cell(part)), note=words, share=filled)


def reasons(asked: ReportAsked) -> list[Part]:
    """Why leads were disqualified; what a desk has lost it is not told."""
    now = count_reasons(asked.rows(asked.period))
    before = count_reasons(asked.rows(asked.earlier)) if asked.compares else {}
    words = {
        one.word: (one.label, {"reason": [one.word]})
        for one in asked.options.offered("reason")
        if one.word != NOTHING
    }
    nothing = gettext("None of the list")
    names: Names = {**words, None: (nothing, {"reason": [NOTHING]})}
    lines = ranked(asked, now, before, names, whole=(Status.DISQUALIFIED,))
    number = sum(line.number for line in lines)
    summary = gettext("%(leads)s created from %(period)s were disqualified.") % {
        "leads": leads_in_words(number),
        "period": period_in_words(asked.period),
    }
    title, head = gettext("Disqualify reasons"), gettext("Reason")
    return [Part(asked, title, summary, head, lines)]
