"""The list without pages: its columns, and the files that are made of it."""

from leads.exports.columns import Cell, cells, heads, lines

__all__ = ["Cell", "cells", "heads", "lines"]
