"""Scoring rules (domain.md section 8): what they are, what they give a lead, and how they read. Pure."""
