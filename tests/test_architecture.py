"""The map is written, and this keeps it (docs/architecture.md)."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).parent.parent
APPS = ("leadportal", "accounts", "templates_app", "leads")
SOURCES = [
    path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"
}  # fmt: skip


def layer(path: Path) -> str:
    """Return the layer of a source file: the folder or file name right below its app."""
    return path.relative_to(ROOT).parts[1].removesuffix(".py")


def name(path: Path) -> str:
    """Return a short name for messages."""
    return str(path.relative_to(ROOT))


def calls(path: Path) -> list[ast.Call]:
    """Return every call in a source file."""
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]


def test_imports_follow_the_arrows():
    command = Path(sys.executable).parent / "lint-imports"
    found = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_file_is_short(path):
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_file_has_a_telling_name(path):
    assert not {"utils", "helpers", "managers", "misc", "common_utils"} & set(
        path.with_suffix("").parts[-2:]
    )


DOORS = [
    p
    for p in SOURCES
    if layer(p) in {"views", "forms", "filters", "tables", "intake", "api", "admin", "management"}
]
READERS = [p for p in SOURCES if layer(p) in {"selectors", "rules"}]


def is_query_write(call: ast.Call) -> bool:
    """Say whether a call writes rows, such as x.objects.create() or instance.save()."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
        return False
    target = ast.unparse(call.func.value)
    if call.func.attr in {"update", "save", "delete"}:
        return "objects" in target or (
            "super()" not in target and call.func.attr in {"save", "delete"}
        )
    return True


@pytest.mark.parametrize("path", DOORS + READERS, ids=name)
def test_doors_and_readers_never_write(path):
    found = [
        f"{path.name}:{call.lineno} {ast.unparse(call)[:80]}"
        for call in calls(path)
        if is_query_write(call)
    ]
    assert found == []


@pytest.mark.parametrize(
    "path", [p for p in DOORS if layer(p) not in {"admin", "management"}], ids=name
)
def test_doors_reach_rows_only_through_the_scope(path):
    """R2: in a door, `Model.objects` is followed by visible_to, readable_by or none."""
    found = [
        f"{path.name}:{node.lineno} {ast.unparse(node)}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "objects"
        and node.attr not in {"visible_to", "readable_by", "none"}
    ]
    assert found == []


@pytest.mark.parametrize("path", [p for p in SOURCES if layer(p) == "rules"], ids=name)
def test_rules_are_pure(path):
    text = path.read_text()
    assert not re.search(r"\.objects\b|clock\.now|timezone\.now|HttpRequest", text)


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_html_is_trusted_in_python(path):
    assert not re.search(
        r"mark_safe|SafeString\(|\.extra\(|RawSQL\(|fields = \"__all__\"", path.read_text()
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_is_clean_under_a_strict_policy(path):
    text = path.read_text()
    assert not re.search(r"\|\s*safe\b|autoescape off", text), "escaping is switched off"
    assert not re.search(r"\son[a-z]+\s*=|<style|\sstyle\s*=|hx-on", text), (
        "inline style or handler"
    )
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "inline script"


def own_models() -> list:
    """Return the portal's own models."""
    return [model for app in APPS[1:] for model in apps.get_app_config(app).get_models()]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_model_says_whether_it_holds_personal_data(model):
    assert isinstance(vars(model).get("personal_data"), bool), "security.md R26"


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_listed_model_has_an_order(model):
    assert model._meta.ordering, "a list without an order repeats and skips rows"


def own_views(resolver: URLResolver | None = None, prefix: str = "") -> list[tuple[str, object]]:
    """Return (route, view class) of every URL that this project serves itself."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith("admin/"):
            continue  # Django admin asks each of its pages for staff by itself
        if isinstance(pattern, URLResolver):
            found += own_views(pattern, route)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", pattern.callback)
            if view.__module__.split(".")[0] in APPS:
                found.append((route, view))
    return found


@pytest.mark.parametrize(("route", "view"), own_views(), ids=[route for route, _ in own_views()])
def test_every_view_says_who_may_come_in(route, view):
    """R4: a class names its permission, or is public by name."""
    assert getattr(view, "is_public", False) or getattr(view, "permission", None) is not None


def test_a_view_without_permission_lets_nobody_in(cast, rf):
    from django.http import Http404

    from leadportal.common.views import PortalView

    request = rf.get("/")
    request.actor = cast.olga
    with pytest.raises(Http404):
        PortalView.as_view()(request)
