"""Leads from files: five steps that people take, and three jobs that the worker does (ux.md 2.11)."""

# The kinds of jobs.
CHECK, RUN, UNDO, SWEEP = "check_import", "run_import", "undo_import", "sweep_imports"
# So many rows are read and written at a time: what a transaction holds up, and what a dead worker repeats.
BATCH = 500
