"""The pages of working hours and holidays."""

from datetime import date, time

import pytest
from django.urls import reverse

from accounts.models import Company, Holiday
from accounts.rules.hours import read_week
from accounts.selectors.hours import hours_of
from accounts.services.hours import add_holidays, remove_holiday, set_hours
from leadportal.common.errors import Forbidden, Invalid, NotFound

WEEK = {
    f"{end}_{day}": at for day in range(4) for end, at in (("opens", "08:30"), ("closes", "16:00"))
}


def page(company, name="hours"):
    return reverse(f"accounts:{name}", args=[company.pk])


def fresh(company):
    return Company.objects.get(pk=company.pk)


def test_company_admin_sets_the_week_and_the_zone(cast, sign_in):
    browser = sign_in(cast.ann)
    shown = browser.get(page(cast.alpha)).content.decode()
    assert 'value="09:00"' in shown  # the usual week, until somebody says otherwise
    answer = browser.post(page(cast.alpha), {"time_zone": "Europe/Lisbon", **WEEK}, follow=True)
    assert "The working hours of Alpha are saved." in answer.content.decode()
    hours = hours_of([fresh(cast.alpha)])[cast.alpha.pk]
    assert hours.zone.key == "Europe/Lisbon"
    assert hours.week == (*[(time(8, 30), time(16))] * 4, None, None, None)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"opens_2": ""}, "Enter both times, or none for a free day"),
        ({"closes_2": ""}, "Enter both times, or none for a free day"),
        ({"closes_2": "08:30"}, "Enter a later time. 00:00 is midnight at the end of the day"),
        ({"closes_2": "24:00"}, "Enter a time between 00:00 and 23:59, like 09:30"),
        ({"closes_2": "noon\x00"}, "Enter a time between 00:00 and 23:59, like 09:30"),
        ({"time_zone": "Mars/Olympus"}, "Choose a time zone"),
        (dict.fromkeys(WEEK, ""), "Enter the hours of one working day at least"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_changes_nothing(
    cast, sign_in, change, sentence
):
    data = {"time_zone": "Europe/Lisbon", **WEEK, **change}
    answer = sign_in(cast.ann).post(page(cast.alpha), data)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert shown.count(sentence) == 2  # beside the field, and on top with a link to it
    assert fresh(cast.alpha).working_week == []


def test_holidays_come_by_the_day_or_several_at_once(cast, sign_in):
    browser = sign_in(cast.ann)
    data = {"first": "2199-12-24", "last": "2199-12-26", "name": "Christmas"}
    answer = browser.post(page(cast.alpha, "holiday_new"), data, follow=True)
    assert "3 holidays added." in answer.content.decode()
    again = browser.post(page(cast.alpha, "holiday_new"), {"first": "2199-12-24"}, follow=True)
    assert "These days are holidays already." in again.content.decode()
    days = hours_of([cast.alpha])[cast.alpha.pk].holidays
    assert days == {date(2199, 12, 24), date(2199, 12, 25), date(2199, 12, 26)}
    gone = Holiday.objects.get(day=date(2199, 12, 25))
    url = reverse("accounts:holiday_remove", args=[cast.alpha.pk, gone.pk])
    assert "Remove the holiday on 2199-12-25?" in browser.get(url).content.decode()
    assert "The holiday is removed." in browser.post(url, follow=True).content.decode()
    assert browser.post(url).status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"first": ""}, "Enter a date"),
        ({"last": "2199-12-23"}, "The last day must be the same as or after the first day"),
        ({"last": "2200-12-23"}, "Enter 60 days at most"),
        ({"first": "2199-02-30"}, "Enter a date between 1900 and 2200"),
    ],
)
def test_an_odd_holiday_is_refused_in_words(cast, sign_in, change, sentence):
    data = {"first": "2199-12-24", "last": "", "name": "", **change}
    answer = sign_in(cast.ann).post(page(cast.alpha, "holiday_new"), data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Holiday.objects.exists()


def test_one_s_own_company_alone_unless_one_manages_its_host(cast):
    week = read_week([])
    set_hours(cast.alpha, time_zone="UTC", week=week, actor=cast.olga)
    [holiday] = [Holiday.objects.create(company=cast.alpha, day=date(2199, 1, 1))]
    for actor, refusal in ((cast.ben, NotFound), (cast.rita, Forbidden), (cast.otto, NotFound)):
        with pytest.raises(refusal):
            set_hours(cast.alpha, time_zone="UTC", week=week, actor=actor)
        with pytest.raises(refusal):
            add_holidays(cast.alpha, first=date(2199, 1, 2), name="", actor=actor)
        with pytest.raises(refusal):
            remove_holiday(holiday, actor=actor)
    with pytest.raises(Invalid):
        set_hours(cast.alpha, time_zone="UTC", week=(None,) * 7, actor=cast.ann)


def test_settings_and_the_company_s_page_lead_there(cast, sign_in):
    link = f'href="{page(cast.alpha)}"'
    settings = reverse("accounts:profile")
    assert link in sign_in(cast.ann).get(settings).content.decode()
    operator = sign_in(cast.olga).get(reverse("leads:company", args=[cast.alpha.pk]))
    assert link in operator.content.decode()
    assert "Working hours of" not in sign_in(cast.ben).get(settings).content.decode()
