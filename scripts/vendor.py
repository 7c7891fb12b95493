"""Put third-party front-end files where Django serves them: node_modules and django-htmx -> var/vendor/vendor.

Run after `npm ci`, with the Python of the virtual environment. Nothing in the target is committed, and nothing is
served from node_modules. settings lists var/vendor in STATICFILES_DIRS, so the address is /static/vendor/<name>.
"""

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import django_htmx

ROOT = Path(__file__).resolve().parent.parent
NODE = ROOT / "node_modules"
TARGET = ROOT / "var" / "vendor" / "vendor"
SVG = "{http://www.w3.org/2000/svg}"
FRAME = "M0 0h24v24H0z"  # an empty square that every Tabler icon starts with

COPIES = {
    "htmx.min.js": Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js",
    "inter-latin.woff2": NODE / "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "inter-latin-ext.woff2": NODE
    / "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
    # For PDF: Latin, Greek, Cyrillic and more in one file each.
    "DejaVuSans.ttf": NODE / "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf": NODE / "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf",
}

# Tabler icons of the sprite, by Tabler's own name; "filled/" asks for the solid drawing.
ICONS = """
    adjustments alert-triangle arrow-down arrow-left arrow-right arrow-up arrows-sort award ban bell
    bolt briefcase building building-store calendar chart-bar check checks chevron-down chevron-left
    chevron-right chevron-up circle-check circle-dot circle-x clock code columns-3 copy credit-card
    database dots download external-link eye file-export file-import file-text filter forms gauge
    git-merge git-pull-request grip-vertical hand-stop help-circle history home hourglass inbox
    info-circle key layout-grid layout-kanban layout-list layout-sidebar-left-collapse link list
    lock logout mail map-pin menu-2 message note package paperclip pencil phone plus receipt refresh
    route search send settings share shield-check sort-ascending sort-descending sparkles star tag
    tags target template trash trending-down trending-up unlink upload user user-check user-plus
    users webhook world x filled/user
""".split()


def compile_bootstrap() -> None:
    """Bootstrap 5.3 is written with @import and old colour functions: its warnings are not ours to fix."""
    subprocess.run(
        [
            NODE / ".bin" / "sass",
            "--load-path=" + str(NODE / "bootstrap" / "scss"),
            "--style=compressed",
            "--no-source-map",
            "--quiet",
            f"{ROOT / 'static' / 'scss' / 'bootstrap.scss'}:{TARGET / 'bootstrap.css'}",
        ],
        check=True,
    )


def build_sprite() -> None:
    """One file of <symbol>s, drawn with the colour of the text; stroke width is left to the style sheet."""
    ET.register_namespace("", SVG.strip("{}"))
    sprite = ET.Element(SVG + "svg")
    for name in ICONS:
        style, _, icon = name.rpartition("/")
        drawing = ET.parse(
            NODE / "@tabler/icons/icons" / (style or "outline") / f"{icon}.svg"
        ).getroot()
        symbol = ET.SubElement(
            sprite, SVG + "symbol", id=name.replace("filled/", "filled-"), viewBox="0 0 24 24"
        )
        for key in ("fill", "stroke", "stroke-linecap", "stroke-linejoin"):
            if key in drawing.attrib:
                symbol.set(key, drawing.attrib[key])
        symbol.extend(part for part in drawing if part.get("d") != FRAME)
    ET.ElementTree(sprite).write(TARGET / "icons.svg", encoding="utf-8")


def copy_files() -> None:
    """Copy what is used as it is; scripts without their source map line."""
    for name, source in COPIES.items():
        if source.suffix == ".js":
            # Hashed static storage fails on a source map that is not there.
            text = source.read_text(encoding="utf-8")
            (TARGET / name).write_text(
                re.sub(r"(?m)^//# sourceMappingURL=.*$", "", text), encoding="utf-8"
            )
        else:
            shutil.copyfile(source, TARGET / name)


def main() -> None:
    """Make the target anew."""
    if not NODE.is_dir():
        sys.exit("node_modules is missing: run `npm ci` first.")
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    compile_bootstrap()
    build_sprite()
    copy_files()


if __name__ == "__main__":
    main()
