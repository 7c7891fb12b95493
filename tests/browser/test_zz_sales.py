import tests.browser.test_every_page as T
from tests.browser.stage import set_stage
from tests.browser.stops import STOPS
from tests.browser.visitor import *

NAMES = ("deal", "pipeline", "stage_", "quote", "order", "sales")


def mine(stop):
    word = stop.name.split(":")[-1]
    return (
        (word.startswith(NAMES) and stop.name.startswith("leads:"))
        or (stop.name == "leads:action" and stop.args[1] in {"deal", "link", "unlink"})
        or stop.name == "leads:quote_reject"
    )


def test_mine(visit, cast):
    stage = set_stage(cast)
    found = []
    for person in "olga ann cleo rita vera".split():
        stops = [s for s in STOPS if person in s.who.split() and mine(s)]
        if not stops:
            continue
        visitor = visit(getattr(cast, person), **T.STILL)
        seen = ()
        for stop in stops:
            problems = [*T._go(visitor, stop, stage), *T._problems(visitor.page, seen)]
            found += [f"{person} {stop}: {line}" for line in problems]
            seen = T.FRAME
            name = (
                "/tmp/shots/" + "".join(c if c.isalnum() else "_" for c in f"{person}_{stop}")[:90]
            )
            visitor.page.screenshot(path=name + ".png", full_page=True)
            visitor.page.set_viewport_size({"width": 390, "height": 844})
            visitor.page.emulate_media(color_scheme="dark")
            visitor.page.screenshot(path=name + "_dark390.png", full_page=True)
            visitor.page.emulate_media(color_scheme="light")
            visitor.page.set_viewport_size({"width": 1280, "height": 800})
    assert not found, "\n".join(found)
