"""The base of every public page: no cookie, no session, no visitor's name (security.md R24)."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from leadportal.common.errors import NotFound
from leadportal.common.framing import framed_by
from leads.selectors.intake import AskedForm


class ClosedError(Exception):
    """The form was there and takes no answers any more."""

    def __init__(self, form: AskedForm) -> None:
        super().__init__(form.path)
        self.form = form


# No CSRF cookie by design: nobody is signed in here, and the signed token of the page takes its place.
@method_decorator(csrf_exempt, name="dispatch")
class PublicView(View):
    """A page for everybody who knows its address. Unknown addresses and closed forms get pages of their own."""

    is_public: ClassVar[bool] = True
    # Stands in a frame on another site: without the page around it, in the look that the listing says.
    is_embedded: ClassVar[bool] = False
    # Going back in the browser shows what was typed ("no-store" would lose it); no shared cache keeps tokens.
    cache_control: ClassVar[str] = "private, no-cache"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, with the headers that every public page has; the global policy refuses frames elsewhere."""
        try:
            response = super().dispatch(request, *args, **kwargs)
        except NotFound:
            response = render(request, "intake/not_found.html", status=404)
        except ClosedError as closed:
            response = self.show("intake/closed.html", {"asked": closed.form}, status=410)
        # An address here may hold a receipt: no other site learns where a visitor came from.
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = self.cache_control
        return response

    def show(self, template: str, context: dict[str, Any], **options: Any) -> HttpResponse:
        """Render a page of a form."""
        if self.is_embedded:
            # The page around it decides on light or dark, and only light is readable on most.
            context = {**context, "embedded": True, "theme": "light"}
        response = render(self.request, template, context, **options)
        asked = context.get("asked")
        if self.is_embedded and asked:
            return framed_by(response, asked.listing.allowed_sites)
        return response


def found(form: AskedForm | None) -> AskedForm:
    """Return the form of an address; raises NotFound where there never was one."""
    if form is None:
        raise NotFound
    return form
