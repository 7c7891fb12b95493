"""The name of a saved view."""

from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import PortalForm, TextLine


class ViewNameForm(PortalForm):
    """What a view is called on its tab."""

    name = TextLine(
        label=_("Name of the view"), max_length=60, enter=_("Enter a name for the view")
    )
