"""Marketplaces, products, lead templates and custom attributes of the demo, through their own services."""

from collections.abc import Sequence

from accounts.actors import Person
from accounts.enums import Role
from leads.services.demo.crowd import SIZES
from leads.services.demo.scene import Host, Scene, Vendor
from templates_app.enums import AttributeKind, FieldKind, MapsTo, ProductKind, TextFormat
from templates_app.models import LeadTemplate, Marketplace
from templates_app.rules.fields import FieldSpec
from templates_app.services.attributes import Definition, create_attribute
from templates_app.services.catalogue import create_marketplace, create_product
from templates_app.services.fields import add_field, remove_field
from templates_app.services.lead_templates import (
    choose_reseller_form,
    create_template,
    publish_draft,
    start_draft,
)
from templates_app.services.listings import list_product

APPLICATION, SERVICE = ProductKind.APPLICATION, ProductKind.SERVICE
PRODUCTS = {
    "Quillstack": (
        ("Quillstack Sign", APPLICATION, "Contracts signed in minutes, with proof."),
        ("Quillstack Archive", APPLICATION, "Every document in one place, found by its words."),
        (
            "Quillstack Onboarding",
            SERVICE,
            "Five days with a consultant: set-up, import, training.",
        ),
    ),
    "Ferrowing Security": (
        (
            "Ferrowing Shield",
            APPLICATION,
            "Protection for laptops and servers, watched day and night.",
        ),
        (
            "Ferrowing Backup",
            APPLICATION,
            "Copies that ransomware cannot reach, restored in an hour.",
        ),
        (
            "Security Check-up",
            SERVICE,
            "Three days on site, one report that the board understands.",
        ),
    ),
    "Lumenbrook": (
        ("Lumenbrook Insight", APPLICATION, "Reports from all your systems, without a data team."),
        ("Data Workshop", SERVICE, "Two days to your first dashboard, with your own figures."),
    ),
}


def ask(label: str, kind: FieldKind, **details: object) -> FieldSpec:
    """Return a question; its key is made of its label."""
    return FieldSpec(key="", label=label, kind=kind, **details)  # type: ignore[arg-type]


PHONE = ask("Phone", FieldKind.PHONE, maps_to=MapsTo.PHONE)
SIZE = ask("How many people work for you?", FieldKind.CHOICE, options=SIZES, maps_to=MapsTo.SIZE)
WISH = ask("What do you want to solve?", FieldKind.LONG_TEXT, max_length=1000)
CONSENT = ask("I agree to be contacted about this request", FieldKind.CONSENT, is_required=True)
# Template name, and the questions beside name, email and company: one list for each version of it.
FORMS: dict[str, tuple[str, list[list[FieldSpec]]]] = {
    "Quillstack": (
        "Document solutions",
        [
            [PHONE, SIZE, WISH, CONSENT],
            [
                PHONE,
                ask("Job title", FieldKind.SHORT_TEXT, maps_to=MapsTo.JOB_TITLE),
                SIZE,
                ask(
                    "What do you use today?",
                    FieldKind.CHOICE,
                    options=("Paper", "Shared folders", "Another product", "Nothing yet"),
                ),
                ask("Budget for a year", FieldKind.MONEY, currency="EUR"),
                WISH,
                CONSENT,
            ],
            [
                PHONE,
                ask("Job title", FieldKind.SHORT_TEXT, maps_to=MapsTo.JOB_TITLE),
                SIZE,
                ask(
                    "Which parts interest you?",
                    FieldKind.CHOICES,
                    options=("Signing", "Archive", "Approval steps", "Mobile", "Interfaces"),
                ),
                ask("Budget for a year", FieldKind.MONEY, currency="EUR"),
                ask("When do you want to start?", FieldKind.DATE),
                WISH,
                CONSENT,
            ],
        ],
    ),
    "Ferrowing Security": (
        "Security enquiry",
        [
            [
                PHONE,
                ask("Country", FieldKind.COUNTRY, maps_to=MapsTo.COUNTRY),
                ask("About your company", FieldKind.HEADING),
                ask("Devices to protect", FieldKind.NUMBER, min_value=1, max_value=100000),
                ask("Do you have cyber insurance?", FieldKind.YES_NO),
                WISH,
                CONSENT,
            ]
        ],
    ),
    "Lumenbrook": (
        "Talk to an analyst",
        [
            [
                PHONE,
                ask("Industry", FieldKind.SHORT_TEXT, maps_to=MapsTo.INDUSTRY),
                ask(
                    "Where are your figures today?",
                    FieldKind.CHOICES,
                    options=("Spreadsheets", "Accounting", "Web shop", "Production", "Elsewhere"),
                ),
                ask("Campaign", FieldKind.HIDDEN),
                WISH,
                CONSENT,
            ]
        ],
    ),
}
PARTNER_FORM = (
    "Talk to a partner",
    [
        PHONE,
        ask("Town", FieldKind.SHORT_TEXT, maps_to=MapsTo.CITY),
        ask("Country", FieldKind.COUNTRY, maps_to=MapsTo.COUNTRY),
        ask("What can we do for you?", FieldKind.LONG_TEXT, max_length=1000),
        CONSENT,
    ],
)
_SELLERS = (Role.RESELLER_MANAGER, Role.SALES_SUPPORT, Role.RESELLER)
_ALL = (*_SELLERS, Role.VENDOR, Role.REFERRAL)
SEGMENTS = ("Small business", "Mid-market", "Enterprise", "Public sector")
INTERESTS = ("Training", "Migration", "Support contract", "Hardware")
ATTRIBUTES = (
    (
        AttributeKind.CHOICE,
        Definition("Segment", options=SEGMENTS, view_roles=_ALL, edit_roles=_SELLERS),
    ),
    (AttributeKind.NUMBER, Definition("Seats", view_roles=_ALL, edit_roles=_SELLERS)),
    (AttributeKind.TEXT, Definition("Present supplier", view_roles=_SELLERS, edit_roles=_SELLERS)),
    (AttributeKind.DATE, Definition("Contract ends", view_roles=_SELLERS, edit_roles=_SELLERS)),
    (
        AttributeKind.CHECKBOXES,
        Definition("Also asked for", options=INTERESTS, view_roles=_SELLERS, edit_roles=_SELLERS),
    ),
    (
        AttributeKind.TEXT,
        Definition(
            "VAT number",
            hint="Country code first, for example GB123456789.",
            text_format=TextFormat.VAT_NUMBER,
            view_roles=(Role.RESELLER_MANAGER, Role.RESELLER),
            edit_roles=(Role.RESELLER_MANAGER, Role.RESELLER),
        ),
    ),
)


def furnish(scene: Scene) -> None:
    """Make marketplaces, products, forms in their first version, listings and attributes."""
    halden, tessaly = scene.hosts
    for vendor in scene.vendors:
        _offer(vendor)
        publish_next(scene, vendor)
    for host, names in (
        (halden, ("Halden Store", "Halden Public Sector")),
        (tessaly, ("Tessaly Market", "Tessaly Health")),
    ):
        _open_marketplaces(host, *names)
        _ask_on_profiles(scene, host)
        _define_attributes(host)
    _list_products(scene, halden, everything=halden.marketplaces[0], some=halden.marketplaces[1])
    _list_products(scene, tessaly, everything=tessaly.marketplaces[0], some=tessaly.marketplaces[1])


def publish_next(scene: Scene, vendor: Vendor) -> None:
    """Publish the next version of the vendor's form; its listings ask the new questions from now on."""
    name, versions = FORMS[vendor.company.name]
    actor = vendor.people[0]
    if vendor.template is None:
        vendor.template = create_template(
            vendor.company, name=name, with_contact_fields=True, actor=actor
        )
    number = vendor.template.versions.count()
    if number > 1 or vendor.template.versions.filter(published_at__isnull=False).exists():
        draft = start_draft(vendor.template, actor=actor)
        number = draft.number
        for one in draft.fields.exclude(
            maps_to__in=("first_name", "last_name", "email", "company")
        ):
            remove_field(vendor.template, one.key, actor=actor)
    _publish(scene, vendor.template, versions[number - 1], actor)


def _publish(
    scene: Scene, template: LeadTemplate, questions: Sequence[FieldSpec], actor: Person
) -> None:
    for question in questions:
        add_field(template, question, actor=actor)
    version = publish_draft(template, actor=actor)
    scene.questions[version.pk] = [field.spec for field in version.fields.all()]
    for host in scene.hosts:
        for listing in host.listings:
            if listing.version and listing.version.template_id == template.pk:
                listing.version = version


def _offer(vendor: Vendor) -> None:
    vendor.products = [
        create_product(
            vendor.company,
            name=name,
            kind=kind,
            summary=summary,
            description=f"{summary} Made by {vendor.company.name}, sold and looked after by partners near you.",
            actor=vendor.people[0],
        )
        for name, kind, summary in PRODUCTS[vendor.company.name]
    ]


def _open_marketplaces(host: Host, first: str, second: str) -> None:
    """The second one sends the leads of products straight to their vendors."""
    host.marketplaces = [
        create_marketplace(host.company, name=first, actor=host.operator),
        create_marketplace(host.company, name=second, leads_go_to_vendor=True, actor=host.operator),
    ]


def _ask_on_profiles(scene: Scene, host: Host) -> None:
    name, questions = PARTNER_FORM
    host.reseller_form = create_template(
        host.company, name=name, with_contact_fields=True, actor=host.operator
    )
    _publish(scene, host.reseller_form, questions, host.operator)
    choose_reseller_form(host.reseller_form, actor=host.operator)


def _define_attributes(host: Host) -> None:
    for kind, definition in ATTRIBUTES:
        create_attribute(host.company, kind=kind, definition=definition, actor=host.operator)
    for team in host.referrals:
        own = Definition("Met at", hint="Fair, talk, or who introduced us.")
        partner = team.people[0]
        create_attribute(
            host.company,
            kind=AttributeKind.TEXT,
            definition=own,
            owner_id=partner.user_id,
            actor=partner,
        )


def _list_products(scene: Scene, host: Host, *, everything: Marketplace, some: Marketplace) -> None:
    """List every product in the first marketplace, and the applications of two vendors in the second."""
    for vendor in scene.vendors:
        if vendor.template is None:
            continue
        version = vendor.template.versions.get(published_at__isnull=False)
        for product in vendor.products:
            places = [everything]
            if product.kind == APPLICATION and vendor is not scene.vendors[-1]:
                places.append(some)
            for place in places:
                host.listings.append(
                    list_product(
                        product,
                        place,
                        version=version,
                        contact=f"sales@{vendor.company.slug}.example",
                        actor=vendor.people[0],
                    )
                )
