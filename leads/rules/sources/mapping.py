"""Which entry fills what of a lead: what the source says first, then the questions of its form, then aliases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from leads.rules.sources.body import plain
from leads.rules.sources.shapes import Entry
from templates_app.enums import MapsTo
from templates_app.rules.fields import FieldSpec

# What a key can be mapped to, beside the lead's own fields: see `targets`.
NAME, NOTE, KEPT, LEFT_OUT = "name", "note", "keep", "leave_out"
ANSWER, ATTRIBUTE = "answer:", "attribute:"

# The names that forms give to a field in the wild, letters and digits alone (webhooks.md 6.4).
_ALIASES: dict[str, str] = {
    MapsTo.EMAIL: "email mail emailaddress youremail workemail businessemail emailadresse replytoemail senderemail",
    MapsTo.FIRST_NAME: "firstname fname vorname givenname yourfirstname prenom",
    MapsTo.LAST_NAME: "lastname lname surname nachname familyname yourlastname",
    NAME: "name fullname yourname contactname replytoname sendername",
    MapsTo.PHONE: "phone tel phonenumber telephone mobile yourphone yourtel telefon",
    MapsTo.JOB_TITLE: "jobtitle yourjobtitle",
    MapsTo.COMPANY: "company companyname organization organisation yourcompany firma",
    MapsTo.WEBSITE: "website url homepage webaddress yourwebsite",
    MapsTo.SIZE: "companysize employees numberofemployees",
    MapsTo.INDUSTRY: "industry branche",
    MapsTo.STREET: "street address streetaddress addressline1",
    MapsTo.POSTCODE: "postcode zip zipcode postalcode plz",
    MapsTo.CITY: "city town ort",
    MapsTo.REGION: "region state province county",
    MapsTo.COUNTRY: "country countrycode land",
    NOTE: "message yourmessage messagebody comments comment description nachricht enquiry mailtext",
}
_BY_ALIAS = {alias: target for target, words in _ALIASES.items() for alias in words.split()}
# What a form says of its own field, where the name says nothing.
_BY_KIND: dict[str, str] = {"email": MapsTo.EMAIL, "tel": MapsTo.PHONE}


@dataclass(slots=True)
class Sorted:
    """Entries by what they fill: lead fields, questions and attributes by key, and what is left."""

    fields: dict[str, Entry] = field(default_factory=dict)
    answers: dict[str, Entry] = field(default_factory=dict)
    attributes: dict[str, Entry] = field(default_factory=dict)
    notes: list[Entry] = field(default_factory=list)
    others: list[Entry] = field(default_factory=list)


def suggested(entry: Entry, specs: Sequence[FieldSpec] = ()) -> str:
    """Return what an entry fills by its name alone, or KEPT: as a submitted answer."""
    names = [plain(entry.key), plain(entry.label)]
    for spec in specs:
        if {plain(spec.key), plain(spec.label)} & {name for name in names if name}:
            return f"{ANSWER}{spec.key}"
    if entry.key.startswith("_"):  # what Contact Form 7 tells of the page
        return KEPT
    known = [_BY_ALIAS[name] for name in names if name in _BY_ALIAS]
    return known[0] if known else _BY_KIND.get(entry.kind, KEPT)


def sort_entries(
    entries: Sequence[Entry], mapping: Mapping[str, str], specs: Sequence[FieldSpec] = ()
) -> Sorted:
    """Put each entry where it belongs. What the source says goes before names; then the first with a value wins.

    Nothing that was sent is lost but what the source leaves out: the rest is kept as submitted answers.
    """
    found = Sorted()
    for entry in sorted(entries, key=lambda one: one.key not in mapping):
        if entry.text:
            _put(found, entry, mapping.get(entry.key) or suggested(entry, specs))
    order = [entry.key for entry in entries]
    found.others.sort(key=lambda one: order.index(one.key))
    return found


def _put(found: Sorted, entry: Entry, target: str) -> None:
    if target == LEFT_OUT:
        return
    if target == NOTE:
        found.notes.append(entry)
        return
    places = found.fields
    if target.startswith(ANSWER):
        places, target = found.answers, target.removeprefix(ANSWER)
    elif target.startswith(ATTRIBUTE):
        places, target = found.attributes, target.removeprefix(ATTRIBUTE)
    if target == KEPT or target in places:
        found.others.append(entry)
    else:
        places[target] = entry


def split_name(name: str) -> tuple[str, str]:
    """Return first and last name of a full one: split at the last space (webhooks.md 6.4)."""
    first, _space, last = name.strip().rpartition(" ")
    return (first.strip(), last) if first else (last, "")
