"""The access matrix walks the URL table: every address × every kind of visitor (security.md F1).

tests/access.csv holds the expected answer to GET, written by hand from domain.md section 4: a person whose
roles do not have a page, and a person of another host, get the same 404 as for what does not exist. An
address without a row fails. Posting is never a way round: whoever is turned away from a page is turned
away from posting to it with the same code.
"""

import csv
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from accounts.enums import CustomerRight, Role
from accounts.models import ApiToken, Holiday, Membership, User
from accounts.services.invitations import invite_person
from leadportal.common import clock
from leads.api.moves import MOVES
from leads.enums import Audience, HolderDesk, NoteKind, Status
from leads.models import BulkRun, Submission, TrackedLink
from leads.rules.scoring.links import visitor_word
from leads.services.inbox import tell
from leads.services.mails import take_mail
from leads.services.merging_leads import merge_leads
from leads.services.notes import add_note
from leads.services.scoring.sheets import add_rule, begin_sheet, publish_draft, start_draft
from leads.services.targets import send_test
from leads.services.views import Content, add_view
from templates_app.enums import VersionState
from templates_app.models import CustomAttribute
from tests.factories import (
    fresh,
    make_company,
    make_deal,
    make_export_file,
    make_lead,
    make_order,
    make_person,
    make_quote,
    make_submission,
    make_target,
    make_user,
    make_version,
)
from tests.leads.files import send
from tests.leads.intake.letters import CONTACT_FORM
from tests.leads.intake.senders import WEBFLOW
from tests.leads.intake.sending import deliver, make_mailbox, make_source
from tests.leads.services.scoring.book import LARGE
from tests.routing import set_up_routing

ACTORS = (
    "anonymous",
    "olga",  # marketplace manager of the host
    "rita",  # reseller manager of the host
    "sam",  # sales support of the host
    "vera",  # vendor of the product
    "ann",  # reseller that holds the lead, Company Admin
    "ben",  # another reseller of the host
    "ray",  # referral partner of the host
    "cleo",  # customer, Company Admin
    "otto",  # marketplace manager of another host
    "staff",  # opens Django admin, belongs to no company
    "removed",  # signed in once, no longer a member
)
# Doors that everybody may post to: their answers depend on what is posted.
PUBLIC = {"accounts:invitation", "intake:reseller_thanks"}


def own_names(resolver: URLResolver | None = None, namespace: str = "") -> list[str]:
    """Return the name of every address outside Django admin, as `reverse` takes it."""
    names = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace == "admin":
                continue
            inner = ":".join(part for part in (namespace, pattern.namespace) if part)
            names += own_names(pattern, inner)
        else:
            names.append(":".join(part for part in (namespace, pattern.name) if part))
    return names


@cache
def matrix() -> dict[str, dict[str, int]]:
    """Return address name → visitor → expected code of GET."""
    with (Path(__file__).parent / "access.csv").open(newline="") as file:
        return {
            line["name"]: {actor: int(line[actor]) for actor in ACTORS}
            for line in csv.DictReader(file)
        }


def test_every_address_has_a_row():
    assert sorted(set(own_names())) == sorted(matrix())


class Stage:
    """The things that the addresses name, all Northgate's, and a client for every visitor."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast
        cast.alpha.can_create_leads = True
        cast.alpha.can_create_customers = CustomerRight.FREE
        cast.alpha.save()
        self.lead = make_lead(
            cast.northgate,
            Status.REFERRED,
            product=cast.product,
            marketplace=cast.marketplace,
            listing=cast.listing,
            holder=cast.alpha,
            holder_desk=HolderDesk.COMPANY,
            consent_at=clock.now(),
        )
        self.deal = make_deal(self.lead, actor=fresh(cast.ann))
        self.stage = self.deal.stage
        self.quote = make_quote(self.deal, cast.product, actor=fresh(cast.ann))
        self.order = make_order(self.deal, cast.product, cast.customer)
        self.duplicate, self.merged = make_lead(cast.northgate), make_lead(cast.northgate)
        merge_leads(self.lead, self.merged, actor=cast.olga)
        self.note = add_note(
            self.lead, body="Ours", kind=NoteKind.NOTE, audience=Audience.COMPANY, actor=cast.ann
        )
        self.draft = make_version(cast.vertex, VersionState.DRAFT, product=cast.product)
        self.attribute = CustomAttribute.objects.create(
            host=cast.northgate, key="budget", label="Budget", view_roles=list(Role.values)
        )
        self.invitation = invite_person(
            cast.alpha, email="new@example.com", roles=[Role.RESELLER], actor=cast.ann
        )
        self.submission = make_submission(self.lead, listing=cast.listing)
        self.waiting = make_submission(listing=cast.listing, payload={"email": "ana@n.example"})
        self.holiday = Holiday.objects.create(company=cast.alpha, day=date(2199, 12, 25))
        self.trial = make_lead(cast.northgate, listing=cast.listing, is_test=True)
        self.run = BulkRun.objects.create(
            key="k",
            user_id=cast.olga.user_id,
            company=cast.northgate,
            action="assign",
            total=1,
        )
        self.export = make_export_file(cast.olga)
        self.file = send("Email\nana@northwind.example\n", cast.olga)
        make_version(cast.northgate, is_reseller_form=True)
        self.twins = [
            make_company("Twin", registered_by=cast.northgate, city=city)
            for city in ("Porto", "Lisbon")
        ]
        whose = {"user_id": cast.ann.user_id, "company_id": cast.alpha.pk}
        self.item = tell(**whose, text="Your export is ready.", address="/leads/")
        self.sheet = begin_sheet(product=None, actor=fresh(cast.olga))
        self.rule = add_rule(self.sheet, LARGE, actor=fresh(cast.olga))
        publish_draft(self.sheet, actor=fresh(cast.olga))
        start_draft(self.sheet, actor=fresh(cast.olga))
        self.link = TrackedLink.objects.create(
            company=cast.northgate, name="Prices", kind="page_visited", address="https://x.example/"
        )
        self.source = make_source(fresh(cast.ann), f"company-{cast.alpha.pk}")
        deliver(Client(), self.source, WEBFLOW)
        self.delivery = Submission.objects.get(source=self.source)
        self.mailbox = make_mailbox(
            fresh(cast.ann),
            f"company-{cast.alpha.pk}",
            name="Mails",
            host="imap.alpha.example",
            user="ann",
            password="secret",
        )
        self.mail = take_mail(self.mailbox, CONTACT_FORM, size=len(CONTACT_FORM))

        self.token = ApiToken.objects.create(
            company=cast.alpha,
            user_id=cast.ann.user_id,
            name="Sync",
            role=Role.RESELLER,
            prefix="0" * 12,
            expires_at=clock.now() + timedelta(days=1),
        )
        self.target = make_target(fresh(cast.ann))
        self.call = send_test(self.target, actor=fresh(cast.ann))
        self.absence = set_up_routing(cast)
        self.view = add_view(name="Hot leads", content=Content({}, "-created", []), actor=cast.ann)

    def client(self, actor: str) -> Client:
        """Return a client of the visitor."""
        client = Client()
        user = self._user(actor)
        if user is not None:
            client.force_login(user, backend="accounts.backends.PortalBackend")
        return client

    def _user(self, actor: str) -> User | None:
        if actor == "anonymous":
            return None
        if actor == "staff":
            return make_user(is_staff=True)
        if actor == "removed":
            user_id = make_person(self.cast.alpha, Role.RESELLER).user_id
            Membership.objects.filter(user=user_id).update(is_active=False)
            return User.objects.get(pk=user_id)
        return User.objects.get(pk=getattr(self.cast, actor).user_id)

    def url(self, name: str) -> str:
        """Return the address called `name` for the stage's things."""
        arguments = ARGUMENTS.get(name)
        return reverse(name, kwargs=arguments(self) if arguments else None)


def _pk(find: Callable[[Stage], Any]) -> Callable[[Stage], dict]:
    return lambda stage: {"pk": find(stage).pk}


def _field(stage: Stage) -> dict:
    return {"pk": stage.draft.template_id, "key": "budget"}


def _version(stage: Stage) -> dict:
    return {"pk": stage.draft.template_id, "number": 1}


def _reference(stage: Stage) -> dict:
    return {"reference": stage.lead.reference}


def _delivery(stage: Stage) -> dict:
    return {"pk": stage.source.pk, "number": stage.delivery.pk}


def _mail(stage: Stage) -> dict:
    return {"pk": stage.mailbox.pk, "number": stage.mail.pk}


def _view(stage: Stage) -> dict:
    return {"word": stage.view.slug}


def _deal(stage: Stage) -> dict:
    return {"reference": stage.deal.reference}


def _quote(stage: Stage) -> dict:
    return {"reference": stage.quote.reference}


def _order(stage: Stage) -> dict:
    return {"reference": stage.order.reference}


def _pipeline(stage: Stage) -> dict:
    return {"pk": stage.stage.pipeline_id}


def _stage_of(stage: Stage) -> dict:
    return {**_pipeline(stage), "number": stage.stage.pk}


def _trial(stage: Stage) -> dict:
    return {"pk": stage.cast.listing.pk, "reference": stage.trial.reference}


_marketplace = _pk(lambda stage: stage.cast.marketplace)
_product = _pk(lambda stage: stage.cast.product)
_listing = _pk(lambda stage: stage.cast.listing)
_template = _pk(lambda stage: stage.draft.template)
_attribute = _pk(lambda stage: stage.attribute)
_colleague = _pk(lambda stage: Membership.objects.get(user=stage.cast.ben.user_id))
_invitation = _pk(lambda stage: stage.invitation)
_waiting = _pk(lambda stage: stage.waiting)
_run = _pk(lambda stage: stage.run)
_export = _pk(lambda stage: stage.export)
_source = _pk(lambda stage: stage.source)
_target = _pk(lambda stage: stage.target)
_import = _pk(lambda stage: stage.file)
_sheet = _pk(lambda stage: stage.sheet)
_link = _pk(lambda stage: stage.link)


def _rule(stage: Stage) -> dict:
    return {"pk": stage.sheet.pk, "key": stage.rule.key}


def _visit(stage: Stage) -> dict:
    return {"key": stage.link.key, "word": visitor_word(stage.link.key, stage.lead.reference)}


_absence = _pk(lambda stage: stage.absence)
_alpha = _pk(lambda stage: stage.cast.alpha)

_LEAD_PARTS = (
    "lead",
    "actions",
    "history",
    "notes",
    "lead_products",
    "next_step",
    "undo",
    "manage",
)
# Programs come in with a token (tests/leads/api); whoever is signed in as a person is nobody there.
API: dict[str, Callable[[Stage], dict]] = {
    **{f"api:{part}": _reference for part in (*_LEAD_PARTS, *MOVES)},
    "api:note": lambda stage: {**_reference(stage), "pk": stage.note.pk},
    "api:lead_product": lambda stage: {**_reference(stage), "pk": stage.cast.product.pk},
    "api:company": _alpha,
    "api:product": _product,
    "api:template": _template,
    "api:export": _export,
    "api:export_file": _export,
    **{
        f"api:{name}": _deal
        for name in ("one_deal", "deal_stage", "deal_won", "deal_lost", "deal_reopen")
    },
    **{
        f"api:{name}": _quote
        for name in ("one_quote", "quote_pdf", "quote_send", "quote_withdraw", "quote_order")
    },
    "api:one_order": _order,
    "api:order_state": _order,
    "api:unknown": lambda stage: {"rest": "v1/nothing/"},
}
# What stands in the addresses that name a thing.
ARGUMENTS: dict[str, Callable[[Stage], dict]] = {
    **API,
    "leads:report": lambda stage: {"word": "created"},
    "leads:report_csv": lambda stage: {"word": "created"},
    "intake:storefront": lambda stage: {"marketplace": stage.cast.marketplace.slug},
    "intake:product": lambda stage: {
        "marketplace": stage.cast.marketplace.slug,
        "product": stage.cast.product.slug,
    },
    "intake:form": lambda stage: {"slug": stage.cast.listing.slug},
    "intake:theme": lambda stage: {"slug": stage.cast.listing.slug},
    "intake:embed": lambda stage: {"slug": stage.cast.listing.slug},
    "intake:embed_thanks": lambda stage: {
        "slug": stage.cast.listing.slug,
        "receipt": stage.submission.receipt,
    },
    "intake:thanks": lambda stage: {
        "slug": stage.cast.listing.slug,
        "receipt": stage.submission.receipt,
    },
    "intake:reseller": lambda stage: {"slug": stage.cast.alpha.slug},
    "intake:reseller_thanks": lambda stage: {"slug": stage.cast.alpha.slug, "receipt": "unknown"},
    "account_reset_password_from_key": lambda stage: {"uidb36": "1", "key": "unknown"},
    "leads:bulk": lambda stage: {"action": "assign"},
    "leads:assignment_rule": lambda _stage: {"key": "r1"},
    "leads:assignment_rule_move": lambda _stage: {"key": "r1"},
    "leads:assignment_rule_remove": lambda _stage: {"key": "r1"},
    "leads:assignment_target": lambda _stage: {"key": "r1"},
    "leads:assignment_condition": lambda _stage: {"key": "r1", "condition": "c1"},
    "leads:assignment_condition_remove": lambda _stage: {"key": "r1", "condition": "c1"},
    "leads:assignment_member": lambda stage: {"key": "r1", "member": f"{stage.cast.alpha.pk}:0"},
    "leads:assignment_member_remove": lambda stage: {
        "key": "r1",
        "member": f"{stage.cast.alpha.pk}:0",
    },
    "leads:assignment_territory": lambda _stage: {"key": "t1"},
    "leads:assignment_territory_remove": lambda _stage: {"key": "t1"},
    "leads:assignment_absence_remove": _absence,
    "leads:own_absence_remove": _absence,
    "leads:assignment_version": lambda _stage: {"number": 1},
    "leads:bulk_run": _run,
    "leads:submission": _waiting,
    "leads:submission_aside": _waiting,
    "leads:submission_retry": _waiting,
    "leads:bulk_undo": _run,
    "leads:export_take": _export,
    "leads:export_retry": _export,
    "leads:import": _import,
    **{
        f"leads:import_{step}": _import
        for step in (
            "file", "columns", "check", "import", "result", "errors", "cancel", "undo", "retry"
        )
    },
    **{f"leads:deal{part}": _deal for part in ("", "_edit", "_stage", "_won", "_lost", "_reopen")},
    "leads:deal_quote": _deal,
    "leads:lead_quote": _reference,
    "leads:lead_order": _reference,
    **{
        f"leads:quote{part}": _quote
        for part in ("", "_pdf", "_edit", "_send", "_withdraw", "_accept", "_reject", "_order")
    },
    "leads:order": _order,
    "leads:order_state": lambda stage: {**_order(stage), "word": "delivered"},
    **{f"leads:{name}": _pipeline for name in ("pipeline_edit", "stage_new")},
    **{f"leads:stage_{verb}": _stage_of for verb in ("edit", "remove")},
    "leads:inbox_item": _pk(lambda stage: stage.item),
    "leads:detail": _reference,
    "leads:history": _reference,
    "leads:history_csv": _reference,
    "leads:next_step": _reference,
    "leads:wizard_summary": _reference,
    "leads:note_edit": lambda stage: {**_reference(stage), "pk": stage.note.pk},
    "leads:note_delete": lambda stage: {**_reference(stage), "pk": stage.note.pk},
    "leads:editing": _reference,
    "leads:editors": _reference,
    "leads:undo": lambda stage: {**_reference(stage), "number": 1},
    "leads:action": lambda stage: {**_reference(stage), "action": "edit"},
    "leads:consent": _reference,
    "leads:merge": lambda stage: {**_reference(stage), "other": stage.duplicate.reference},
    "leads:merged": lambda stage: {**_reference(stage), "other": stage.merged.reference},
    "leads:company": _alpha,
    "leads:company_merge": lambda stage: {
        "pk": stage.twins[0].pk,
        "other": stage.twins[1].pk,
    },
    "intake:webhook": lambda stage: {"token": "unknown"},
    **dict.fromkeys(
        (
            "leads:mailbox",
            "leads:mailbox_address",
            "leads:mailbox_edit",
            "leads:mailbox_mapping",
            "leads:mailbox_pause",
            "leads:mailbox_resume",
            "leads:mailbox_test",
        ),
        _pk(lambda stage: stage.mailbox),
    ),
    "leads:mailbox_delivery": _mail,
    "leads:mailbox_replay": _mail,
    "leads:source": _source,
    "leads:source_edit": _source,
    "leads:source_mapping": _source,
    "leads:source_address": _source,
    "leads:source_off": _source,
    "leads:source_on": _source,
    "leads:source_delivery": _delivery,
    "leads:source_replay": _delivery,
    **{
        f"leads:score_{part}": _sheet
        for part in ("sheet", "start", "draft", "discard", "rule_new", "threshold", "test", "publish")
    },
    "leads:score_version": lambda stage: {**_sheet(stage), "number": 1},
    "leads:score_rule": _rule,
    "leads:score_rule_remove": _rule,
    "leads:score_link": _link,
    "leads:score_link_switch": _link,
    "intake:tracked": _visit,
    "intake:pixel": _visit,
    "intake:stop": lambda stage: {"token": "unknown"},
    **{f"leads:target{part}": _target for part in ("", "_edit", "_remove", "_secret", "_switch", "_test")},
    "leads:target_again": lambda stage: {**_target(stage), "number": stage.call.pk},
    "leads:view_save": _view,
    "leads:view_rename": _view,
    "leads:view_share": _view,
    "leads:view_pin": _view,
    "leads:view_delete": _view,
    "templates:marketplace": _marketplace,
    "templates:marketplace_edit": _marketplace,
    "templates:marketplace_listing_new": _marketplace,
    "templates:product": _product,
    "templates:product_edit": _product,
    "templates:listing_new": _product,
    "templates:listing_edit": _listing,
    "templates:listing_close": _listing,
    "templates:listing_open": _listing,
    "templates:version": _version,
    "templates:preview": _version,
    "templates:share": _listing,
    "templates:share_qr": _listing,
    "leads:trials": _listing,
    "leads:trial": _trial,
    "leads:trial_remove": _trial,
    "templates:version_copy": _version,
    "templates:field_new": _template,
    "templates:field_edit": _field,
    "templates:field_move": _field,
    "templates:field_remove": _field,
    "templates:attribute_edit": _attribute,
    "templates:attribute_deactivate": _attribute,
    "templates:attribute_activate": _attribute,
    "accounts:invitation": lambda stage: {"token": "unknown"},
    "accounts:invitation_resend": _invitation,
    "accounts:invitation_revoke": _invitation,
    "accounts:token_revoke": _pk(lambda stage: stage.token),
    "accounts:company_edit": _alpha,
    "accounts:company_permissions": _alpha,
    "accounts:hours": _alpha,
    "accounts:holiday_new": _alpha,
    "accounts:holiday_remove": lambda stage: {
        "pk": stage.cast.alpha.pk,
        "holiday": stage.holiday.pk,
    },
    **{
        f"templates:{page}": _template
        for page in (
            "detail", "edit", "draft", "discard", "publish", "archive", "reseller_form", "builder", "undo"
        )
    },
    **{
        f"accounts:{page}": _colleague
        for page in (
            "person", "person_roles", "person_deactivate", "person_reactivate", "person_remove"
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("actor", ACTORS)
def test_every_address_answers_as_written(actor, cast):
    stage = Stage(cast)
    client = stage.client(actor)
    wrong = {}
    for name, codes in matrix().items():
        url = stage.url(name)
        answer = client.get(url)
        if answer.streaming:  # a file, closed when it was read
            list(answer)
        got = answer.status_code
        if got != codes[actor]:
            wrong[name] = f"{got} instead of {codes[actor]}"
        elif got in {403, 404}:
            posted = client.post(url).status_code
            if posted not in {got, 405} and name not in PUBLIC:
                wrong[name] = f"POST {posted}, but GET {got}"
    assert wrong == {}


def test_foreign_and_unknown_and_malformed_lead_ids_answer_the_same_page(cast):
    stage = Stage(cast)
    client = stage.client("otto")
    references = (stage.lead.reference, "LD-000000000", "nonsense", "LD-%00", "9" * 400)
    pages = set()
    for reference in references:
        answer = client.get(f"/leads/{reference}/")
        assert answer.status_code == 404
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
        pages.add(re.sub(r'name="next" value="[^"]+"', "", page))
    assert len(pages) == 1


def test_control_a_page_that_opens_to_everybody_turns_the_matrix_red(cast, monkeypatch):
    from accounts.views.people import PeopleView

    monkeypatch.setattr(PeopleView, "permission", staticmethod(lambda actor: True))
    stage = Stage(cast)
    assert (
        stage.client("ray").get(reverse("accounts:people")).status_code
        != matrix()["accounts:people"]["ray"]
    )
