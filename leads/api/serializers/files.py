"""How files and counts look in JSON. Every list of fields is written out (security.md R6)."""

from rest_framework import serializers as s


class ExportSeen(s.Serializer):
    """A workbook that is made, or was: `state` says how far it is."""

    id = s.IntegerField(source="pk")
    name = s.CharField()
    words = s.CharField()
    rows = s.IntegerField()
    asked_at = s.DateTimeField()
    ready_at = s.DateTimeField(allow_null=True)
    expires_at = s.DateTimeField(allow_null=True)
    state = s.ChoiceField(choices=["being made", "ready", "failed", "gone"])


class ExportList(s.Serializer):
    """The files that were asked for, newest first."""

    results = ExportSeen(many=True)


class Counts(s.Serializer):
    """One group of a report: its key, how it is called, how many leads, and how many in each status."""

    key = s.CharField()
    label = s.CharField()
    count = s.IntegerField()
    statuses = s.DictField(child=s.IntegerField())


class Report(s.Serializer):
    """Leads that were created in a period, counted."""

    groupby = s.ChoiceField(choices=["DATE", "STATUS", "LISTING"])
    first = s.DateField()
    last = s.DateField()
    count = s.IntegerField()
    groups = Counts(many=True)
