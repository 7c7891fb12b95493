"""The parameters of the address of a list: by name, and several values of one."""

from collections.abc import Collection, Mapping
from typing import Any

Parameters = dict[str, list[str]]


def given(values: Mapping[str, Any]) -> Parameters:
    """Return those of `values` (a text or several) that are not empty, each as a list."""
    return {
        name: [value] if isinstance(value, str) else value
        for name, value in values.items()
        if value
    }


def carried(parameters: Parameters, left_out: Collection[str]) -> list[tuple[str, str]]:
    """Return what a form about a list carries along, as pairs of name and value, without those `left_out`."""
    return [
        (name, value)
        for name, values in parameters.items()
        if name not in left_out
        for value in values
    ]
