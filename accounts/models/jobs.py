"""Work that takes longer than a request: stored in the caller's transaction, done by the worker (stack.md)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock


class JobState(models.TextChoices):
    """Where a job is on its way. One that a worker holds is still waiting: its lease says so."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Job(models.Model):
    """One thing to do: `kind` names the function that does it, `about` has the ids that it needs, no values.

    `lease` is the mark of the worker that has it; `step` of `steps` is how far it has come.
    """

    personal_data = False

    kind = models.CharField(_("kind"), max_length=40)
    about = models.JSONField(_("about"), default=dict)
    state = models.CharField(_("state"), max_length=8, choices=JobState, default=JobState.WAITING)
    step = models.PositiveIntegerField(_("step"), default=0)
    steps = models.PositiveIntegerField(_("steps"), default=0)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("due"), default=clock.now)
    lease = models.UUIDField(_("lease"), null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("job")
        constraints = [
            models.CheckConstraint(name="job_state_known", condition=Q(state__in=JobState.values))
        ]
        indexes = [
            # Serves the worker's claim only: rows that are done cost it nothing (performance.md 1.8).
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="job_due")
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
