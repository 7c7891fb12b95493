"""How notes and history look in JSON. Every list of fields is written out (security.md R6)."""

from rest_framework import serializers as s

from leads.enums import Audience, EventKind, NoteKind


class NoteSeen(s.Serializer):
    """A note on a lead."""

    id = s.IntegerField(source="note.pk")
    author = s.CharField(source="note.author.full_name", allow_null=True, default=None)
    company = s.CharField(source="note.company.name")
    kind = s.ChoiceField(source="note.kind", choices=NoteKind.values)
    audience = s.ChoiceField(source="note.audience", choices=Audience.values)
    body = s.CharField(source="note.body")
    created_at = s.DateTimeField(source="note.created_at")
    edited_at = s.DateTimeField(source="note.edited_at", allow_null=True)
    readers = s.CharField()
    is_changeable = s.BooleanField()


class NotePage(s.Serializer):
    """Some notes of a lead, newest first."""

    next = s.CharField(allow_null=True)
    count = s.IntegerField()
    results = NoteSeen(many=True)


class Changed(s.Serializer):
    """What became what."""

    label = s.CharField()
    old = s.CharField()
    new = s.CharField()


class HistoryLine(s.Serializer):
    """A line of history in words."""

    number = s.IntegerField(source="event.number")
    kind = s.ChoiceField(source="event.kind", choices=EventKind.values)
    at = s.DateTimeField(source="event.at")
    who = s.CharField()
    text = s.CharField()
    remark = s.CharField()
    changes = Changed(many=True)


class HistoryPage(s.Serializer):
    """Some of a lead's history, newest first."""

    next = s.CharField(allow_null=True)
    results = HistoryLine(many=True)
