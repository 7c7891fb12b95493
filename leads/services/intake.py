"""What visitors send: stored as it came, then made into a lead; and how often they may send."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from leadportal.common.errors import Conflict, Invalid
from leads.models import Lead, Submission
from leads.selectors.intake import AskedForm
from leads.services.leads import Consent, create_from_listing, create_from_profile
from leads.services.limits import count_within
from templates_app.models import TemplateVersion
from templates_app.rules.answers import Answers

WINDOW = timedelta(hours=1)
SOURCE_LENGTH = 120


@transaction.atomic
def accept_submission(
    form: AskedForm, *, key: str, payload: Mapping[str, Any], answers: Answers
) -> Submission:
    """Store what was sent and make the lead of it; return the submission with its receipt.

    `key` is the signed id of the form page: the same page sent twice, also at the same moment, is one
    submission and one lead. Raises Invalid when the same page comes again with other answers (security.md
    R14), Conflict when the form is closed.

    One transaction for both rows: the visitor is told to send again when the lead cannot be made. Keeping
    the raw answers then ("Needs attention") comes with the other ways in.
    """
    version = form.version
    if version is None:
        raise Conflict(_("This form is closed."))
    submission, is_new = Submission.objects.get_or_create(
        version=version,
        key=key,
        defaults={"listing": form.listing, "reseller": form.reseller, "payload": dict(payload)},
    )
    if is_new:
        submission.lead = _make_lead(form, version, answers)
        submission.save(update_fields=["lead"])
    elif submission.payload != payload:
        raise Invalid(
            {
                "__all__": _(
                    "You have sent this form already, with other answers. To send these as well, "
                    "send the form again."
                )
            }
        )
    return submission


def _make_lead(form: AskedForm, version: TemplateVersion, answers: Answers) -> Lead:
    consent = None
    if answers.consents:
        # The version comes first: an address may be as long as the column.
        source = _("Version %(number)s of %(address)s") % {
            "number": version.number,
            "address": form.path,
        }
        consent = Consent(text="\n".join(answers.consents), source=source[:SOURCE_LENGTH])
    if form.reseller:
        return create_from_profile(
            form.reseller, version, answers.mapped, answers.values, consent=consent
        )
    assert form.listing is not None  # noqa: S101  (a form belongs to a listing or a reseller)
    return create_from_listing(form.listing, answers.mapped, answers.values, consent=consent)


def count_post(form: AskedForm, network: str) -> int:
    """Count a post of `form` from `network`; return 0, or the seconds to wait when it is one too many.

    The limit is FORM_POSTS_PER_HOUR, for each form and sender, within an hour from the first post.
    """
    key = salted_hmac("leads.intake", f"{form.path} {network}", algorithm="sha256").hexdigest()
    return count_within(key, most=settings.FORM_POSTS_PER_HOUR, window=WINDOW).wait
