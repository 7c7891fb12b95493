"""What answers have in common. Every list of fields is written out (security.md R6)."""

from rest_framework import serializers as s

from leads.enums import Slugged


def words(enum: type[Slugged], **options: object) -> s.ChoiceField:
    """Return a field that is one of the words of an enumeration."""
    return s.ChoiceField(choices=[member.slug for member in enum], **options)


class Problem(s.Serializer):
    """What went wrong (RFC 9457)."""

    type = s.CharField()
    title = s.CharField()
    status = s.IntegerField()
    detail = s.CharField()
    errors = s.DictField(child=s.ListField(child=s.CharField()), required=False)
    choices = s.DictField(child=s.ListField(child=s.DictField()), required=False)


class Named(s.Serializer):
    """Something with a number and a name."""

    id = s.IntegerField(source="pk")
    name = s.CharField()


class PersonNamed(s.Serializer):
    """A person."""

    id = s.IntegerField(source="pk")
    name = s.CharField(source="full_name")


class Page(s.Serializer):
    """Where a list goes on: addresses of other pages, null where there are none."""

    next = s.CharField(allow_null=True)
    previous = s.CharField(allow_null=True)


class Count(s.Serializer):
    """How many there are, looked at up to a bound."""

    number = s.IntegerField()
    is_exact = s.BooleanField()
