"""What visitors send: stored as it came, then made into a lead; and how often they may send."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from leadportal.common import clock
from leadportal.common.errors import Conflict, Invalid
from leads.models import Lead, RateLimit, Submission
from leads.rules.intake import is_test
from leads.selectors.intake import AskedForm
from leads.services.leads import Consent, create_from_listing, create_from_profile
from templates_app.models import TemplateVersion
from templates_app.rules.answers import Answers

WINDOW = timedelta(hours=1)
KEPT = timedelta(days=1)
SOURCE_LENGTH = 120

# One statement, so that racing posts cannot read the same count (security.md M9). Both databases know it.
_COUNT = """
INSERT INTO leads_ratelimit AS known (key, window_start, count) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN known.window_start <= %s THEN 1 ELSE known.count + 1 END,
    window_start = CASE WHEN known.window_start <= %s THEN excluded.window_start ELSE known.window_start END
RETURNING count
"""


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
        submission.lead = _make_lead(form, version, answers, payload)
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


def _make_lead(
    form: AskedForm, version: TemplateVersion, answers: Answers, payload: Mapping[str, Any]
) -> Lead:
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
    return create_from_listing(
        form.listing,
        answers.mapped,
        answers.values,
        consent=consent,
        is_test=is_test(payload),
    )


def count_post(form: AskedForm, network: str) -> int:
    """Count a post of `form` from `network`; return 0, or the seconds to wait when it is one too many.

    The limit is FORM_POSTS_PER_HOUR, for each form and sender, within an hour from the first post.
    """
    moment = clock.now()
    key = salted_hmac("leads.intake", f"{form.path} {network}", algorithm="sha256").hexdigest()
    now, begun = (
        connection.ops.adapt_datetimefield_value(value) for value in (moment, moment - WINDOW)
    )
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, now, begun, begun])
        count = cursor.fetchone()[0]
    if count == 1:
        _forget_old_counts()
    if count <= settings.FORM_POSTS_PER_HOUR:
        return 0
    started = RateLimit.objects.values_list("window_start", flat=True).get(key=key)
    return max(1, int((started + WINDOW - moment).total_seconds()))


@transaction.atomic
def _forget_old_counts() -> None:
    """Drop counts of yesterday; those that another post drops at this moment are left to it."""
    old = RateLimit.objects.filter(window_start__lt=clock.now() - KEPT)
    keys = list(old.select_for_update(skip_locked=True).values_list("key", flat=True)[:1000])
    if keys:
        RateLimit.objects.filter(key__in=keys).delete()
