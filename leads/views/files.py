"""Files of leads that the worker makes: how far they are, taking one, asking again (ux.md L34)."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from leadportal.common import clock, xlsx
from leadportal.common.errors import NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after, wants_fragment
from leads.models import ExportFile
from leads.rules.permissions import exports_leads
from leads.selectors.exports import find_export, own_exports
from leads.services.exports import retry_export


class ExportsView(PortalView):
    """The actor's own files: being made, ready, failed, expired. While one is being made, the page follows it."""

    permission = staticmethod(exports_leads)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show them; htmx asks for the list alone."""
        now = clock.now()
        lines = [(export, export.is_there(now)) for export in own_exports(request.actor)]
        context = {
            "lines": lines,
            "is_busy": any(export.is_being_made for export, _is_there in lines),
        }
        is_part = wants_fragment(request)
        return render(request, "leads/_exports.html" if is_part else "leads/exports.html", context)


class ExportTakeView(PortalView):
    """An own file that was made."""

    permission = staticmethod(exports_leads)

    def get(self, request: PortalRequest, pk: int) -> HttpResponseBase:
        """Send it; say so when it is not there any more."""
        export = _own(request, pk)
        if not export.is_there(clock.now()) or not export.path.exists():
            messages.warning(request, _("That file is no longer there. Export the leads again."))
            return redirect("leads:exports")
        answer = FileResponse(
            export.path.open("rb"),
            as_attachment=True,
            filename=export.name,
            content_type=xlsx.CONTENT_TYPE,
        )
        answer["Cache-Control"] = "no-store"
        return answer


class ExportRetryView(PortalView):
    """Make an own file that has failed once more, by post alone."""

    permission = staticmethod(exports_leads)
    http_method_names = ["post"]

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Put it in the queue again."""
        retry_export(_own(request, pk), actor=request.actor)
        messages.success(request, _("Your file is being made. You can leave this page."))
        return redirect_after(request, reverse("leads:exports"))


def _own(request: PortalRequest, pk: int) -> ExportFile:
    export = find_export(pk, request.actor)
    if export is None:
        raise NotFound
    return export
