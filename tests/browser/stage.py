"""One of everything that has a page, full enough to be looked at."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.test import Client

from accounts.enums import Role
from accounts.models import ApiToken, Holiday, Job, JobState, Membership, User
from accounts.rules.tokens import prefix_of
from accounts.services.invitations import invite_person
from accounts.services.jobs import do_due_jobs
from leadportal.common import clock
from leads.enums import Audience, Duplicates, InboxKind, NoteKind, Progress, Status
from leads.models import Conversion, ImportMapping, Lead, Mailbox, Submission
from leads.rules.scoring.kinds import BehaviourKind
from leads.services.bulk import run_bulk
from leads.services.conversion import Wish, convert_lead, deny_conversion, request_conversion
from leads.services.deals import lose_deal
from leads.services.imports.steps import request_undo, start_import
from leads.services.leads import associate_company, create_lead
from leads.services.lifecycle import assign_lead, delete_lead, disqualify_lead
from leads.services.mails import take_mail
from leads.services.marks import ProgressMark, set_next_step
from leads.services.merging_leads import merge_leads
from leads.services.notes import add_note
from leads.services.notice_settings import stop_url_of
from leads.services.quotes import answer_quote, send_quote
from leads.services.sales import add_products
from leads.services.scoring import sheets
from leads.services.scoring.links import LinkSettings, create_link
from leads.services.scoring.trial import start_trial
from leads.services.targets import send_test
from leads.services.views import Content, add_view, share_view
from templates_app.models import CustomAttribute, LeadTemplate
from templates_app.services.lead_templates import start_draft
from tests.browser.given import (
    ANA,
    accepted_lead,
    assigned_lead,
    converted_lead,
    new_lead,
    spam,
)
from tests.browser.mailbox import link_for
from tests.factories import (
    fresh,
    make_company,
    make_deal,
    make_export_file,
    make_key,
    make_lead,
    make_order,
    make_person,
    make_quote,
    make_submission,
    make_target,
    make_version,
)
from tests.leads.files import bring_in, check, csv_of, send
from tests.leads.intake import letters
from tests.leads.intake.senders import CONTACT_FORM_7, FORM
from tests.leads.intake.sending import deliver, make_mailbox, make_source, post
from tests.leads.services.scoring.book import DIRECTOR, LARGE, PAPER, PRICING, publish, worth
from tests.routing import set_up_routing

# A name that no hyphen breaks, and an address as long as they come.
LONG = {
    "company": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "email": "maximiliane.wolfeschlegelsteinhausenbergerdorff@donaudampfschifffahrt.example",
}
LINK = "https://northgate.example/prices/" + "x" * 90
ROLES = [role.value for role in Role]


def set_stage(cast) -> dict[str, Any]:
    """Store everything, and return what stands in addresses, by the words of the table of pages."""
    _ask_for_attributes(cast)
    stage = {
        **_leads(cast),
        **_catalogue(cast),
        **_people(cast),
        **_sources(cast),
        **_mailboxes(cast),
        **_scores(cast),
        **_routing(cast),
        **_targets(cast),
        **_imports(cast),
    }
    _have_files_made(cast)
    return stage


def _scores(cast) -> dict[str, Any]:
    """Rules that count, a draft of others with its dry run, and a link."""
    sheet = publish(cast.olga, LARGE, DIRECTOR, PRICING, PAPER, threshold=40)
    draft = sheets.start_draft(sheet, actor=cast.olga)
    sheets.edit_rule(sheet, "r1", worth(25, LARGE), actor=cast.olga)
    start_trial(sheet, actor=cast.olga)
    do_due_jobs()
    wanted = LinkSettings("Price list " + "x" * 60, BehaviourKind.PAGE_VISITED, "pricing", LINK)
    assert draft.number == 2
    return {"scores": sheet.pk, "tracked_link": create_link(wanted, actor=cast.olga).pk}


def _have_files_made(cast) -> None:
    """One that is ready, one that has failed, one that is being made."""
    make_export_file(cast.ann, words="Status is Assigned, searched for “" + "a" * 80 + "”")
    failed = make_export_file(cast.ann, "/leads/?status=assigned", is_made=False)
    Job.objects.filter(pk=failed.job_id).update(state=JobState.FAILED)
    making = make_export_file(cast.ann, "/leads/?status=referred", is_made=False)
    Job.objects.filter(pk=making.job_id).update(step=2, steps=3)


def _imports(cast) -> dict[str, Any]:
    """A file at every step: its columns to be chosen, checked, being imported, over, undone, given up."""
    mapping = {"name": "HubSpot", "targets": {}, "saved_by_id": cast.olga.user_id}
    ImportMapping.objects.create(company=cast.northgate, **mapping)
    head = ("First name", "Last name", "Email", "Company", "Email")
    rows = [("Ana", "Sousa", f"new{n}@northwind.example", LONG["company"], "") for n in range(3)]
    rows += [("", "", "nobody", "", ""), ("Cleo", "Co", cast.cleo.email, "", "")]
    text, columns = csv_of(head, rows), ["first_name", "last_name", "email", "company", ""]
    draft = send(text, cast.olga, name="a" * 90 + ".csv")
    checked = check(send(text, cast.olga), cast.olga, columns)
    broken = check(send(f'{text}"x', cast.olga), cast.olga, columns)
    done = bring_in(text, cast.olga, mapping=columns)
    undone = bring_in(text, cast.olga, mapping=columns, duplicates=Duplicates.CREATE)
    request_undo(undone, actor=cast.olga)
    do_due_jobs()
    two = [check(send(text, cast.olga), cast.olga, columns) for _number in range(2)]
    running, failed = (
        start_import(one, duplicates=Duplicates.SKIP, actor=cast.olga) for one in two
    )
    later = clock.now() + timedelta(days=1)
    Job.objects.filter(pk=running.job_id or 0).update(step=40, steps=100, due_at=later)
    Job.objects.filter(pk=failed.job_id or 0).update(state=JobState.FAILED)
    return {
        "import_draft": draft.pk,
        "import_checked": checked.pk,
        "import_broken": broken.pk,
        "import_running": running.pk,
        "import_failed": failed.pk,
        "import_done": done.pk,
        "import_undone": undone.pk,
    }


def _ask_for_attributes(cast) -> None:
    roles = {"view_roles": ROLES, "edit_roles": ROLES}
    for key, label in (("vat", "VAT number"), ("region_code", "Region code of the customer")):
        CustomAttribute.objects.create(host=cast.northgate, key=key, label=label, **roles)


def _leads(cast) -> dict[str, Any]:
    pending = create_lead(ANA, actor=cast.vera, marketplace=cast.marketplace, product=cast.product)
    disqualified, deleted = new_lead(cast, company="Fabrikam"), new_lead(cast, company="Tailspin")
    disqualify_lead(disqualified, reason=spam(cast), text="Asked for flowers", actor=cast.rita)
    delete_lead(deleted, actor=cast.olga)
    lost = assigned_lead(cast, company="Wingtip")
    assign_lead(lost, to=cast.beta, actor=cast.rita)
    asked, denied = accepted_lead(cast, company="Litware"), accepted_lead(cast, company="Proseware")
    for lead in (asked, denied):
        request_conversion(lead, wish=Wish(lead.company, lead.email), actor=cast.ann)
    deny_conversion(denied, comment="Ask for the VAT number first.", actor=cast.rita)
    associated = new_lead(cast, company="Adatum")
    cleo = cast.customer.memberships.get().user
    associate_company(associated, user=cleo, company=cast.customer, actor=cast.rita)
    rich = _rich_lead(cast)
    leads = {
        "pending": pending,
        "submitted": new_lead(cast, **LONG),
        "assigned": assigned_lead(cast),
        "referred": rich,
        "asked": asked,
        "denied": denied,
        "converted": converted_lead(cast, company="Contoso North", email="cora@contoso.example"),
        "disqualified": disqualified,
        "deleted": deleted,
        "lost": lost,
        "associated": associated,
        "at_sales": create_lead(ANA, actor=cast.sam),
        "refers": create_lead(ANA, actor=cast.ray),
        "known_customer": _bought(cast),
        "known": new_lead(cast, company="Contoso", email=cast.cleo.email),
    }
    leads |= _doubles(cast)
    sold = _deals(cast, leads)
    run = run_bulk(
        [associated.pk, disqualified.pk],
        act=ProgressMark(Progress.CONTACTED),
        key="stage",
        actor=cast.rita,
        choice="Contacted",
    )
    assert {lead.status for lead in Lead.objects.all()} == set(Status)
    words = {name: lead.reference for name, lead in leads.items()}
    customer = Conversion.objects.get(lead=leads["converted"]).company_id
    content = Content({"status": ["referred"]}, "-score", ["company", "status", "score"])
    view = add_view(name="Hot leads", content=content, actor=cast.ann)
    words["view"] = share_view(view, is_shared=True, actor=cast.ann).slug
    twin = make_company("Contoso North", city="Porto", registered_by=cast.northgate)
    note = rich.notes.first().pk
    return {
        **words,
        **sold,
        "own_note": note,
        "customer": customer,
        "bulk_run": run.pk,
        "twin": twin.pk,
        "waiting": _waiting(cast).pk,
    }


def _deals(cast, leads: dict[str, Lead]) -> dict[str, Any]:
    """A deal with all that a deal can have, one without a value, and one that was lost."""
    day = clock.now().date() + timedelta(days=30)
    owner = User.objects.get(pk=cast.ann.user_id)
    rich = make_deal(
        leads["referred"],
        actor=cast.ann,
        subject="Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau: 200 seats, 3 years",
        stage="Negotiation",
        value=Decimal("9876543210.99"),
        close_on=day,
        owner=owner,
    )
    make_deal(leads["converted"], actor=cast.olga, currency="JPY")
    lost = make_deal(leads["referred"], actor=cast.ann, subject="Mail", value=Decimal(50))
    lose_deal(lost, reason="Chose a cheaper product", actor=cast.ann)
    sale = leads["known_customer"]
    big = make_deal(sale, actor=cast.olga, subject="200 seats")
    sent, accepted, draft = (
        make_quote(big, cast.product, actor=cast.olga, valid_until=day, terms="Net 30 days.")
        for _number in range(3)
    )
    for quote in (sent, accepted):
        send_quote(quote, actor=cast.olga)
    answer_quote(accepted, is_accepted=True, comment="Thank you", actor=fresh(cast.cleo))
    order = make_order(big, cast.product, cast.customer)
    return {
        "quote": draft.reference,
        "sent_quote": sent.reference,
        "accepted_quote": accepted.reference,
        "order": order.reference,
        "converted_sale": sale.reference,
        "deal": rich.reference,
        "lost_deal": lost.reference,
        "pipeline": rich.stage.pipeline_id,
        "stage": rich.stage_id,
    }


def _bought(cast) -> Lead:
    """A lead that became a lead of the customer that Cleo works at."""
    lead = new_lead(cast, company="Contoso", email=cast.cleo.email)
    wish = Wish("Contoso", cast.cleo.email, company_id=cast.customer.pk)
    convert_lead(lead, wish=wish, actor=cast.olga)
    return Lead.objects.get(pk=lead.pk)


def _waiting(cast) -> Submission:
    sent = {**LONG, "needs": ["Backup", "Mail"], "meta": {"page": "https://n.example/" + "a" * 120}}
    body = f"company={LONG['company']}&meta={'a' * 200}".encode()
    return make_submission(listing=cast.listing, payload=sent, body=body)


def _doubles(cast) -> dict[str, Lead]:
    """A lead with a possible duplicate, with another one that is part of it, and with a consent."""
    double, twin, merged = (
        accepted_lead(cast, company="Fabrikam", **more)
        for more in ({}, {"phone": "+351 912 345 678", "city": "Porto"}, {"city": "Faro"})
    )
    Lead.objects.filter(pk=double.pk).update(
        consent_text="I agree to be contacted about this product.",
        consent_at=clock.now(),
        consent_source="Version 1 of /f/acme-backup/",
    )
    merge_leads(double, merged, actor=cast.olga)
    return {"double": double, "twin_lead": twin, "merged_lead": merged}


def _rich_lead(cast) -> Lead:
    lead = accepted_lead(cast, **LONG)
    add_products(lead, products=[cast.product], actor=cast.ann)
    for audience in Audience:
        body = "Call after ten.\nhttps://donaudampfschifffahrt.example/" + "a" * 80
        add_note(lead, body=body, kind=NoteKind.CALL, audience=audience, actor=cast.ann)
    day = clock.now().date() + timedelta(days=3)
    set_next_step(lead, text="Send the comparison of plans", on=day, actor=cast.ann)
    Lead.objects.filter(pk=lead.pk).update(attributes={"vat": "PT501964843"})
    return lead


def _catalogue(cast) -> dict[str, Any]:
    template = LeadTemplate.objects.get(versions=cast.listing.version)
    start_draft(template, actor=cast.vera)
    unlisted = make_version(cast.northgate, name="For resellers", is_reseller_form=True).template
    own = CustomAttribute.objects.create(
        host=cast.northgate,
        owner_id=cast.ray.user_id,
        key=f"own{cast.ray.user_id}-met",
        label="Where we met",
    )
    return {
        "marketplace": cast.marketplace.pk,
        "sold": cast.product.pk,
        "listing": cast.listing.pk,
        "template": template.pk,
        "reseller_template": unlisted.pk,
        "attribute": CustomAttribute.objects.get(key="vat").pk,
        "own_attribute": own.pk,
        "storefront": cast.marketplace.slug,
        "profile": cast.product.slug,
        "form": cast.listing.slug,
        "trial": make_lead(cast.northgate, listing=cast.listing, is_test=True).reference,
        "reseller_page": cast.alpha.slug,
    }


def _targets(cast) -> dict[str, Any]:
    """A webhook with a message that waits, one without, and the way to stop mails."""
    target, unused = make_target(cast.olga), make_target(fresh(cast.ann))
    send_test(target, actor=cast.olga)
    ann = Membership.objects.get(user=cast.ann.user_id)
    token = stop_url_of([InboxKind.GIVEN, InboxKind.NOTE], ann).split("/")[-2]
    return {"target": target.pk, "unused_target": unused.pk, "stop_token": token}


def _sources(cast) -> dict[str, Any]:
    """One that has brought a lead and what is none, with a long key; and one that nothing has come from."""
    feed = f"listing-{cast.listing.pk}"
    source = make_source(cast.olga, feed, name="Contact form of donaudampfschifffahrt.example")
    deliver(Client(), source, CONTACT_FORM_7)
    body = b"what_do_you_think_of_" + b"our_services_" * 9 + b"=" + b"Fine" * 60 + b"&email=nobody"
    post(Client(), source, body, FORM)
    newest = Submission.objects.filter(source=source).latest("pk")
    unused = make_source(cast.vera, feed, name="Shop")
    return {"webhook": source.pk, "delivery": newest.pk, "new_webhook": unused.pk}


def _mailboxes(cast) -> dict[str, Any]:
    """One that has brought a lead and a note of absence, and cannot be fetched; and one that nothing has come to."""
    feed = f"listing-{cast.listing.pk}"
    source = make_mailbox(
        cast.olga, feed, name="sales@donaudampfschifffahrtsgesellschaft.example",
        host="imap.donaudampfschifffahrtsgesellschaft.example", user="sales", password="secret",
    )  # fmt: skip
    for raw in (letters.BY_MACHINES["note of absence"][0], letters.CONTACT_FORM):
        take_mail(source, raw, size=len(raw))
    Mailbox.objects.filter(source=source).update(
        failing_since=clock.now(),
        last_error="The mail server refuses the user name or the password.",
    )
    newest = Submission.objects.filter(source=source).latest("pk")
    unused = make_mailbox(cast.vera, feed, name="Vertex mails")
    return {"mailbox": source.pk, "mail": newest.pk, "new_mailbox": unused.pk}


def _people(cast) -> dict[str, Any]:
    invitation = invite_person(
        cast.alpha, email="new@alpha.example", roles=[Role.RESELLER], actor=fresh(cast.ann)
    )
    away = make_person(cast.beta, Role.RESELLER, first_name="Abi", last_name="Away")
    Membership.objects.filter(user_id=away.user_id).update(is_active=False)
    return {
        "away": Membership.objects.get(user_id=away.user_id).pk,
        "ann": Membership.objects.get(user_id=cast.ann.user_id).pk,
        "ben": Membership.objects.get(user_id=cast.ben.user_id).pk,
        "cleo": Membership.objects.get(user_id=cast.cleo.user_id).pk,
        "alpha": cast.alpha.pk,
        "holiday": Holiday.objects.create(
            company=cast.alpha, day=date(2199, 12, 25), name="Christmas " + "a" * 60
        ).pk,
        "contoso": cast.customer.pk,
        "token": _token(cast),
        "invitation": invitation.pk,
        "invitation_link": link_for("new@alpha.example").rstrip("/").rsplit("/", 1)[1],
    }


def _token(cast) -> int:
    key = make_key(cast.vera, Role.VENDOR)
    return ApiToken.objects.get(prefix=prefix_of(key)).pk


def _routing(cast) -> dict[str, Any]:
    """Published assignment rules with a draft: a round robin, a rule that it shadows, two territories that overlap."""
    set_up_routing(cast)
    return {"robin": f"{cast.alpha.pk}:0"}
