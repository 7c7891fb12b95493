"""Put many leads into an empty PostgreSQL database, skewed as they are in life.

Three desks are measured: the operator's sees every lead, the big reseller's one in five, the small one's
one in a thousand. Random numbers start at the same seed, so that every run measures the same leads.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.actors import Person
from accounts.enums import Role
from accounts.models import Company, Membership, MembershipRole, User
from accounts.selectors.actors import actor_of
from accounts.services.desks import desk_for
from leads.models import ScoreSheet, SheetVersion
from leads.rules.scoring.kinds import SheetState
from leads.rules.scoring.sheet import is_close
from templates_app.enums import AttributeKind, FieldKind, ProductKind, VersionState
from templates_app.models import (
    CustomAttribute,
    LeadTemplate,
    Listing,
    Marketplace,
    Product,
    TemplateField,
    TemplateVersion,
)

RESELLERS = 60
VENDORS = 10
PRODUCTS = 40
SCORES = range(100)
THRESHOLD = 80  # of the scores
FIRST_NAMES = "Ana Ben Cleo Dana Emil Fay Gus Hana Ines Jan Kim Lena Maya Nils Olga Petr".split()
LAST_NAMES = "Sousa Novak Vogt Prado Chen Patel Reyes Okafor Lindt Moreau Silva Weber".split()
PLACES = "Northwind Contoso Fabrikam Initech Umbrella Stark Wayne Globex Acme Vandelay".split()
BUSINESSES = "Traders Foods Logistics Media Clinics Motors Textiles Energy Hotels Labs".split()

_PEOPLE = """
INSERT INTO leads_lead (
    id, reference, host_id, marketplace_id, listing_id, product_id, template_version_id, answers,
    attributes, status, status_changed_at, qualification, progress, outcome, holder_id, holder_desk,
    in_charge_id, maker_kinds, source_kind, source_name, first_name, last_name, email, phone, job_title,
    company, website, size, industry, street, postcode, city, region, country, channel, next_step, score, is_near,
    mql_at, sql_at, consent_text, consent_source, closed_text, search, search_changed_at, version,
    created_at, updated_at)
SELECT
    i, 'LD-' || (100000000 + i), %(host)s, listing.marketplace_id, listing.id, listing.product_id,
    listing.version_id, jsonb_build_object('budget', i %% 50 * 1000), attributes, status, changed,
    CASE WHEN listing.id IS NULL THEN 0 ELSE 1 + i %% 3 END, 1 + i %% 4,
    CASE WHEN status = 5 THEN 1 + i %% 3 ELSE 0 END, holder, holder_desk, in_charge, 0,
    CASE WHEN listing.id IS NULL THEN 3 ELSE 1 END, '', first, last,
    lower(first || '.' || last) || i || '@example.com', '+351 912 345 678', '', company, '', '', '', '',
    '', '', '', '', 1, '', score,
    score = ANY(%(close)s::int[]), CASE WHEN score >= %(threshold)s THEN changed END,
    CASE WHEN status >= 4 THEN changed END, '', '', '',
    ' ' || lower(concat_ws(' ', first, last, company, listing.product,
        lower(first || '.' || last) || i || '@example.com', 'ld-' || (100000000 + i))),
    created, 1, created, changed
FROM (
    SELECT *,
        created + (now() - created) * random() AS changed,
        CASE WHEN holder_desk = 1 THEN 2
             ELSE (ARRAY[3, 3, 4, 5, 5, 5, 5, 5, 6, 6])[1 + floor(random() * 10)::int] +
                  CASE WHEN random() < 0.01 THEN 2 ELSE 0 END END AS any_status
    FROM (
        SELECT i,
            now() - interval '730 days' * (1 - i::float / %(leads)s) - random() * interval '1 hour' AS created,
            i %% 1000 AS place,
            CASE WHEN i %% 1000 = 500 THEN (%(resellers)s::bigint[])[2]
                 WHEN i %% 5 = 1 THEN (%(resellers)s::bigint[])[1]
                 WHEN i %% 5 = 2 THEN %(host)s
                 ELSE (%(resellers)s::bigint[])[3 + i %% (cardinality(%(resellers)s::bigint[]) - 2)] END AS holder,
            CASE WHEN i %% 1000 = 500 OR i %% 5 <> 2 THEN 3 WHEN i %% 10 = 2 THEN 1 ELSE 2 END AS holder_desk,
            CASE WHEN i %% 20 = 7 THEN %(operator)s WHEN i %% 10 = 1 THEN %(seller)s END AS in_charge,
            (%(first)s::text[])[1 + floor(random() * cardinality(%(first)s::text[]))::int] AS first,
            (%(last)s::text[])[1 + floor(random() * cardinality(%(last)s::text[]))::int] AS last,
            CASE WHEN i %% 2500 = 1251 THEN 'Zephyrine ' WHEN i %% 333 = 5 THEN 'Quokka '
                 WHEN i %% 5 > 1 AND i %% 1000 <> 500 AND random() < 0.28 THEN 'Hooli '
                 ELSE '' END
                || (%(places)s::text[])[1 + floor(random() * cardinality(%(places)s::text[]))::int] || ' '
                || (%(businesses)s::text[])[1 + floor(random() * cardinality(%(businesses)s::text[]))::int]
                || ' ' || i %% 5003
                AS company,
            floor(random() * %(scores)s)::int AS score,
            jsonb_build_object('region', (ARRAY['north', 'south', 'east', 'west'])[1 + i %% 4])
                || CASE WHEN i %% 2500 = 11 THEN '{"contract": "C-RARE"}'::jsonb ELSE '{}'::jsonb END
                AS attributes
        FROM generate_series(1, %(leads)s) AS i
    ) AS person
) AS began
LEFT JOIN LATERAL (
    SELECT one.id, one.product_id, one.marketplace_id, one.version_id, lower(product.name) AS product
    FROM templates_app_listing AS one JOIN templates_app_product AS product ON product.id = one.product_id
    WHERE one.id = (%(listings)s::bigint[])[1 + (i * 7) %% cardinality(%(listings)s::bigint[])] AND i %% 5 > 0
) AS listing ON true
CROSS JOIN LATERAL (SELECT least(any_status, 7) AS status) AS life
"""
_ACCESS = """
INSERT INTO leads_leadaccess (
    lead_id, desk_id, level, lost_at, created_at, updated_at, status_changed_at, company, first_name, last_name,
    product_name, score, status, kind, product_id, marketplace_id, template_id, holder_id, holder_desk,
    in_charge_id, qualification, progress, outcome, source_kind, is_near, is_mql, is_sql, is_unread)
SELECT lead.id, desk.id, 2, NULL, lead.created_at, lead.updated_at, lead.status_changed_at,
    left(lower(lead.company), 80), lower(lead.first_name), lower(lead.last_name),
    coalesce(lower(product.name), ''), lead.score, lead.status, coalesce(product.kind, 0), lead.product_id,
    lead.marketplace_id, version.template_id, lead.holder_id, lead.holder_desk, lead.in_charge_id,
    lead.qualification, lead.progress, lead.outcome, lead.source_kind, lead.is_near, lead.mql_at IS NOT NULL,
    lead.sql_at IS NOT NULL, lead.status IN (2, 3) AND lead.id % 2 = 0
FROM leads_lead AS lead
LEFT JOIN templates_app_product AS product ON product.id = lead.product_id
LEFT JOIN templates_app_templateversion AS version ON version.id = lead.template_version_id
JOIN accounts_desk AS desk ON
    (desk.company_id = lead.host_id AND desk.kinds & 2 > 0)
    OR (desk.company_id = lead.host_id AND desk.kinds = 4 AND lead.holder_desk <> 2)
    OR (desk.company_id = lead.holder_id AND desk.kinds = 1 AND lead.holder_desk = 3)
    OR (desk.company_id = product.vendor_id AND desk.kinds = 1)
ORDER BY lead.id
"""
_SCORES = """
INSERT INTO leads_leadscore (lead_id, version_id, fit, behaviour, reasons, before, scored_at)
SELECT id, %s, score, 0, '[]', 0, updated_at FROM leads_lead
"""


@dataclass(frozen=True)
class Stage:
    """Who looks at the leads: a desk that sees all of them, a fifth, a thousandth."""

    everything: Person
    fifth: Person
    thousandth: Person


def fill(leads: int) -> Stage:
    """Store companies, people, products and `leads` leads with their access rows; analyse the tables."""
    host = _company("Northgate", is_marketplace=True)
    resellers = [
        _company(f"Reseller {number}", is_reseller=True, host=host) for number in range(RESELLERS)
    ]
    stage = Stage(
        everything=_person(host, Role.MARKETPLACE_MANAGER),
        fifth=_person(resellers[0], Role.RESELLER),
        thousandth=_person(resellers[1], Role.RESELLER),
    )
    _person(host, Role.RESELLER_MANAGER)
    sheet = ScoreSheet.objects.create(company=host)
    version = SheetVersion.objects.create(
        sheet=sheet, number=1, state=SheetState.PUBLISHED, threshold=THRESHOLD
    )
    for reseller in resellers[2:]:
        desk_for(reseller, [Role.RESELLER])
    listings = _listings(host)
    choice = AttributeKind.CHOICE
    CustomAttribute.objects.create(
        host=host, key="region", label="Region", kind=choice, options=["north", "south"]
    )
    CustomAttribute.objects.create(host=host, key="contract", label="Contract")
    values: dict[str, Any] = {
        "leads": leads,
        "host": host.pk,
        "resellers": [reseller.pk for reseller in resellers],
        "listings": [listing.pk for listing in listings],
        "operator": stage.everything.user_id,
        "seller": stage.fifth.user_id,
        "first": FIRST_NAMES,
        "last": LAST_NAMES,
        "places": PLACES,
        "businesses": BUSINESSES,
        "scores": len(SCORES),
        "threshold": THRESHOLD,
        "close": [score for score in SCORES if is_close(score, THRESHOLD)],
    }
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        # Rows first, indexes afterwards: a third of the time, and the same indexes in the end.
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('leads_lead', 'leads_leadaccess')"
            " AND (indexname LIKE 'access_%%' OR indexname IN"
            " ('leads_lead_search', 'leads_lead_attributes', 'leads_lead_answers'))"
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute("SELECT setseed(0.42)")
        cursor.execute(_PEOPLE, values)
        cursor.execute(_ACCESS)
        cursor.execute(_SCORES, [version.pk])
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE")
    return stage


def _company(name: str, **fields: Any) -> Company:
    return Company.objects.create(name=name, slug=name.lower().replace(" ", "-"), **fields)


def _person(company: Company, role: Role) -> Person:
    user = User.objects.create_user(
        f"{role}@{company.slug}.example", first_name="Pat", last_name="Doe"
    )
    membership = Membership.objects.create(
        user=user, company=company, desk=desk_for(company, [role])
    )
    MembershipRole.objects.create(membership=membership, role=role)
    actor = actor_of(user)
    if actor is None:
        raise RuntimeError("A person without a desk cannot look at leads.")
    return actor


def _listings(host: Company) -> list[Listing]:
    vendors = [_company(f"Vendor {number}", is_developer=True) for number in range(VENDORS)]
    for vendor in vendors:
        desk_for(vendor, [Role.VENDOR])
    places = [
        Marketplace.objects.create(host=host, name=f"Store {number}", slug=f"store-{number}")
        for number in range(4)
    ]
    listings = []
    for number in range(PRODUCTS):
        vendor = vendors[number % VENDORS]
        product = Product.objects.create(
            vendor=vendor,
            name=f"Product {number}",
            slug=f"product-{number}",
            kind=ProductKind.SERVICE if number % 4 == 3 else ProductKind.APPLICATION,
        )
        template = LeadTemplate.objects.create(owner=vendor, product=product, name=f"Form {number}")
        version = TemplateVersion.objects.create(template=template, number=1)
        TemplateField.objects.create(
            version=version, position=1, key="budget", label="Budget", kind=FieldKind.NUMBER
        )
        version.state = VersionState.PUBLISHED  # from here on a trigger guards it
        version.save()
        listings += [
            Listing.objects.create(
                product=product, marketplace=place, version=version, slug=f"{place.slug}-{number}"
            )
            for place in places
        ]
    return listings
