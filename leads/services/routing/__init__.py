"""Assignment rules at work (domain.md section 8).

    route_leads([lead])                             # a lead became submitted: its host's rules give it on
    route_leads(leads, cause=Cause.THRESHOLD)       # scores reached the threshold; only those still submitted move
    route_again(lead, cause=Cause.EXPIRED)          # it came back: to the next candidate
    next_candidate(lead)                            # who that would be; nothing is assigned

All of them run in the caller's transaction, on leads that it has just made or holds locked.
"""

from leads.services.routing.assigning import (
    NextCandidate,
    next_candidate,
    route_again,
    route_leads,
)

__all__ = ["NextCandidate", "next_candidate", "route_again", "route_leads"]
