"""People and roles (ux.md 2.9)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.filters import PeopleFilterSet
from accounts.forms.people import LeaveForm, RolesForm
from accounts.rules.grants import PERMISSIONS
from accounts.rules.permissions import invites_people, manages_people, sees_people
from accounts.selectors.people import PersonCard, people, person
from accounts.services.memberships import (
    change_roles,
    deactivate_member,
    reactivate_member,
    remove_member,
)
from accounts.tables import PeopleTable
from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common.errors import Forbidden
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after

PER_PAGE = 50


class PeopleView(PortalView):
    """The list."""

    permission = staticmethod(sees_people)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show one page of the people that the filters leave."""
        filters = PeopleFilterSet(request.GET, queryset=people(request.actor), request=request)
        table = PeopleTable(filters.qs, order_by=request.GET.get("sort") or "name")
        page = Paginator(table.data.data, PER_PAGE).get_page(request.GET.get("page"))
        wish = request.GET.get("filters")
        context = {
            "filters": filters,
            "filters_open": wish == "open" or (filters.used > 0 and wish != "closed"),
            "sort": table.order_by,
            "heads": [_head(column) for column in table.columns],
            "page": page,
            "may_invite": invites_people(request.actor),
        }
        return render(request, "accounts/people.html", context)


def _head(column: Any) -> dict[str, Any]:
    """Return what a column's head shows: its name, the sort that its link asks for, and the present one."""
    head = {"label": column.header, "css_class": "col-lg" if column.name == "last_login" else ""}
    if column.orderable:
        is_down = column.order_by_alias.is_descending
        present = "descending" if is_down else "ascending"
        head["sort"] = column.order_by_alias.next if column.is_ordered else column.name
        head["direction"] = present if column.is_ordered else ""
    return head


class RolesView(PortalView):
    """Which role may do what, in words."""

    permission = staticmethod(sees_people)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the table."""
        permissions = [
            {
                "label": permission.label,
                "cells": [
                    {"role": role.label, "words": permission.by_role.get(role)} for role in Role
                ],
            }
            for permission in PERMISSIONS
        ]
        context = {
            "roles": list(Role),
            "permissions": permissions,
            "may_invite": invites_people(request.actor),
        }
        return render(request, "accounts/roles.html", context)


class PersonView(PortalView):
    """One person in one company."""

    permission = staticmethod(sees_people)

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show who it is, what the person may do, and why."""
        card = person(request.actor, pk)
        context = {"card": card, "person": card.membership, "menu": _menu(card)}
        return render(request, "accounts/person.html", context)


def _menu(card: PersonCard) -> list[dict[str, Any]]:
    """Return what the *Manage* menu of a person offers: nothing that the actor may not do."""
    pk = card.membership.pk
    items = []
    if card.invitation is not None:
        items.append((_("Send invitation again"), "invitation_resend", card.invitation.pk, False))
    if card.may_manage and card.membership.is_active:
        items.append((_("Deactivate"), "person_deactivate", pk, False))
    elif card.may_manage:
        items.append((_("Reactivate"), "person_reactivate", pk, False))
    if card.may_manage:
        items.append((_("Remove from company"), "person_remove", pk, True))
    return [
        {
            "label": label,
            "url": reverse(f"accounts:{name}", args=[number]),
            "dialog": True,
            "danger": is_danger,
        }
        for label, name, number, is_danger in items
    ]


class _Managed(PortalView):
    """A page about a person whom the actor manages; 403 for somebody who may only look."""

    permission = staticmethod(manages_people)

    @cached_property
    def card(self) -> PersonCard:
        """The person. Raises NotFound, Forbidden."""
        card = person(self.request.actor, self.kwargs["pk"])
        if not card.may_manage:
            raise Forbidden(_("Your role does not let you change this person."))
        return card

    @property
    def name(self) -> str:
        """The person's name."""
        return self.card.membership.user.full_name

    @property
    def page(self) -> str:
        """The address of the person's page."""
        return reverse("accounts:person", args=[self.card.membership.pk])


class PersonRolesView(_Managed, FormPage):
    """Change the roles of somebody."""

    template_name = "accounts/person_roles.html"

    def build(self, data: Any = None) -> RolesForm:
        """See FormPage."""
        return RolesForm(data, membership=self.card.membership, actor=self.request.actor)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"card": self.card, "person": self.card.membership}

    def submit(self, form: RolesForm) -> HttpResponse:
        """See FormPage."""
        roles = form.cleaned_data["roles"]
        change_roles(self.card.membership, roles=roles, actor=self.request.actor)
        words = {"name": self.name, "roles": ", ".join(str(role.label) for role in roles)}
        messages.success(self.request, _("%(name)s now has: %(roles)s.") % words)
        return redirect_after(self.request, self.page)


class _LeavePage(_Managed, FormPage):
    """A question before somebody leaves, and where the open leads go (ux.md U3)."""

    template_name = "accounts/person_leave.html"

    def build(self, data: Any = None) -> LeaveForm:
        """See FormPage."""
        return LeaveForm(data, membership=self.card.membership)


class DeactivateView(_LeavePage):
    """Take access away."""

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        company = self.card.membership.company
        words = {"name": self.name, "company": company.name}
        return {
            "person": self.card.membership,
            "title": _("Deactivate %(name)s?") % words,
            "sentences": [
                _("%(name)s can no longer sign in for %(company)s.") % words,
                _("Leads, notes and history stay. You can reactivate the person at any time."),
            ],
            "button": _("Deactivate %(name)s") % words,
            "keep_url": self.page,
            "keep_label": _("Keep active"),
        }

    def submit(self, form: LeaveForm) -> HttpResponse:
        """See FormPage."""
        heir = form.heir_chosen
        deactivate_member(self.card.membership, actor=self.request.actor, heir=heir)
        messages.success(self.request, _("%(name)s is deactivated.") % {"name": self.name})
        return redirect_after(self.request, self.page)


class ReactivateView(_Managed, ConfirmPage):
    """Give access back."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        words = {"name": self.name, "company": self.card.membership.company.name}
        return {
            "title": _("Reactivate %(name)s?") % words,
            "sentences": [
                _("%(name)s can sign in for %(company)s again, with the same roles.") % words
            ],
            "button": _("Reactivate %(name)s") % words,
            "keep_url": self.page,
            "keep_label": _("Keep deactivated"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        reactivate_member(self.card.membership, actor=self.request.actor)
        messages.success(self.request, _("%(name)s is active again.") % {"name": self.name})
        return redirect_after(self.request, self.page)


class RemoveView(_LeavePage):
    """Take somebody out of the company."""

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        words = {"name": self.name, "company": self.card.membership.company.name}
        return {
            "person": self.card.membership,
            "title": _("Remove %(name)s from %(company)s?") % words,
            "sentences": [
                _("%(name)s loses all roles in %(company)s. Other companies are not affected.")
                % words,
                _("This cannot be undone; you can invite the person again."),
            ],
            "button": _("Remove %(name)s") % words,
            "keep_url": self.page,
            "keep_label": _("Keep in company"),
        }

    def submit(self, form: LeaveForm) -> HttpResponse:
        """See FormPage."""
        words = {"name": self.name, "company": self.card.membership.company.name}
        remove_member(self.card.membership, actor=self.request.actor, heir=form.heir_chosen)
        messages.success(self.request, _("%(name)s no longer works at %(company)s.") % words)
        return redirect_after(self.request, reverse("accounts:people"))
