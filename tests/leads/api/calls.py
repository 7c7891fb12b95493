"""One good call of every operation, in an order in which all of them succeed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Desk
from accounts.services.desks import show_company
from leads.enums import HolderDesk, Outcome, Qualification, Status
from leads.models import Conversion, ConversionRequest, DisqualifyReason, Order, Stage
from templates_app.models import CustomAttribute
from tests.factories import make_deal, make_lead, make_listing, make_order, make_product


@dataclass
class Call:
    """A call by somebody of the cast. `lead` makes the lead, deal, quote or order whose number stands for "{lead}"."""

    who: str
    name: str
    method: str
    path: str
    body: Any = None
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    lead: Callable[[], Any] | None = None
    status: int = 200

    def answer_to(self, program: Any) -> Any:
        """Make the call by a program and return the answer."""
        number = self.lead().reference if self.lead else ""
        body = self.body
        if isinstance(body, dict):
            body = {name: number if one == "{lead}" else one for name, one in body.items()}
        path = self.path.format(lead=number)
        return program(self.method, path, body, headers=self.headers, query=self.query or None)


ANA = {"first_name": "Ana", "last_name": "Sousa", "email": "ana@northwind.example"}


def calls(cast: Any) -> Iterator[Call]:
    """Return the calls; they are made one after the other."""

    def held(status: Status = Status.REFERRED, **values: Any) -> Callable[[], Any]:
        mine = {"holder": cast.alpha, "holder_desk": HolderDesk.COMPANY, **values}
        return lambda: make_lead(cast.northgate, status, marketplace=cast.marketplace, **mine)

    def hosted(status: Status = Status.SUBMITTED, **values: Any) -> Callable[[], Any]:
        sold = {"product": cast.product, "listing": cast.listing, "marketplace": cast.marketplace}
        return lambda: make_lead(cast.northgate, status, **{**sold, **values})

    def asked() -> Any:
        lead = held()()
        values = {"company_name": "Northwind", "email": f"{lead.reference}@northwind.example"}
        ConversionRequest.objects.create(lead=lead, company=cast.alpha, values=values)
        return lead

    def converted() -> Any:
        lead = held(Status.CONVERTED, outcome=Outcome.OPEN)()
        Conversion.objects.create(
            lead=lead, company=cast.customer, user_id=cast.cleo.user_id, reseller=cast.alpha
        )
        show_company(cast.customer, Desk.objects.filter(company=cast.alpha))
        return lead

    def sold(reference: str, *, is_linked: bool) -> Callable[[], Any]:
        """Make a converted lead whose customer has an order, on the lead or on none."""

        def made() -> Any:
            lead = converted()
            order = make_order(make_deal(lead, actor=cast.ann), cast.product, cast.customer)
            Order.objects.filter(pk=order.pk).update(
                reference=reference, lead=lead if is_linked else None
            )
            return lead

        return made

    def move(who: str, action: str, lead: Any, body: Any = None, name: str = "") -> Call:
        parts = action.split("-")
        called = name or parts[0] + "".join(part.title() for part in parts[1:]) + "Lead"
        return Call(who, called, "POST", f"leads/{{lead}}/{action}/", body or {}, lead=lead)

    reason = DisqualifyReason.objects.get(host=cast.northgate, label="Spam or test").pk
    pending: Any = {"qualification": Qualification.PENDING}
    made = {"maker": cast.vertex, "maker_kinds": 1, "holder": cast.vertex}
    made |= {"holder_desk": HolderDesk.COMPANY}
    yield Call("olga", "readToken", "GET", "token/")
    yield Call("olga", "createLead", "POST", "leads/", {**ANA, "channel": "web"}, status=201)
    yield Call("olga", "listLeads", "GET", "leads/", query={"status": ["submitted"], "q": "sousa"})
    yield Call("ann", "readLead", "GET", "leads/{lead}/", lead=held())
    yield Call(
        "ann", "editLead", "PATCH", "leads/{lead}/", {"city": "Porto"},
        headers={"If-Match": '"1"'}, lead=held(),
    )  # fmt: skip
    yield Call("ann", "listActions", "GET", "leads/{lead}/actions/", lead=held())
    yield Call("ann", "listHistory", "GET", "leads/{lead}/history/", lead=held())
    yield Call("ann", "listNotes", "GET", "leads/{lead}/notes/", lead=held())
    report = {"kind": "page_visited", "about": "pricing", "email": "ana@northwind.example"}
    yield Call("olga", "reportBehaviour", "POST", "behaviour/", report)
    yield Call(
        "ann",
        "noteLead",
        "POST",
        "leads/{lead}/notes/",
        {"body": "Called."},
        lead=held(),
        status=201,
    )
    step = {"next_step": "Call", "next_step_on": "2027-01-05"}
    yield Call("ann", "setNextStep", "PUT", "leads/{lead}/next-step/", step, lead=held())
    added = make_product(cast.vertex, "Acme Mail")
    make_listing(added, cast.marketplace)
    products = {"products": [added.pk]}
    yield Call("ann", "addProducts", "POST", "leads/{lead}/products/", products, lead=held())
    yield move("vera", "submit", hosted(Status.PENDING_SUBMISSION, **made))
    yield move("rita", "assign", hosted(), {"target": "company", "company": cast.beta.pk})
    yield move("ann", "take", held())
    yield move("ann", "give", held(), {"person": cast.ann.user_id})
    yield move("ann", "accept", held(Status.ASSIGNED))
    yield move("ann", "decline", held(Status.ASSIGNED), {"reason": "Too far"})
    yield move("olga", "convert", hosted(company="Northwind", email="new@northwind.example"))
    yield move("ann", "request", held(company="Northwind", email="ask@northwind.example"))
    yield move("ann", "withdraw", asked)
    yield move("rita", "approve", asked)
    yield move("rita", "deny", asked, {"comment": "Not yet"})
    yield move("rita", "disqualify", hosted(), {"reason": reason})
    known = {"email": "cleo@example.com", "company": cast.customer.pk}
    yield move("rita", "associate", hosted(), known)
    yield move("vera", "qualify", hosted(**pending))
    yield move("vera", "invalid", hosted(**pending))
    yield move("ann", "sales-qualified", held())
    yield move("olga", "delete", hosted())
    yield move("olga", "restore", hosted(Status.DELETED, status_before_delete=Status.SUBMITTED))
    yield move("ann", "progress", held(), {"progress": "contacted"})
    yield move("ann", "outcome", converted, {"outcome": "won"})
    stage = Stage.objects.filter(pipeline__host=cast.northgate).first()
    assert stage is not None
    deal = {"subject": "Backup", "value": "1200.50", "currency": "EUR", "stage": stage.pk}
    yield move("ann", "deal", held(), deal)
    free, linked = "O-7000001", "O-7000002"
    yield move("ann", "link", sold(free, is_linked=False), {"paper": free})
    yield move("ann", "unlink", sold(linked, is_linked=True), {"paper": linked})
    yield Call("ann", "manageLead", "GET", "leads/{lead}/manage/", lead=converted)
    yield Call("olga", "listCompanies", "GET", "companies/", query={"kind": "reseller"})
    yield Call("olga", "readCompany", "GET", f"companies/{cast.alpha.pk}/")
    yield Call("ann", "listProducts", "GET", "products/", query={"q": "backup"})
    yield Call("ann", "readProduct", "GET", f"products/{cast.product.pk}/")
    yield Call("olga", "listMarketplaces", "GET", "marketplaces/")
    yield Call("vera", "listListings", "GET", "listings/")
    yield Call("vera", "listTemplates", "GET", "templates/")
    template = cast.listing.version.template_id
    yield Call("vera", "readTemplate", "GET", f"templates/{template}/")
    yield Call("olga", "exportLeads", "GET", "leads/export.csv", query={"status": "submitted"})
    yield Call("olga", "makeExport", "POST", "exports/", {}, status=202)
    yield Call("olga", "listExports", "GET", "exports/")
    yield Call("olga", "reportLeads", "GET", "reports/leads/", query={"groupby": "LISTING"})


# Calls that go on from the answer of another one.
FURTHER = {"removeProduct", "editNote", "deleteNote", "undoLead", "readExport", "takeExport"}


def ask_for_attributes(cast: Any) -> None:
    """Let the host ask for a custom attribute, and every role fill it in."""
    roles = ["reseller_manager", "sales_support", "vendor", "reseller", "referral"]
    CustomAttribute.objects.create(
        host=cast.northgate, key="vat", label="VAT", view_roles=roles, edit_roles=roles
    )
