"""The side navigation: groups that a person's roles cannot use are absent (ux.md 1.1)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from accounts.enums import ADMIN_ROLES, COMPANY_ROLES, HOST_ROLES, Role
from leads.rules.permissions import (
    anybody,
    edits_scoring,
    imports_leads,
    manages_routing,
    manages_sources,
    sees_attention,
    sees_scoring,
)
from leads.rules.selling import sees_papers, sells
from leads.views.memory import menu_url

SELLERS = HOST_ROLES | COMPANY_ROLES
MANAGERS = frozenset({Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER})


@dataclass(frozen=True)
class Entry:
    """One line of the navigation, shown to people with at least one of `roles` (empty: to everybody).

    `key` is the shortcut that goes there (static/js/shortcuts.js). `permission` asks further where roles are
    not enough. `count_id` is the place of a number that comes after the page, with the bell's
    (templates/leads/_unread.html).
    """

    label: Any
    url_name: str
    icon: str
    roles: frozenset[Role] = frozenset()
    key: str = ""
    permission: Callable[[Person], bool] = anybody
    count_id: str = ""


GROUPS: list[tuple[Any, list[Entry]]] = [
    (
        "",
        [
            Entry(_("Home"), "home", "home"),
            Entry(_("Leads"), "leads:list", "inbox", SELLERS, "g l"),
            Entry(_("Approvals"), "leads:approvals", "checks", MANAGERS | {Role.RESELLER}),
            Entry(_("Offers"), "leads:offers", "hourglass", MANAGERS),
            Entry(_("Deals"), "leads:deals", "briefcase", permission=sells),
            Entry(_("Quotes"), "leads:quotes", "file-text", permission=sees_papers),
            Entry(_("Orders"), "leads:orders", "receipt", permission=sees_papers),
            Entry(_("Companies"), "leads:companies", "building", SELLERS - {Role.REFERRAL}),
            Entry(_("Reports"), "leads:reports", "chart-bar", SELLERS),
        ],
    ),
    (
        _("Capture"),
        [
            Entry(
                _("Needs attention"),
                "leads:attention",
                "alert-triangle",
                permission=sees_attention,
                count_id="attention-count",
            ),
            Entry(
                _("Marketplaces"),
                "templates:marketplaces",
                "building-store",
                MANAGERS,
            ),
            Entry(_("Products"), "templates:products", "package", SELLERS),
            Entry(_("Templates"), "templates:list", "forms", MANAGERS | {Role.VENDOR}),
            Entry(_("Webhook sources"), "leads:sources", "webhook", permission=manages_sources),
            Entry(_("Mailboxes"), "leads:mailboxes", "mail", permission=manages_sources),
            Entry(_("Import"), "leads:imports", "file-import", SELLERS, permission=imports_leads),
            Entry(
                _("Custom attributes"), "templates:attributes", "tags", MANAGERS | {Role.REFERRAL}
            ),
        ],
    ),
    (
        _("Automation"),
        [
            Entry(_("Scoring"), "leads:scoring", "gauge", permission=sees_scoring),
            Entry(_("Tracked links"), "leads:score_links", "link", permission=edits_scoring),
            Entry(_("Assignment"), "leads:assignment", "route", permission=manages_routing),
        ],
    ),
    (
        _("Company"),
        [
            Entry(
                _("People and roles"),
                "accounts:people",
                "users",
                SELLERS - {Role.REFERRAL} | ADMIN_ROLES,
            ),
            Entry(
                _("Personal data"),
                "leads:person_data",
                "shield-check",
                frozenset({Role.MARKETPLACE_MANAGER}),
            ),
            Entry(_("Settings"), "accounts:profile", "settings"),
        ],
    ),
]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: who is at work, and where they can go. Empty on public pages and in admin."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return {"actor": None}
    return {"actor": actor, "navigation": list(_groups(actor, request))}


def _groups(actor: Person, request: HttpRequest) -> Any:
    for label, entries in GROUPS:
        items = [
            _item(entry, actor, request)
            for entry in entries
            if (not entry.roles or actor.has(*entry.roles)) and entry.permission(actor)
        ]
        if items:
            yield {"label": label, "items": items}


def _item(entry: Entry, actor: Person, request: HttpRequest) -> dict[str, Any]:
    url, path = reverse(entry.url_name), request.path
    is_current = path == url if entry.url_name == "home" else path.startswith(url)
    if entry.url_name == "leads:list":
        url = menu_url(request, actor)
    return {
        "label": entry.label,
        "url": url,
        "icon": entry.icon,
        "key": entry.key,
        "count_id": entry.count_id,
        "is_current": is_current,
    }
