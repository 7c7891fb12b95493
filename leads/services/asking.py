"""What visitors answer on public forms, made into leads."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import System
from leadportal.common.errors import Conflict, Invalid
from leads.enums import AttentionReason, SourceKind
from leads.exceptions import NotALead, SentBefore
from leads.models import Lead, Submission
from leads.rules.intake import is_test
from leads.selectors.intake import AskedForm, form_of
from leads.services.consent import acknowledge
from leads.services.intake import Door, receive
from leads.services.leads import Consent, create_from_listing, create_from_profile
from leads.services.scoring.behaviour import note_repeat
from templates_app.models import TemplateVersion
from templates_app.rules.answers import Answers, validate_answers
from templates_app.selectors.lead_templates import specs_of

SOURCE_LENGTH = 120


def accept_submission(form: AskedForm, *, key: str, payload: Mapping[str, Any]) -> Submission:
    """Take the answers of a form that the validator has passed; see `receive`.

    `key` is the signed id of the form page: the same page sent twice, also at the same moment, is one
    submission and one lead. Raises Invalid when the same page comes again with other answers (security.md
    R14), Conflict when the form is closed.
    """
    try:
        return receive(_door(form), key=key, payload=payload)
    except SentBefore as earlier:
        sentence = _(
            "You have sent this form already, with other answers. To send these as well, "
            "send the form again."
        )
        raise Invalid({"__all__": sentence}) from earlier


def _door(form: AskedForm) -> Door:
    if form.version is None:
        raise Conflict(_("This form is closed."))
    if form.listing:
        return Door(
            kind=SourceKind.PRODUCT_PROFILE,
            name=f"listing/{form.listing.pk}",
            host=form.listing.marketplace.host,
            company=form.listing.product.vendor,
            listing=form.listing,
            version=form.version,
        )
    assert form.reseller is not None  # noqa: S101  (a form belongs to a listing or a reseller)
    assert form.reseller.host is not None  # noqa: S101  (company_programme_has_host)
    return Door(
        kind=SourceKind.RESELLER_PROFILE,
        name=f"reseller/{form.reseller.pk}",
        host=form.reseller.host,
        company=form.reseller,
        reseller=form.reseller,
        version=form.version,
    )


def lead_of_form(submission: Submission) -> Lead:
    """Make the lead of a public form: the handler of both kinds of profile pages.

    The answers are judged by the version that the visitor saw, though the form may be closed by now.
    Raises NotALead.
    """
    form = form_of(submission)
    version = submission.version
    assert version is not None  # noqa: S101  (no form is asked without one)
    answers = validate_answers(specs_of(version), submission.payload)
    if answers.errors:
        raise NotALead(AttentionReason.ANSWERS, " ".join(answers.errors.values()))
    is_trial = is_test(submission.payload)
    lead = _lead(form, version, answers, is_test=is_trial)
    if not is_trial:
        note_repeat(lead, form=form.place, actor=System(form.place))
        acknowledge(submission, lead, form)
    return lead


def _lead(form: AskedForm, version: TemplateVersion, answers: Answers, *, is_test: bool) -> Lead:
    consent = _consent(form, version, answers)
    if form.reseller:
        return create_from_profile(
            form.reseller, version, answers.mapped, answers.values, consent=consent
        )
    assert form.listing is not None  # noqa: S101  (a form belongs to a listing or a reseller)
    return create_from_listing(
        form.listing,
        answers.mapped,
        answers.values,
        version=version,
        consent=consent,
        is_test=is_test,
    )


def _consent(form: AskedForm, version: TemplateVersion, answers: Answers) -> Consent | None:
    if not answers.consents:
        return None
    # The version comes first: an address may be as long as the column.
    source = _("Version %(number)s of %(address)s") % {
        "number": version.number,
        "address": form.path,
    }
    return Consent(text="\n".join(answers.consents), source=source[:SOURCE_LENGTH])
