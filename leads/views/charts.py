"""Columns over time as numbers for an SVG: places in per cent of its width, heights in its own units."""

from dataclasses import dataclass

from django.utils.translation import gettext

from leads.views.reporting import Line, day_in_words

HEIGHT = 180
TOP = 18  # room for the number above the highest column
GAP = 0.24  # of a column's place


@dataclass(frozen=True)
class Column:
    """A column: where it stands, how high it is."""

    x: str
    width: str
    y: float
    height: float


@dataclass(frozen=True)
class Step:
    """A piece of the line of the period before, from the middle of one column to that of the next."""

    x1: str
    y1: float
    x2: str
    y2: float


@dataclass(frozen=True)
class Mark:
    """A few words at a place; `anchor` is the side of them that stands there."""

    text: str
    x: str
    y: float
    anchor: str


class Chart:
    """Columns of `lines`, with the period before as a dashed line where that is known."""

    height = HEIGHT

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        highest = max((max(line.number, line.number_before) for line in lines), default=0)
        self.top = _round_up(highest)

    @property
    def scale(self) -> list[str]:
        """What the grid lines stand for, from above."""
        half = [f"{self.top // 2:,}"] if self.top % 2 == 0 else []
        return [f"{self.top:,}", *half, "0"]

    @property
    def grid(self) -> list[float]:
        """Where the grid lines are, from above."""
        return [self._y(self.top), *([self._y(self.top / 2)] if self.top % 2 == 0 else []), HEIGHT]

    @property
    def columns(self) -> list[Column]:
        """The columns; none is drawn for nothing."""
        place = 100 / len(self.lines)
        return [
            Column(
                f"{place * (number + GAP / 2):.3f}%",
                f"{place * (1 - GAP):.3f}%",
                self._y(line.number),
                round(HEIGHT - self._y(line.number), 1),
            )
            for number, line in enumerate(self.lines)
        ]

    @property
    def before(self) -> list[Step]:
        """The line of the period before."""
        if self.lines[0].before is None:
            return []
        return [
            Step(
                self._middle(number),
                self._y(line.number_before),
                self._middle(number + 1),
                self._y(following.number_before),
            )
            for number, (line, following) in enumerate(
                zip(self.lines, self.lines[1:], strict=False)
            )
        ]

    @property
    def marks(self) -> list[Mark]:
        """The number of the highest column, and the name of the line."""
        numbers = [line.number for line in self.lines]
        place = numbers.index(max(numbers))
        found = []
        if numbers[place]:
            found.append(self._mark(f"{numbers[place]:,}", place, self._y(numbers[place]) - 5))
        if self.lines[0].before is not None:
            last = len(self.lines) - 1
            height = self._y(self.lines[last].number_before) - 8
            found.append(self._mark(gettext("Period before"), last, height))
        return found

    @property
    def feet(self) -> list[Mark]:
        """The first, a middle and the last label below."""
        last = len(self.lines) - 1
        places = sorted({0, last // 2, last})
        return [
            self._mark(day_in_words(self.lines[place].period.first), place, HEIGHT + 17)
            for place in places
        ]

    def _mark(self, text: str, place: int, y: float) -> Mark:
        part = (place + 0.5) / len(self.lines)
        if len(self.lines) > 3 and part < 0.15:
            return Mark(text, "0%", y, "start")
        if len(self.lines) > 3 and part > 0.85:
            return Mark(text, "100%", y, "end")
        return Mark(text, self._middle(place), y, "middle")

    def _middle(self, place: int) -> str:
        return f"{100 * (place + 0.5) / len(self.lines):.3f}%"

    def _y(self, number: float) -> float:
        return round(HEIGHT - (HEIGHT - TOP) * number / self.top, 1)


def _round_up(number: int) -> int:
    """Return a round number that is not smaller, and that can be halved where it is above one."""
    if number <= 1:
        return 1
    unit = 1
    while True:
        for step in (2, 4, 6, 8, 10, 12, 16):
            if step * unit >= number:
                return step * unit
        unit *= 10
