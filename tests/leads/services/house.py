"""A full house, and where leads begin: for tests of who is told of what."""

from accounts.enums import Role
from accounts.models import User
from leads.enums import Audience, NoteKind
from leads.models import DisqualifyReason, InboxItem
from leads.services.conversion import Wish, request_conversion
from leads.services.leads import create_from_listing, create_lead
from leads.services.lifecycle import accept_lead, assign_lead
from leads.services.notes import add_note
from tests.factories import make_person

CONTACT = {"first_name": "Ana", "email": "ana@northwind.example", "company": "Northwind"}
WISH = Wish("Northwind", "ana@northwind.example")


def furnish(cast):
    """Add a colleague in every role to the cast: who did a thing is not told, the colleague is."""
    places = {
        "oona": (cast.northgate, Role.MARKETPLACE_MANAGER),
        "rolf": (cast.northgate, Role.RESELLER_MANAGER),
        "sue": (cast.northgate, Role.SALES_SUPPORT),
        "amy": (cast.alpha, Role.RESELLER),
        "rex": (cast.ripple, Role.REFERRAL),
        "vic": (cast.vertex, Role.VENDOR),
        "admin": (cast.alpha, Role.COMPANY_ADMIN),
    }
    for name, (company, role) in places.items():
        make_person(company, role, email=f"{name}@example.com")
    cast.alpha.can_create_leads = True
    cast.alpha.save()
    InboxItem.objects.all().delete()
    return cast


def of_form(cast, **contact):
    """A lead that came through the form of the listing."""
    return create_from_listing(cast.listing, {**CONTACT, **contact}, {})


def at_alpha(cast):
    """That lead, assigned to Alpha."""
    return assign_lead(of_form(cast), to=cast.alpha, actor=cast.rita)


def accepted(cast):
    """That lead, accepted by Ann."""
    return accept_lead(at_alpha(cast), actor=cast.ann)


def asked(cast):
    """That lead, with a conversion request of Ann's."""
    lead = accepted(cast)
    request_conversion(lead, wish=WISH, actor=cast.ann)
    return lead


def at_sales(cast):
    """A lead at the sales desk."""
    return assign_lead(of_form(cast), to=None, actor=cast.olga)


def of_vera(cast):
    """A lead that Vera made and has not submitted."""
    return create_lead(CONTACT, actor=cast.vera, marketplace=cast.marketplace, product=cast.product)


def of_ray(cast):
    """A referral of Ray's."""
    return create_lead(CONTACT, actor=cast.ray)


def nothing(cast):
    """No lead yet."""


def reason(cast):
    """The host's reason "Spam or test"."""
    return DisqualifyReason.objects.get(host=cast.northgate, label="Spam or test")


def straight_to_vendor(cast):
    """A form whose leads go to the vendor."""
    cast.marketplace.leads_go_to_vendor = True
    cast.marketplace.save()
    cast.listing.refresh_from_db()


def note(lead, actor, audience=Audience.EVERYBODY):
    """Write a note."""
    return add_note(lead, body="Called", kind=NoteKind.CALL, audience=audience, actor=actor)


def person(who):
    """The account of an actor."""
    return User.objects.get(pk=who.user_id)
