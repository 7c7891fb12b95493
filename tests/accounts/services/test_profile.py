"""Profile, preferences, company switcher."""

import pytest

from accounts.actors import SYSTEM
from accounts.enums import Role
from accounts.models import User
from accounts.services.memberships import add_member
from accounts.services.profile import set_preferences, switch_company, update_profile
from leadportal.common.errors import Invalid, NotFound
from tests.factories import fresh, make_company


def test_profile_is_stored(cast):
    update_profile(
        first_name="Anna",
        last_name="Abel",
        time_zone="Europe/Lisbon",
        theme="dark",
        density="compact",
        shortcuts=False,
        actor=cast.ann,
    )
    user = User.objects.get(pk=cast.ann.user_id)
    assert (user.full_name, user.time_zone) == ("Anna Abel", "Europe/Lisbon")
    assert (fresh(cast.ann).theme, fresh(cast.ann).density) == ("dark", "compact")
    assert "anna abel" in user.search
    assert (cast.ann.has_shortcuts, fresh(cast.ann).has_shortcuts) == (True, False)


def test_one_preference_leaves_the_other(cast):
    set_preferences(theme="dark", actor=cast.ann)
    set_preferences(density="compact", actor=cast.ann)
    assert (fresh(cast.ann).theme, fresh(cast.ann).density) == ("dark", "compact")


def test_no_preference_is_refused(cast):
    with pytest.raises(Invalid):
        set_preferences(actor=cast.ann)


def test_person_with_two_companies_switches(cast):
    ann = User.objects.get(pk=cast.ann.user_id)
    add_member(cast.customer, user=ann, roles=[Role.USER], actor=SYSTEM)
    switch_company(cast.customer.pk, actor=cast.ann)
    there = fresh(cast.ann)
    assert (there.company_id, there.roles) == (cast.customer.pk, {Role.USER})
    assert {employer.name for employer in there.employers} == {"Alpha", "Contoso"}


def test_foreign_company_is_not_there(cast):
    with pytest.raises(NotFound):
        switch_company(cast.beta.pk, actor=cast.ann)
    assert fresh(cast.ann).company_id == cast.alpha.pk


@pytest.mark.parametrize("what", ["membership", "company"])
def test_switched_off_company_is_not_there(cast, what):
    other = make_company("Other")
    membership = add_member(
        other, user=User.objects.get(pk=cast.ann.user_id), roles=[Role.USER], actor=SYSTEM
    )
    target = membership if what == "membership" else other
    target.is_active = False
    target.save()
    with pytest.raises(NotFound):
        switch_company(other.pk, actor=cast.ann)
