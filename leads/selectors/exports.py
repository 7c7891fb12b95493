"""The files that somebody has asked for."""

from accounts.actors import Person
from leads.models import ExportFile

MOST = 50


def own_exports(actor: Person) -> list[ExportFile]:
    """Return the actor's own files with their jobs, newest first, up to MOST."""
    rows = ExportFile.objects.visible_to(actor).select_related("job", "user")
    return list(rows.order_by("-asked_at", "-id")[:MOST])


def find_export(pk: int, actor: Person) -> ExportFile | None:
    """Return the actor's own file with that number, if there is one."""
    return ExportFile.objects.visible_to(actor).select_related("job").filter(pk=pk).first()
