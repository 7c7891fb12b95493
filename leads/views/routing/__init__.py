"""Assignment: rules, territories, absences, dry run, versions (ux.md 2.6)."""
