"""Scores: the only code that writes them, their rules, and what prospects did."""
