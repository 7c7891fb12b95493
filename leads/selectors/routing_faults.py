"""What keeps a rule book from being published, and what in it does nothing (ux.md A5)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Company
from leads.rules.routing.book import Book, Gives, Rule
from leads.rules.routing.choosing import Around, Standing
from leads.selectors.routing import around, members_in
from templates_app.models import Product


@dataclass(frozen=True)
class Fault:
    """What is wrong with a rule, in a sentence."""

    rule: Rule
    sentence: str


def faults_of(book: Book, host: Company) -> list[Fault]:
    """Return why a book cannot be published: whom its rules name cannot hold leads, or they name nobody."""
    active = [one for one in book.rules if one.is_on]
    there = around(host, members_in(book, [one.key for one in active]))
    vendors = set(
        Product.objects.filter(listings__marketplace__host=host).values_list("vendor", flat=True)
    )
    names = dict(Company.objects.filter(pk__in=there.companies).values_list("pk", "name"))
    found = []
    for rule in active:
        found += [Fault(rule, sentence) for sentence in _faults(rule, there, vendors, names)]
    return found


def _faults(rule: Rule, there: Around, vendors: set[int], names: dict[int, str]) -> list[str]:
    needs = {Gives.COMPANY, Gives.PERSON, Gives.ROUND_ROBIN}
    if rule.gives in needs and not rule.members:
        return [_("The rule “%(rule)s” does not say who gets its leads.") % {"rule": rule.name}]
    if rule.gives not in needs:
        return []
    found = []
    for one in rule.members:
        standing = there.companies.get(one.company_id)
        values = {"rule": rule.name, "company": names.get(one.company_id, "")}
        if standing is None or not standing.is_active:
            sentence = _("The rule “%(rule)s” names %(company)s, which is not active.")
            found.append(sentence % values)
        elif not standing.is_partner and one.company_id not in vendors:
            sentence = _("The rule “%(rule)s” names %(company)s, which cannot hold your leads.")
            found.append(sentence % values)
        elif _has_left(standing, one.user_id):
            sentence = _("The rule “%(rule)s” names somebody who cannot take leads any more.")
            found.append(sentence % values)
    return found


def _has_left(standing: Standing, user_id: int) -> bool:
    return bool(user_id) and user_id not in standing.people
