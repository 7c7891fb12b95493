"""The portal has a face of its own (ux.md section 3.6 and acceptance check 40)."""

from leads.enums import Status
from tests.browser.stage import set_stage

BOOTSTRAP_BLUE = "rgb(13, 110, 253)"
PAGES = {
    "visitor": ["/sign-in/", "/f/{form}/"],
    "olga": [
        "/",
        "/leads/?filters=open",
        "/leads/?layout=cards",
        "/leads/?layout=board",
        "/leads/{referred}/",
        "/leads/{submitted}/assign/",
        "/leads/{associated}/edit/",
        "/reports/created/",
        "/people/",
    ],
    "vera": ["/templates/{template}/builder/"],
}
# Also what is out of sight: a closed menu is opened by somebody.
COLOURED = """blue => [...document.querySelectorAll("*")].filter(one =>
    ["", "::before", "::after"].some(part => {
        const style = getComputedStyle(one, part || null);
        return [style.color, style.backgroundColor, style.borderTopColor, style.outlineColor].includes(blue);
    })).map(one => one.outerHTML.slice(0, 120))"""
CHIPS = """all => all.map(chip => {
    const icon = chip.querySelector("svg"), box = icon.getBoundingClientRect();
    return [chip.textContent.trim(), icon.innerHTML, Math.min(box.width, box.height)];
})"""


def test_40_no_element_is_bootstrap_blue_and_the_type_is_inter(visit, cast):
    stage = set_stage(cast)
    for who, paths in PAGES.items():
        visitor = visit(None if who == "visitor" else getattr(cast, who))
        page = visitor.page
        page.emulate_media(reduced_motion="reduce")  # else a colour is read on its way
        for path in paths:
            answer = visitor.open(path.format_map(stage))
            assert answer.ok, path
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                found = page.evaluate(COLOURED, BOOTSTRAP_BLUE)
                assert not found, (path, theme, found[:3])
            font = page.evaluate("getComputedStyle(document.body).fontFamily")
            assert font.replace('"', "").startswith("Inter,"), path
            assert page.evaluate(
                "document.fonts.ready.then(() => document.fonts.check('14px Inter'))"
            )
    # The control: one such element is seen.
    page.evaluate("blue => { document.querySelector('h1').style.color = blue; }", BOOTSTRAP_BLUE)
    assert page.evaluate(COLOURED, BOOTSTRAP_BLUE)


def test_40_each_status_is_told_by_its_word_and_the_shape_of_its_icon(visit, cast):
    """What a greyscale picture leaves."""
    set_stage(cast)
    olga = visit(cast.olga)
    olga.open("/leads/?size=50&" + "&".join(f"status={status.slug}" for status in Status))
    chips = olga.main.locator("tbody .chip").evaluate_all(CHIPS)
    icons = {word: icon for word, icon, _size in chips}
    assert icons.keys() == {str(status.label) for status in Status}
    assert len(set(icons.values())) == len(icons)
    assert all(size >= 12 for _word, _icon, size in chips)
