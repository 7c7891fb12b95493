"""Ask, check, take: the steps of a public form. Nothing is written before the last one (ux.md F4 to F8)."""

import logging
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from leadportal.common.errors import Invalid
from leadportal.common.text import clean_text
from leads.intake.door import ClosedError, PublicView, found
from leads.intake.tokens import PageToken, new_token, read_token
from leads.rules.intake import came_with, campaign_in, client_network, is_long
from leads.selectors.intake import AskedForm
from leads.services.asking import accept_submission
from leads.services.intake import count_post
from leads.services.trials import TEST_NAME, is_test_word
from templates_app.enums import FieldKind
from templates_app.forms.answers import AnswersForm, hidden_from_query
from templates_app.rules.shown import shown_answers

logger = logging.getLogger(__name__)

# Names with a dot: no answer can have one of them.
TOKEN, TRAP, STEP = "form.token", "form.homepage", "form.step"
CAMPAIGN = "form."
CHANGE, SEND = "change", "send"
TRY_AGAIN_AFTER = 30  # seconds


class AskView(PublicView):
    """The form of one address. Subclasses know which form that is, and how its page looks."""

    template: ClassVar[str]
    asked: AskedForm
    campaign: Mapping[str, str]

    def find(self, **address: str) -> AskedForm | None:
        """Return the form of this address, open or closed, or None."""
        raise NotImplementedError

    def thanks_url(self, receipt: str) -> str:
        """Return the address of the thank-you page."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **address: str) -> HttpResponse:
        """Show the empty form; hidden fields take their values from the address (?campaign=spring)."""
        self.asked = found(self.find(**address))
        if not self.asked.is_open:
            return self.closed()
        specs = self.asked.specs
        form = AnswersForm(specs=specs, initial=hidden_from_query(specs, request.GET))
        self.campaign = campaign_in(request.GET)
        is_test = is_test_word(self.asked.listing, request.GET.get(TEST_NAME, ""))
        return self.ask(form, new_token(self.asked, is_test=is_test))

    def post(self, request: HttpRequest, **address: str) -> HttpResponse:
        """Judge what was sent and show the next step, or take it and lead to the thank-you page."""
        self.asked = found(self.find(**address))
        if not self.asked.is_open:
            raise ClosedError(self.asked)
        self.campaign = campaign_in(request.POST, CAMPAIGN)
        if wait := count_post(self.asked, _network(request)):
            return self.wait("intake/limited.html", 429, wait)
        token = read_token(self.asked, request.POST.get(TOKEN, ""))
        form = AnswersForm(self._data(token), specs=self.asked.specs)
        if token and request.POST.get(STEP) == CHANGE:
            return self.ask(_as_typed(form), token)
        problem = self._problem_with(token)
        if token is None or problem or not form.is_valid():
            return self.refuse(form, problem, token)
        return self.next_step(form, token)

    def next_step(self, form: AnswersForm, token: PageToken) -> HttpResponse:
        """Let good answers be confirmed where a trap was sprung or the form is long; else take them."""
        is_trapped = bool(self.request.POST.get(TRAP)) or token.is_too_quick
        is_sent = token.is_checked and self.request.POST.get(STEP) == SEND
        if is_trapped or (is_long(self.asked.specs) and not is_sent):
            return self.check(form, token, is_trapped=is_trapped)
        return self.take(form, token)

    def take(self, form: AnswersForm, token: PageToken) -> HttpResponse:
        """Store the answers and lead to the receipt. Whatever goes wrong, the answers stay on the page."""
        payload = {name: _cleaned(form[name].data) for name in form.fields}
        payload |= came_with(self.campaign, is_test=token.is_test)
        try:
            submission = accept_submission(self.asked, key=token.key, payload=payload)
        except Invalid as refusal:
            return self.refuse(form, refusal.sentence, None, is_test=token.is_test)
        except Exception:
            logger.exception("A submission of %s could not be stored", self.asked.path)
            return self.wait("intake/failed.html", 503, TRY_AGAIN_AFTER)
        return HttpResponseRedirect(self.thanks_url(submission.receipt))

    def closed(self) -> HttpResponse:
        """Answer the visit of a closed form; raises ClosedError, which has a page."""
        raise ClosedError(self.asked)

    def ask(self, form: AnswersForm, token: PageToken, *, status: int = 200) -> HttpResponse:
        """Show the questions."""
        form.helper.disable_csrf = True  # its tag would set a cookie
        context = {
            "form": form,
            "token": token.sealed(self.asked),
            "campaign": named(self.campaign),
            "is_test": token.is_test,
        }
        return self.page(self.template, context, status=status)

    def refuse(
        self, form: AnswersForm, problem: str, token: PageToken | None, *, is_test: bool = False
    ) -> HttpResponse:
        """Show the questions again with what is wrong, and everything that was typed.

        Without a `token` the page starts a submission of its own; one with a problem is opened anew.
        """
        if problem:
            form.add_error(None, problem)
            token = token and token.reopened(self.asked)
        return self.ask(form, token or new_token(self.asked, is_test=is_test), status=422)

    def check(self, form: AnswersForm, token: PageToken, *, is_trapped: bool) -> HttpResponse:
        """Show the answers, to be sent or changed; also the way through for a person caught by a trap."""
        asked = [spec for spec in self.asked.specs if spec.kind != FieldKind.HIDDEN]
        context = {
            "lines": shown_answers(asked, form.answers.values),
            "kept": [(TOKEN, token.checked().sealed(self.asked)), *self._answers_sent()],
            "is_trapped": is_trapped,
            "is_test": token.is_test,
        }
        return self.page("intake/check.html", context)

    def wait(self, template: str, status: int, seconds: int) -> HttpResponse:
        """Ask for patience; the page holds everything that was sent, to send it again."""
        post = self.request.POST
        steps = [(name, post[name]) for name in (TOKEN, TRAP, STEP) if name in post]
        context = {"kept": [*steps, *self._answers_sent()], "minutes": -(-seconds // 60)}
        response = self.page(template, context, status=status)
        response.headers["Retry-After"] = str(seconds)
        return response

    def page(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Render a page of this form."""
        context = {
            "asked": self.asked,
            "action": self.request.path,
            "is_long": is_long(self.asked.specs),
            **context,
        }
        return self.show(template, context, status=status)

    def _problem_with(self, token: PageToken | None) -> str:
        """Say why a page cannot be taken, whatever the answers; nothing when it can."""
        if token is None:
            return _(
                "We cannot tell when you opened this form. Check your answers and send them again."
            )
        if token.is_expired:
            return _(
                "You opened this form more than a day ago. Check your answers and send them again."
            )
        if not token.fits(self.asked):
            return _(
                "This form has changed since you opened it. Check your answers and send them again."
            )
        return ""

    def _data(self, token: PageToken | None) -> Any:
        """Return what was sent; nobody has agreed yet to the texts of a version that was not on the page."""
        if token is None or token.fits(self.asked):
            return self.request.POST
        data = QueryDict(mutable=True)
        data.update(self.request.POST)
        names = AnswersForm(specs=self.asked.specs)
        for spec in self.asked.specs:
            if spec.kind == FieldKind.CONSENT:
                data.pop(names.add_prefix(spec.key), None)
        return data

    def _answers_sent(self) -> list[tuple[str, str]]:
        """Return every answer as it was sent, for hidden fields of the next page."""
        names = AnswersForm(specs=self.asked.specs)
        sent = [names.add_prefix(key) for key in names.fields]
        answers = [(name, value) for name in sent for value in self.request.POST.getlist(name)]
        return [*answers, *named(self.campaign)]


def named(campaign: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return where the visitor came from under the names that a page carries it by."""
    return [(f"{CAMPAIGN}{name}", value) for name, value in campaign.items()]


def _as_typed(form: AnswersForm) -> AnswersForm:
    """Return the form with what was typed, before anybody judges it."""
    typed = {name: form[name].data for name in form.fields}
    return AnswersForm(specs=form.specs, initial=typed)


def _cleaned(value: Any) -> Any:
    """Return a sent value as the database can keep it (security.md M3, M4)."""
    if isinstance(value, list):
        return [clean_text(one) for one in value]
    return clean_text(value) if isinstance(value, str) else value


def _network(request: HttpRequest) -> str:
    return client_network(
        request.META.get("REMOTE_ADDR", ""),
        request.headers.get("X-Forwarded-For", ""),
        proxies=settings.ALLAUTH_TRUSTED_PROXY_COUNT,
    )
