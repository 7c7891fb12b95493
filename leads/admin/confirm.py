"""The page that asks before staff change leads, and says afterwards what was refused and why (ux.md X4)."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.selectors.actors import staff_at
from leadportal.common.errors import Refused
from leads.admin.moves import Move
from leads.models import Lead

MOST = 200
REFUSALS_SHOWN = 10


def as_action(move: Move, permission: str) -> Callable[..., HttpResponse | None]:
    """Return `move` as an action of the list of leads, for staff with `permission`."""

    @admin.action(description=move.title, permissions=[permission])
    def _action(
        model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Lead]
    ) -> HttpResponse | None:
        leads = list(queryset.select_related("host")[: MOST + 1])
        if len(leads) > MOST:
            sentence = _("Choose at most %(most)s leads at once.") % {"most": MOST}
            messages.error(request, sentence)
            return None
        return confirm(model_admin, request, move, leads, back=request.get_full_path())

    _action.__name__ = move.slug
    return _action


def confirm(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    move: Move,
    leads: Sequence[Lead],
    *,
    back: str,
) -> HttpResponse:
    """Ask about `leads`, or do the move to them one by one and go `back`."""
    is_confirmed = "confirmed" in request.POST
    form = move.form(request.POST if is_confirmed else None, leads=leads)
    if is_confirmed and form.is_valid():
        _do(model_admin, request, move, leads, form.cleaned_data)
        return HttpResponseRedirect(back)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": move.title,
        "move": move,
        "leads": leads,
        "form": form,
        "media": model_admin.media + form.media,
        "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        "back": back,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/leads/lead/move.html", context, status=status)


def _do(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    move: Move,
    leads: Sequence[Lead],
    values: dict[str, Any],
) -> None:
    """Do the move to each lead by itself: one that is refused does not keep the others from it."""
    user = cast(User, request.user)
    refused = []
    for lead in leads:
        try:
            move.run(lead, values, staff_at(lead.host, user))
        except Refused as refusal:
            refused.append(f"{lead.reference}: {refusal.sentence or _('Lead not found')}")
        else:
            model_admin.log_change(request, lead, str(move.title))
    done = len(leads) - len(refused)
    if done:
        sentence = ngettext("%(count)s lead was changed.", "%(count)s leads were changed.", done)
        messages.success(request, sentence % {"count": done})
    for sentence in refused[:REFUSALS_SHOWN]:
        messages.warning(request, sentence)
    more = len(refused) - REFUSALS_SHOWN
    if more > 0:
        messages.warning(request, _("%(count)s more were left as they are.") % {"count": more})
