"""Two addresses for a load balancer: the process answers, and the database does."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.generic import View


class Healthy(View):
    """Answer that the process is up."""

    is_public = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return "ok" as plain text."""
        return HttpResponse("ok", content_type="text/plain")


class Ready(View):
    """Answer whether the database can be asked; an error there is a 500."""

    is_public = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return "ok" as plain text after one query."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return HttpResponse("ok", content_type="text/plain")
