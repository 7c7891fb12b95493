"""Who imports: read anew whenever the worker goes on, so that lost rights end it."""

from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.selectors.actors import actor_at
from leadportal.common.errors import Forbidden
from leads.models import Import
from leads.rules.permissions import imports_leads


def importer_of(source: Import) -> Person:
    """Return the person who sent the file, at work at the same desk. Raises Forbidden."""
    actor = actor_at(source.user_id, source.company_id)
    if actor is None or actor.desk_id != source.desk_id or not imports_leads(actor):
        raise Forbidden(_("You may no longer import leads here."))
    return actor
