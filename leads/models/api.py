"""What was answered to calls that may come twice."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.models.lead import Lead


class ApiAnswer(models.Model):
    """The answer to one call with an Idempotency-Key: the same call again gets it again (security.md R14).

    `digest` is made of what was asked. Written in the transaction of what the call did. Personal data.
    """

    personal_data = True

    token = models.ForeignKey("accounts.ApiToken", models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(_("idempotency key"), max_length=255)
    digest = models.CharField(max_length=64, editable=False)
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    body = models.JSONField(_("answer"), null=True, encoder=DjangoJSONEncoder)
    headers = models.JSONField(_("headers"), default=dict)
    lead = models.ForeignKey(Lead, models.CASCADE, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(_("answered"), default=clock.now, db_index=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("API answer")
        # The same call twice at the same moment: the second waits for the first, then finds its answer.
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="api_answer_once")]

    def __str__(self) -> str:
        return f"{self.token_id}: {self.status}"
