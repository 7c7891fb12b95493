"""A quote as a PDF: what its page says, to be printed and filed. Fonts come with the set-up (scripts/vendor.py)."""

from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from io import BytesIO
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from leads.filters.sale_kinds import day
from leads.models import Quote
from leads.models.papers import PaperLine
from leads.rules.money import money, rounded
from leads.rules.sums import net_of, totals

PLAIN, BOLD = "Portal", "Portal-Bold"
_FILES = {PLAIN: "vendor/DejaVuSans.ttf", BOLD: "vendor/DejaVuSans-Bold.ttf"}
# For letters that the typeface lacks: every reader of PDF has these, so nothing is put into the file.
EAST = "STSong-Light"
INK, GREY, LINE = "#17202C", "#47566A", "#DCE2E8"


@cache
def _fonts() -> frozenset[int]:
    """Make the typeface known, and return the characters that it has."""
    for name, file in _FILES.items():
        path = finders.find(file)
        if path is None:
            raise RuntimeError(f"{file} is missing: make setup")
        pdfmetrics.registerFont(TTFont(name, path))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
    pdfmetrics.registerFont(UnicodeCIDFont(EAST))
    face: Any = pdfmetrics.getFont(PLAIN).face
    return frozenset(face.charToGlyph)


def quote_pdf(quote: Quote, lines: Sequence[PaperLine]) -> bytes:
    """Return the file."""
    _fonts()
    file = BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=f"{quote.reference} {quote.subject}",
        author=quote.seller.name,
        lang="en",
        invariant=True,  # the same quote is the same file
    )
    story = [*_head(quote), Spacer(0, 8 * mm), _table(quote, lines), Spacer(0, 4 * mm)]
    story += [_sums(quote, lines), *_foot(quote)]
    document.build(story, onFirstPage=_number, onLaterPages=_number)
    return file.getvalue()


def _head(quote: Quote) -> Iterator[Any]:
    yield _text(quote.seller.name, size=10, color=GREY)
    yield Spacer(0, 6 * mm)
    yield _text(_("Quote %(number)s") % {"number": quote.reference}, size=20, bold=True)
    yield Spacer(0, 3 * mm)
    yield _text(quote.subject, size=12)
    yield Spacer(0, 6 * mm)
    facts = [(_("For"), quote.customer_name), (_("From"), quote.seller.name)]
    made_on = quote.sent_at or quote.created_at
    facts.append((_("Date"), day(made_on.date())))
    if quote.valid_until:
        facts.append((_("Valid until"), day(quote.valid_until)))
    rows = [[_text(label, color=GREY), _text(value)] for label, value in facts]
    yield Table(rows, colWidths=[35 * mm, 135 * mm], style=_STYLE, hAlign="LEFT")


def _table(quote: Quote, lines: Sequence[PaperLine]) -> Table:
    heads = (_("Product"), _("Quantity"), _("Unit price"), _("Discount"), _("Tax"), _("Net"))
    rows = [[_text(head, color=GREY, right=place > 0) for place, head in enumerate(heads)]]
    rows += [
        [
            _text(line.product.name + (f"\n{line.text}" if line.text else "")),
            _text(_number_text(line.quantity), right=True),
            _text(f"{rounded(line.unit_price, quote.currency):,}", right=True),
            _text(f"{_number_text(line.discount)} %", right=True),
            _text(f"{_number_text(line.tax)} %", right=True),
            _text(f"{net_of(line.item, quote.currency):,}", right=True),
        ]
        for line in lines
    ]
    widths = [58 * mm, 20 * mm, 27 * mm, 20 * mm, 16 * mm, 29 * mm]
    below = ("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.HexColor(LINE))
    style = TableStyle([*_STYLE.getCommands(), below])
    return Table(rows, colWidths=widths, repeatRows=1, style=style, hAlign="LEFT")


def _sums(quote: Quote, lines: Sequence[PaperLine]) -> Table:
    found = totals([line.item for line in lines], quote.currency)
    shown = [(_("Net"), found.net, False)]
    if found.discount:
        shown.insert(0, (_("Discount"), found.discount, False))
    for rate, amount in found.taxes:
        shown.append((_("Tax %(rate)s %%") % {"rate": _number_text(rate)}, amount, False))
    shown.append((_("Total"), found.total, True))
    rows = [
        [_text(label, bold=bold), _text(money(amount, quote.currency), bold=bold, right=True)]
        for label, amount, bold in shown
    ]
    return Table(rows, colWidths=[40 * mm, 50 * mm], style=_STYLE, hAlign="RIGHT")


def _foot(quote: Quote) -> Iterator[Any]:
    if quote.terms:
        yield Spacer(0, 8 * mm)
        yield _text(_("Terms"), bold=True)
        yield Spacer(0, 2 * mm)
        yield _text(quote.terms)


_STYLE = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)


def _text(
    text: str, *, size: float = 9, color: str = INK, bold: bool = False, right: bool = False
) -> Paragraph:
    """Return a text as a paragraph; what people typed is never read as markup."""
    style = ParagraphStyle(
        "text",
        fontName=BOLD if bold else PLAIN,
        fontSize=size,
        leading=size * 1.4,
        textColor=colors.HexColor(color),
        splitLongWords=1,
        **({"alignment": TA_RIGHT} if right else {}),
    )
    return Paragraph("<br/>".join(_runs(line) for line in str(text).split("\n")), style)


def _runs(line: str) -> str:
    """Mark what the typeface lacks, so that another one writes it."""
    known, found, is_east = _fonts(), "", False
    for letter in line:
        if (ord(letter) not in known) != is_east:
            found += "</font>" if is_east else f'<font name="{EAST}">'
            is_east = not is_east
        found += escape(letter, quote=False)
    return found + ("</font>" if is_east else "")


def _number_text(value: Any) -> str:
    """Return a number without zeros that say nothing."""
    return f"{value.normalize():f}"


def _number(canvas: Any, document: Any) -> None:
    canvas.saveState()
    canvas.setFont(PLAIN, 8)
    canvas.setFillColor(colors.HexColor(GREY))
    canvas.drawRightString(A4[0] - 20 * mm, 12 * mm, str(canvas.getPageNumber()))
    canvas.restoreState()
