"""A list without rows says why, and what to do (ux.md acceptance check 27)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from playwright.sync_api import expect

from leads.models import LeadAccess
from tests.browser.given import assigned_lead, let, new_lead


@contextmanager
def table_out_of_reach() -> Iterator[None]:
    """Let every look at the leads fail, as when the database does."""
    table = LeadAccess._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table}_away RENAME TO {table}")


def test_27_no_match_names_the_filters_and_clears_them(visit, cast):
    assigned_lead(cast)
    olga = visit(cast.olga)
    olga.open("/leads/?product=Acme+Backup&status=referred&q=northwind")
    olga.reads("No leads match these filters.", "Status is Referred. Product is Acme Backup.")
    expect(olga.main.locator("tbody tr")).to_have_count(0)
    empty = olga.main.locator(".empty")
    empty.get_by_role("link", name="Clear all filters").click()
    expect(olga.main.locator("tbody tr")).to_have_count(1)
    expect(olga.field("Search leads")).to_have_value("northwind")  # filters go, words stay


def test_27_first_use_says_how_leads_come(visit, cast):
    let(cast.alpha, can_create_leads=True)
    for who, sentence, action, heading in (
        (
            cast.vera,
            "Leads arrive when a prospect fills in one of your forms.",
            "Share a form",
            "Products",
        ),
        (cast.ann, "Leads your marketplace gives you will appear here.", "Add a lead", "Add lead"),
    ):
        newcomer = visit(who)
        newcomer.visit("leads:list")
        newcomer.reads("No leads yet.", sentence)
        newcomer.follow(action)
        newcomer.is_at(heading)


def test_27_failed_load_keeps_the_rows_and_tries_again(visit, cast):
    new_lead(cast)
    new_lead(cast, company="Fabrikam", email="fay@fabrikam.example")
    olga = visit(cast.olga, forgives="500")
    olga.open("/leads/?status=submitted")
    rows = olga.main.locator("tbody tr")
    with table_out_of_reach():
        olga.fill("Search leads", "northwind")
        failed = olga.main.locator("#load-failed")
        expect(failed).to_have_text(
            re.compile(
                r"We could not load the leads. Your filters are kept. Try again"
                r" Reference [0-9A-Z]{4}-[0-9A-Z]{2}\s*$"
            )
        )
        expect(rows).to_have_count(2)
        expect(olga.main.locator("#results")).to_have_class(re.compile("is-stale"))
        olga.follow("Try again")  # still out of reach: a page of its own, with the same two things
        olga.reads("Something went wrong", "Reference")
    olga.follow("Try again")
    expect(rows).to_have_count(1)
    olga.reads("Northwind", "Status is Submitted")
    expect(olga.main.locator("#load-failed")).to_be_hidden()
