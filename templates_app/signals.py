"""What travels against the arrows: forms are here, what is made of their answers is not."""

from django.dispatch import Signal

# Asks how many leads came by each of some templates, with `templates` (ids), `since` (a moment) and `actor`; each
# receiver returns a dict: template id → number.
leads_counted = Signal()
# Asks by which of some templates any lead came, with the same three; each receiver returns a set of template ids.
leads_looked_for = Signal()
# Asks what reads the answers to some questions, with `template`, `questions` (rules.publishing.Question by key) and
# `actor`; each receiver returns a list of rules.publishing.Use for a person who is about to remove or change them.
answers_used = Signal()
