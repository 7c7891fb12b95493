"""Every operation of the description succeeds at least once, and answers what the description says."""

from accounts.services.jobs import do_due_jobs
from leads.enums import HolderDesk, Status
from leads.models import LeadProduct
from tests.factories import make_lead
from tests.leads.api.calls import FURTHER, ask_for_attributes, calls
from tests.leads.api.described import check, operations
from tests.leads.api.sale_calls import sale_calls


def test_every_operation_succeeds_as_described(cast, program):
    ask_for_attributes(cast)
    programs, met = {}, set()
    for call in (*calls(cast), *sale_calls(cast)):
        by = programs.setdefault(call.who, program(call.who))
        answer = call.answer_to(by)
        assert answer.status_code in {call.status, 204}, (call.name, answer.content)
        check(call.name, answer)
        met.add(call.name)
    assert operations().keys() - met == FURTHER


def test_calls_that_go_on_from_an_answer_succeed_as_described(cast, program):
    ann = program("ann")
    mine = {"holder": cast.alpha, "holder_desk": HolderDesk.COMPANY}
    lead = make_lead(cast.northgate, Status.REFERRED, marketplace=cast.marketplace, **mine)
    LeadProduct.objects.create(lead=lead, product=cast.product)
    at = f"leads/{lead.reference}"
    note = ann.post(f"{at}/notes/", {"body": "Called."}).json()["id"]
    ann.post(f"{at}/progress/", {"progress": "contacted"})
    newest = ann.get(f"{at}/history/").json()["results"][0]["number"]
    export = ann.post("exports/?status=referred").json()["id"]
    do_due_jobs()
    found = {
        "undoLead": ann.post(f"{at}/undo/", {"number": newest}),
        "removeProduct": ann("delete", f"{at}/products/{cast.product.pk}/"),
        "editNote": ann("patch", f"{at}/notes/{note}/", {"body": "Called twice."}),
        "deleteNote": ann("delete", f"{at}/notes/{note}/"),
        "readExport": ann.get(f"exports/{export}/"),
        "takeExport": ann.get(f"exports/{export}/file/"),
    }
    assert {name: one.status_code for name, one in found.items()} == {
        **dict.fromkeys(FURTHER, 200),
        "deleteNote": 204,
    }
    for name, answer in found.items():
        check(name, answer)
