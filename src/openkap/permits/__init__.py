"""Who may: pure values and one answer. No Django, no database, no clock.

`Actor` says who acts and as whom; `Scope` says what that actor may reach at one moment; `decide`
answers for one thing. `records/scoped.py` turns the same Scope into a query.
"""

from openkap.permits.actor import Actor, ActorKind, Bound, Role
from openkap.permits.decide import No, Yes, decide
from openkap.permits.need import Act, Kind, Need
from openkap.permits.scope import GrantHeld, InRoom, Reach, Scope, Standing, Subject, scope_of

__all__ = [
    "Act",
    "Actor",
    "ActorKind",
    "Bound",
    "GrantHeld",
    "InRoom",
    "Kind",
    "Need",
    "No",
    "Reach",
    "Role",
    "Scope",
    "Standing",
    "Subject",
    "Yes",
    "decide",
    "scope_of",
]
