"""The name of a saved view, and the views that new people find as tabs."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import PortalForm, SeveralOf, TextLine


class ViewNameForm(PortalForm):
    """What a view is called on its tab."""

    name = TextLine(
        label=_("Name of the view"), max_length=60, enter=_("Enter a name for the view")
    )


class DefaultViewsForm(PortalForm):
    """Which of `views`, pairs of word and label, are the tabs of new people."""

    views = SeveralOf(
        label=_("Tabs"), choices=(), required=False, enter=_("Choose views from the list")
    )

    def __init__(self, *args: Any, views: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(SeveralOf, self.fields["views"]).choices = views
