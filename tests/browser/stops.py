"""Every page of the portal, in one table: its address and whose page it is.

`test_every_page.py` walks it. An address of the URL map that is in neither table fails there.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from leads.api.urls import urlpatterns as api_urlpatterns

API_NAMES = {f"api:{pattern.name}" for pattern in api_urlpatterns} - {"api:docs"}
EVERYBODY = "olga rita sam ann ray vera cleo"
SELLERS = "olga rita sam ann ray vera"
VISITOR = "visitor"
WIZARD = "?product={sold}&marketplace={marketplace}"


@dataclass(frozen=True)
class Stop:
    """A page. `args` are words of the stage; `press` sends the page's form as it stands: the page with errors."""

    name: str
    who: str
    args: tuple[Any, ...] = ()
    query: str = ""
    press: str = ""
    status: int = 200

    def path(self, stage: dict[str, Any]) -> str:
        """Return the address on this stage."""
        address = reverse(self.name, args=[stage.get(one, one) for one in self.args])
        return address + self.query.format_map(stage)

    def __str__(self) -> str:
        return " ".join(str(one) for one in (self.name, *self.args, self.query, self.press) if one)


def _stops(name: str, who: str, *args: Any, **more: Any) -> Stop:
    return Stop(name, who, args, **more)


def _lead(who: str, word: str) -> Stop:
    return Stop("leads:detail", who, (word,))


def _action(who: str, word: str, action: str, press: str = "") -> Stop:
    return Stop("leads:action", who, (word, action), press=press)


STOPS = [
    # Without sign-in
    _stops("account_login", VISITOR),
    _stops("account_login", VISITOR, press="Sign in"),
    _stops("account_reset_password", VISITOR),
    _stops("account_reset_password", VISITOR, press="Send the link"),
    _stops("account_reset_password_done", VISITOR),
    _stops("account_reset_password_from_key_done", VISITOR),
    _stops("account_inactive", VISITOR),
    _stops("account_signup", VISITOR),
    _stops("accounts:invitation", VISITOR, "invitation_link"),
    _stops("accounts:invitation", VISITOR, "invitation_link", press="Create account"),
    _stops("accounts:invitation", VISITOR, "no-such-link", status=404),
    _stops("intake:storefront", VISITOR, "storefront"),
    _stops("intake:product", VISITOR, "storefront", "profile"),
    _stops("intake:form", VISITOR, "form"),
    _stops("intake:form", VISITOR, "form", press="Send your answers"),
    _stops("intake:form", VISITOR, "no-such-form", status=404),
    _stops("intake:embed", VISITOR, "form"),
    _stops("intake:embed", VISITOR, "form", press="Send your answers"),
    _stops("intake:reseller", VISITOR, "reseller_page"),
    _stops("intake:reseller", VISITOR, "reseller_page", press="Send your answers"),
    # Everybody's
    _stops("home", EVERYBODY),
    _stops("help", EVERYBODY),
    _stops("shortcuts", EVERYBODY),
    _stops("leads:search", "olga cleo", query="?q=a"),
    _stops("leads:search", "ann", query="?q=nothing+like+this"),
    _stops("leads:inbox", EVERYBODY),
    _stops("leads:inbox", "olga", query="?kind=message&from=2026-02-02&to=2026-02-01"),
    _stops("leads:inbox", "ann", query="?from=2020-02-01&to=2020-02-02"),
    _stops("accounts:profile", "ann cleo"),
    _stops("accounts:tokens", "olga vera"),
    _stops("accounts:token_new", "vera", press="Make token"),
    _stops("accounts:token_revoke", "vera", "token"),
    _stops("api:docs", "vera"),
    _stops("intake:stop", VISITOR, "stop_token"),
    _stops("leads:notices", EVERYBODY),
    _stops("leads:company_notices", "olga ann"),
    _stops("leads:target_new", "ann", press="Add"),
    _stops("leads:target", "olga", "target"),
    _stops("leads:target", "ann", "unused_target"),
    _stops("leads:target_edit", "olga", "target"),
    _stops("leads:target_secret", "olga", "target"),
    _stops("leads:target_remove", "olga", "target"),
    _stops("account_change_password", "ann"),
    _stops("account_change_password", "ann", press="Change password"),
    _stops("account_logout", "ann"),
    # Leads
    _stops("leads:list", SELLERS),
    _stops("leads:list", "olga", query="?status=deleted&status=disqualified"),
    _stops("leads:list", "olga", query="?filters=open&attribute=vat&status=submitted"),
    _stops("leads:list", "ann", query="?q=nothing+like+this"),
    _stops("leads:list", "ann", query="?view=hot-leads&column=note&column=attribute.vat&q=a"),
    _stops("leads:columns", "olga ann", query="?status=assigned&column=score"),
    _stops("leads:views", "olga ann"),
    _stops("leads:views_default", "olga ann"),
    _stops("leads:view_new", "ann", query="?status=assigned", press="Save view"),
    _stops("leads:view_rename", "ann", "view"),
    _stops("leads:view_delete", "ann", "view"),
    _stops("leads:list", "olga ann vera", query="?layout=cards"),
    _stops("leads:list", SELLERS, query="?layout=board"),
    _stops("leads:list", "olga", query="?layout=board&lane=disqualified"),
    _stops("leads:export", "olga ann", query="?status=submitted"),
    _stops("leads:exports", "olga ann"),
    _stops("leads:imports", "olga sam vera"),
    _stops("leads:import_new", "olga", press="Send file"),
    _stops("leads:import_file", "olga", "import_draft"),
    _stops("leads:import_columns", "olga", "import_draft", press="Check file"),
    _stops("leads:import_check", "olga", "import_checked"),
    _stops("leads:import_check", "olga", "import_checked", query="?only=errors"),
    _stops("leads:import_check", "olga", "import_broken"),
    _stops("leads:import_import", "olga", "import_running"),
    _stops("leads:import_import", "olga", "import_failed"),
    _stops("leads:import_result", "olga", "import_done"),
    _stops("leads:import_result", "olga", "import_undone"),
    _stops(
        "leads:bulk",
        "olga rita",
        "assign",
        query="?lead={submitted},{converted}",
        press="Assign 1 lead",
    ),
    _stops("leads:bulk", "rita", "disqualify", query="?all=yes&status=submitted"),
    _stops("leads:bulk", "ann", "progress", query="?lead={referred}"),
    _stops("leads:bulk", "ann", "products", query="?lead={converted}"),
    _stops("leads:bulk", "rita", "assign", status=422),
    _stops("leads:bulk_run", "rita", "bulk_run"),
    _stops("leads:add", "olga rita sam ray"),
    _stops("leads:add", "olga", press="Add lead"),
    _stops("leads:wizard_product", "vera", press="Choose marketplace"),
    _stops("leads:wizard_marketplace", "vera", query="?product={sold}"),
    _stops("leads:wizard_form", "vera", query=WIZARD, press="Create lead"),
    _stops("leads:wizard_summary", "vera", "pending"),
    _stops("leads:approvals", "olga rita ann"),
    _lead("vera", "pending"),
    _lead("olga rita vera", "submitted"),
    _lead("olga rita ann vera", "assigned"),
    _lead("olga rita ann vera", "referred"),
    _lead("rita ann", "asked"),
    _lead("rita ann", "denied"),
    _lead("olga rita ann vera", "converted"),
    _lead("rita vera", "disqualified"),
    _lead("olga", "deleted"),
    _lead("ann", "lost"),
    _lead("rita", "associated"),
    _lead("olga sam", "at_sales"),
    _lead("rita ray", "refers"),
    _stops("leads:detail", "ann", "LD-0", status=404),
    _stops("leads:history", "olga ann", "referred"),
    _stops("leads:next_step", "ann", "referred"),
    # Actions; each as a dialog, too
    _action("vera", "pending", "submit"),
    _action("rita", "submitted", "assign", press="Assign"),
    _action("ann", "referred", "take"),
    _action("ann", "referred", "give", press="Put in charge"),
    _action("ann", "assigned", "accept"),
    _action("ann", "assigned", "decline", press="Decline"),
    _action("olga", "submitted", "convert"),
    _action("olga", "known", "convert"),
    _action("ann", "referred", "request"),
    _action("ann", "asked", "withdraw"),
    _action("rita", "asked", "approve"),
    _action("rita", "asked", "deny"),
    _action("rita", "submitted", "disqualify", press="Disqualify"),
    _action("rita", "submitted", "associate", press="Find person"),
    _action("vera", "submitted", "qualify"),
    _action("vera", "submitted", "invalid"),
    _action("ray", "refers", "sales-qualified"),
    _action("olga", "submitted", "delete"),
    _action("olga", "deleted", "restore"),
    _action("ann", "referred", "progress"),
    _action("olga", "converted", "outcome"),
    _action("rita", "associated", "edit"),
    _action("ann", "referred", "edit"),
    _action("ann", "referred", "products", press="Add"),
    _action("ann", "referred", "remove-product"),
    _action("ann", "referred", "note", press="Add Note"),
    _stops("leads:note_edit", "ann", "referred", "own_note"),
    _stops("leads:note_delete", "ann", "referred", "own_note"),
    _stops("leads:action", "olga", "converted", "assign", status=409),
    _stops("leads:action", "vera", "referred", "approve", status=403),
    # Reports
    _stops("leads:reports", SELLERS),
    _stops("leads:reports", "olga", query="?compare=on"),
    _stops("leads:report", "olga rita sam vera ann", "created"),
    _stops("leads:report", "olga", "created", query="?compare=on&by=day"),
    _stops("leads:report", "olga", "created", query="?from=2026-02-02&to=2026-02-01"),
    _stops("leads:report", "olga", "created", query="?from=2020-02-01&to=2020-02-02"),
    *(
        _stops("leads:report", "olga", word, query="?compare=on")
        for word in "source product recipient funnel response conversion reasons ageing".split()
    ),
    # Marketplaces, products, listings
    _stops("templates:marketplaces", "olga rita"),
    _stops("templates:marketplace", "olga rita", "marketplace"),
    _stops("templates:marketplace_new", "olga", press="Open marketplace"),
    _stops("templates:marketplace_edit", "olga", "marketplace"),
    _stops("templates:marketplace_listing_new", "olga", "marketplace"),
    _stops("templates:products", SELLERS),
    _stops("templates:products", "vera", query="?q=nothing+like+this"),
    _stops("templates:product", "olga ann vera", "sold"),
    _stops("templates:product_new", "vera", press="Add product"),
    _stops("templates:product_edit", "vera", "sold"),
    _stops("templates:listing_new", "vera", "sold"),
    _stops("templates:listing_edit", "olga vera", "listing"),
    _stops("templates:listing_close", "vera", "listing"),
    _stops("templates:share", "vera", "listing"),
    _stops("leads:trials", "vera", "listing"),
    _stops("leads:trial", "vera", "listing", "trial"),
    _stops("leads:trial_remove", "vera", "listing", "trial"),
    # Webhook sources
    _stops("leads:sources", "olga rita vera"),
    _stops("leads:source_new", "olga", press="Add source"),
    _stops("leads:source", "olga", "webhook"),
    _stops("leads:source", "vera", "new_webhook"),
    _stops("leads:source_edit", "olga", "webhook"),
    _stops("leads:source_mapping", "olga", "webhook"),
    _stops("leads:source_mapping", "vera", "new_webhook"),
    _stops("leads:source_address", "olga", "webhook"),
    _stops("leads:source_off", "olga", "webhook"),
    _stops("leads:source_delivery", "olga", "webhook", "delivery"),
    # Mailboxes
    _stops("leads:mailboxes", "olga rita vera"),
    _stops("leads:mailbox_new", "olga", press="Add mailbox"),
    _stops("leads:mailbox", "olga", "mailbox"),
    _stops("leads:mailbox", "vera", "new_mailbox"),
    _stops("leads:mailbox_edit", "olga", "mailbox"),
    _stops("leads:mailbox_mapping", "olga", "mailbox"),
    _stops("leads:mailbox_mapping", "vera", "new_mailbox"),
    _stops("leads:mailbox_address", "olga", "mailbox"),
    _stops("leads:mailbox_pause", "olga", "mailbox"),
    _stops("leads:mailbox_delivery", "olga", "mailbox", "mail"),
    # Lead templates
    _stops("templates:list", "olga rita vera"),
    _stops("templates:new", "vera", press="Make template"),
    _stops("templates:detail", "rita vera", "template"),
    _stops("templates:detail", "olga", "reseller_template"),
    _stops("templates:edit", "vera", "template"),
    _stops("templates:builder", "vera", "template"),
    _stops("templates:builder", "vera", "template", query="?show=preview&width=phone&theme=dark"),
    _stops("templates:preview", "vera", "template", 2),
    _stops("templates:version", "rita vera", "template", 1),
    _stops("templates:publish", "vera", "template"),
    _stops("templates:discard", "vera", "template"),
    _stops("templates:archive", "vera", "template"),
    _stops("templates:field_new", "vera", "template"),
    _stops("templates:field_new", "vera", "template", query="?kind=choice", press="Add field"),
    _stops("templates:field_edit", "vera", "template", "budget"),
    _stops("templates:field_move", "vera", "template", "budget"),
    _stops("templates:field_remove", "vera", "template", "budget"),
    # Custom attributes
    _stops("templates:attributes", "olga rita ray"),
    _stops("templates:attribute_new", "olga ray"),
    _stops("templates:attribute_new", "olga", query="?kind=choice", press="Add attribute"),
    _stops("templates:attribute_edit", "olga", "attribute"),
    _stops("templates:attribute_edit", "ray", "own_attribute"),
    _stops("templates:attribute_deactivate", "olga", "attribute"),
    # People
    _stops("accounts:people", "olga rita sam ann vera cleo"),
    _stops("accounts:people", "olga", query="?filters=open&q=nobody+like+this"),
    _stops("accounts:roles", "olga ann"),
    _stops("accounts:person", "olga rita ann", "ann"),
    _stops("accounts:person", "cleo", "cleo"),
    _stops("accounts:person_roles", "olga", "ben"),
    _stops("accounts:person_deactivate", "olga", "ben"),
    _stops("accounts:person_reactivate", "olga", "away"),
    _stops("accounts:person_remove", "olga", "ben"),
    _stops("accounts:invite", "olga rita"),
    _stops("accounts:invite", "ann", press="Send invitations"),
    _stops("accounts:invitations", "olga ann"),
    _stops("accounts:invitation_resend", "ann", "invitation"),
    _stops("accounts:invitation_revoke", "ann", "invitation"),
    # What needs attention
    _stops("leads:attention", "olga rita vera"),
    _stops("leads:attention", "olga", query="?reason=answers"),
    _stops("leads:attention", "olga", query="?reason=closed&way=email"),
    _stops("leads:submission", "olga", "waiting"),
    _stops("leads:submission_aside", "vera", "waiting", press="Set aside"),
    # Companies
    _stops("leads:companies", "olga rita sam ann vera"),
    _stops("leads:companies", "rita", query="?q=nothing+like+this"),
    _stops("leads:companies", "olga", query="?filters=open&kind=customer&access=referral"),
    _stops("leads:companies", "rita", query="?kind=reseller&sort=-open"),
    _stops("leads:company", "olga rita ann", "alpha"),
    _stops("leads:company", "olga rita ann", "customer"),
    _stops("leads:company", "cleo", "contoso"),
    _stops("leads:company", "olga", "twin"),
    _stops("leads:company_merge", "olga", "customer", "twin"),
    _stops("leads:company_merge", "olga", "customer", "twin", query="?check=yes", status=422),
    _stops("leads:company_merge", "olga", "customer", "twin", query="?check=yes&city=gone"),
    # Merging leads, and personal data
    _lead("olga rita", "double"),
    _stops("leads:merge", "olga rita", "double", "twin_lead"),
    _stops("leads:merge", "olga", "double", "twin_lead", query="?check=yes", status=422),
    _stops("leads:merge", "olga", "double", "twin_lead", query="?check=yes&phone=gone&city=gone"),
    _stops("leads:merged", "olga", "double", "merged_lead"),
    _stops("leads:consent", "olga ann", "double"),
    _stops("leads:person_data", "olga"),
    _stops("leads:person_data", "olga", press="Download file"),
    _stops("accounts:company_new", "olga", press="Add company"),
    _stops("accounts:company_edit", "olga ann", "alpha"),
    _stops("accounts:company_permissions", "olga rita", "alpha"),
    _stops("accounts:hours", "olga ann", "alpha"),
    _stops("accounts:holiday_new", "ann", "alpha", press="Add holiday"),
    _stops("accounts:holiday_remove", "ann", "alpha", "holiday"),
]

# Addresses that have no page of their own.
NOT_PAGES = {
    **dict.fromkeys(API_NAMES, "for programs"),
    "accounts:preferences": "post only",
    "accounts:switch_company": "post only",
    "account_reset_password_from_key": "needs a key; looks as account_change_password",
    "leads:attention_retry": "post only",
    "leads:bulk_undo": "post only",
    "leads:companies_csv": "a file",
    "leads:counts": "a fragment of leads:list",
    "leads:editing": "post only",
    "leads:editors": "a fragment of leads:detail",
    "leads:export_csv": "a file",
    "leads:export_retry": "post only",
    "leads:export_take": "a file",
    "leads:export_xlsx": "a file",
    "leads:filter_line": "a fragment of leads:list",
    "leads:history_csv": "a file",
    "leads:newer": "a fragment of leads:list",
    "leads:import": "leads to the step at which an import stands",
    "leads:import_cancel": "post only",
    "leads:import_errors": "a file",
    "leads:import_retry": "post only",
    "leads:import_undo": "post only",
    "leads:inbox_count": "a fragment of every page",
    "leads:inbox_item": "leads to the change that it tells of",
    "leads:inbox_read": "post only",
    "leads:mailbox_replay": "post only",
    "leads:mailbox_resume": "post only",
    "leads:mailbox_test": "post only",
    "leads:report_csv": "a file",
    "leads:submission_retry": "post only",
    "leads:source_on": "post only",
    "leads:target_again": "post only",
    "leads:target_switch": "post only",
    "leads:target_test": "post only",
    "leads:source_replay": "post only",
    "leads:undo": "post only",
    "leads:view_pin": "post only",
    "leads:view_save": "post only",
    "leads:view_share": "post only",
    "healthz": "for machines",
    "intake:embed_script": "a file",
    "intake:embed_thanks": "looks as intake:thanks, which the journeys reach",
    "intake:theme": "a file",
    "intake:reseller_thanks": "looks as intake:thanks, which the journeys reach",
    "intake:thanks": "needs a receipt",
    "intake:webhook": "for machines",
    "readyz": "for machines",
    "templates:attribute_activate": "post only",
    "templates:draft": "post only",
    "templates:listing_open": "post only",
    "templates:reseller_form": "post only",
    "templates:share_qr": "a file",
    "templates:undo": "post only",
    "templates:version_copy": "post only",
}
