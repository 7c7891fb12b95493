"""INSERT … SELECT: rows that are made of stored rows, without a trip through the process."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet


def insert_from(rows: "QuerySet[Any]", model: type[Model], columns: Mapping[str, Any]) -> None:
    """Insert a row of `model` for each of `rows`; `columns` says what each column is made of."""
    quote = connection.ops.quote_name
    select = rows.order_by().values_list(*columns.values())
    statement, parameters = select.query.sql_with_params()
    stored = {field.attname: field.column for field in model._meta.local_concrete_fields}
    names = ", ".join(quote(str(stored[name])) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) {statement}",
            parameters,
        )
