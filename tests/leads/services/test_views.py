"""Saved views: whose they are, who may change them, and that they are kept as asked."""

import pytest

from accounts.enums import Role
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from leads.models import SavedView
from leads.rules.views import PINNED_MOST, VIEWS_MOST
from leads.selectors.views import saved_views
from leads.services.views import (
    Content,
    add_view,
    delete_view,
    overwrite_view,
    pin_by_default,
    pin_views,
    rename_view,
    share_view,
)
from tests.factories import fresh, make_person

HOT = Content({"status": ["referred"]}, "-score", ["company", "score"])
COLD = Content({"status": ["submitted"]}, "created", ["company"])


@pytest.fixture
def colleague(cast):
    return make_person(cast.alpha, Role.RESELLER)


@pytest.fixture
def hot(cast, colleague):
    return add_view(name="Hot leads", content=HOT, actor=colleague)


def test_a_view_is_its_owners_alone_until_it_is_shared(cast, hot, colleague):
    assert (hot.slug, hot.filters, hot.sort, hot.columns) == (
        "hot-leads", {"status": ["referred"]}, "-score", ["company", "score"]
    )  # fmt: skip
    assert saved_views(colleague) == [hot]
    assert saved_views(cast.ann) == []
    share_view(hot, is_shared=True, actor=colleague)
    assert saved_views(cast.ann) == [hot]
    assert saved_views(cast.ben) == saved_views(cast.olga) == []


def test_a_colleague_cannot_change_a_shared_view_and_a_manager_can(cast, hot, colleague):
    other = make_person(cast.alpha, Role.RESELLER)
    for act in (
        lambda who: overwrite_view(hot, content=COLD, actor=who),
        lambda who: rename_view(hot, name="Cold", actor=who),
        lambda who: delete_view(hot, actor=who),
    ):
        with pytest.raises(NotFound):
            act(cast.ann)  # not even a manager sees what is not shared
    share_view(hot, is_shared=True, actor=colleague)
    with pytest.raises(Forbidden):
        overwrite_view(hot, content=COLD, actor=other)
    with pytest.raises(Forbidden):
        delete_view(hot, actor=other)
    assert SavedView.objects.get(pk=hot.pk).sort == "-score"
    assert overwrite_view(hot, content=COLD, actor=cast.ann).sort == "created"
    with pytest.raises(NotFound):
        overwrite_view(hot, content=HOT, actor=cast.olga)


def test_only_the_owner_shares_and_a_manager_can_end_it(cast, hot, colleague):
    share_view(hot, is_shared=True, actor=colleague)
    with pytest.raises(Forbidden):
        share_view(hot, is_shared=True, actor=cast.ann)
    share_view(hot, is_shared=False, actor=cast.ann)
    assert saved_views(cast.ann) == []


def test_slugs_are_unique_in_a_company_and_never_those_of_the_portal(cast, hot):
    def slug(name, actor=cast.ann):
        return add_view(name=name, content=HOT, reserved=["closed"], actor=actor).slug

    assert slug("Hot leads") == "hot-leads-2"
    assert slug("Closed") == "closed-2"
    assert slug("Ångström & Söhne") == "angstrom-sohne"
    assert slug("潜在客户") == "view"
    assert slug("<script>alert('x')</script>") == "scriptalertxscript"
    assert slug("Hot leads", cast.ben) == "hot-leads"


def test_the_same_view_twice_is_one_and_another_one_needs_another_name(cast):
    one = add_view(name="Hot leads", content=HOT, actor=cast.ann)
    assert add_view(name="Hot leads", content=HOT, actor=cast.ann) == one
    with pytest.raises(Invalid):
        add_view(name="HOT léads", content=COLD, actor=cast.ann)
    cold = add_view(name="Cold", content=COLD, actor=cast.ann)
    with pytest.raises(Invalid):
        rename_view(cold, name="hot leads", actor=cast.ann)
    assert rename_view(cold, name="Cool", actor=cast.ann).slug == "cold"


def test_there_is_an_end_to_views_and_to_tabs(cast):
    for number in range(VIEWS_MOST):
        add_view(name=f"View {number}", content=HOT, actor=cast.ann)
    with pytest.raises(Invalid):
        add_view(name="One more", content=HOT, actor=cast.ann)
    words = [f"view-{number}" for number in range(PINNED_MOST)]
    pin_views(words, actor=cast.ann)
    assert fresh(cast.ann).preferences == {"pinned": words}
    with pytest.raises(Conflict):
        pin_views([*words, "all"], actor=cast.ann)


def test_tabs_of_new_people_are_set_by_who_manages_people(cast, colleague):
    with pytest.raises(Forbidden):
        pin_by_default(["mine"], actor=colleague)
    with pytest.raises(Invalid):
        pin_by_default([str(number) for number in range(PINNED_MOST + 1)], actor=cast.ann)
    pin_by_default(["mine"], actor=cast.ann)
    assert fresh(colleague).preferences == {"pinned": ["mine"]}
    pin_views(["all"], actor=colleague)
    assert fresh(colleague).preferences == {"pinned": ["all"]}
    pin_by_default([], actor=cast.ann)
    cast.alpha.refresh_from_db()
    assert (cast.alpha.preferences, fresh(cast.ann).preferences) == ({}, {})
