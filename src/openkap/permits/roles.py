"""What each role may do in its own organisation, and what each sharing scope opens to another.

Decided here, by the practice's own custom and the minimum each needs (docs/adr/0005-one-scope.md):
read a row as "a monitor may see and add clinical facts, and confirm another's order". Nobody reaches
process notes by role: `PROCESS` is what a clinician may do with their own, and with nobody else's.
"""

from __future__ import annotations

from openkap.permits.actor import Role
from openkap.permits.need import Act, Kind

SEE, ADD, CORRECT, SIGN, CONFIRM, SHARE, SEND, ENROL = Act

Row = dict[Kind, frozenset[Act]]


def _row(**kinds: tuple[Act, ...]) -> Row:
    return {Kind(name): frozenset(acts) for name, acts in kinds.items()}


ROLES: dict[Role, Row] = {
    Role.PRESCRIBER: _row(
        identity=(SEE, ADD),
        schedule=(SEE, ADD, CORRECT),
        summary=(SEE, ADD, CORRECT),
        clinical=(SEE, ADD, CORRECT, SIGN, CONFIRM),
        adverse_events=(SEE, ADD, CORRECT),
        measures=(SEE, ADD, CORRECT, SEND),
        notes=(SEE, ADD, CORRECT),
        consent=(SEE, ADD, SEND),
        sharing=(SEE,),
        tasks=(SEE, ADD),
        trail=(SEE,),
        requests=(SEE, ADD),
        preparation=(SEE, ADD, CORRECT),
        small_things=(SEE, ADD),
        rules=(SEE, CONFIRM),
        escort=(SEE, ADD, CORRECT),
        safety_plan=(SEE, ADD),
    ),
    Role.MONITOR: _row(
        identity=(SEE,),
        schedule=(SEE, ADD),
        summary=(SEE, ADD, CORRECT),
        clinical=(SEE, ADD, CORRECT, CONFIRM),
        adverse_events=(SEE, ADD, CORRECT),
        measures=(SEE, ADD, SEND),
        consent=(SEE, ADD, SEND),
        sharing=(SEE,),
        tasks=(SEE, ADD),
        trail=(SEE,),
        preparation=(SEE, ADD),
        small_things=(SEE,),
        rules=(SEE,),
        escort=(SEE, ADD, CORRECT),
        safety_plan=(SEE, ADD),
    ),
    Role.THERAPIST: _row(
        identity=(SEE, ADD),
        schedule=(SEE, ADD, CORRECT),
        summary=(SEE,),
        adverse_events=(ADD,),
        measures=(SEE, ADD, SEND),
        notes=(SEE, ADD, CORRECT),
        consent=(SEE, ADD),
        sharing=(SEE,),
        tasks=(SEE, ADD),
        trail=(SEE,),
        requests=(SEE, ADD),
        preparation=(SEE, ADD, CORRECT),
        small_things=(SEE, ADD),
        safety_plan=(SEE, ADD),
    ),
    Role.FRONT_DESK: _row(
        identity=(SEE, ADD),
        schedule=(SEE, ADD),
        consent=(SEE, ADD, SEND),
        measures=(SEND,),
        tasks=(SEE, ADD),
        requests=(SEE, ADD),
        escort=(SEE, ADD),
        page=(SEE, ADD),
    ),
    Role.MEDICAL_DIRECTOR: _row(
        identity=(SEE,),
        schedule=(SEE,),
        summary=(SEE,),
        clinical=(SEE, CORRECT),
        adverse_events=(SEE, CORRECT),
        measures=(SEE, CORRECT),
        notes=(SEE,),
        consent=(SEE, ADD),
        sharing=(SEE,),
        tasks=(SEE, ADD),
        trail=(SEE,),
        staff=(SEE, ADD, ENROL),
        requests=(SEE,),
        preparation=(SEE,),
        small_things=(SEE,),
        rules=(SEE, SIGN, CONFIRM),
        escort=(SEE,),
        page=(SEE, ADD),
        safety_plan=(SEE, ADD),
        oversight=(SEE, ADD),
    ),
    Role.PRIVACY_OFFICER: _row(
        identity=(SEE,),
        consent=(SEE,),
        sharing=(SEE,),
        tasks=(SEE, ADD),
        trail=(SEE,),
        staff=(SEE,),
        # Of it they see what their other kinds allow: who looked at whom, and who may work here.
        oversight=(SEE, ADD),
    ),
    Role.ADMINISTRATOR: _row(
        tasks=(SEE,),
        staff=(SEE, ADD, ENROL),
        page=(SEE, ADD),
        oversight=(SEE,),
    ),
}

# Whose roles who keeps the staff may give and take. Nobody gives one to themselves (steps/staff.py).
MAY_GIVE: dict[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.MEDICAL_DIRECTOR: frozenset(Role) - {Role.ADMINISTRATOR},
}

# Roles that rest on a license. Given by a person, one counts once somebody else has looked at it
# (steps/licensed.py); whoever may look is whoever may keep the staff.
LICENSED: frozenset[Role] = frozenset({Role.PRESCRIBER, Role.MONITOR, Role.THERAPIST, Role.MEDICAL_DIRECTOR})

# Whom a rule names when it says who may go ahead all the same, with a reason.
OVERRULES: dict[str, frozenset[Role]] = {
    "prescriber": frozenset({Role.PRESCRIBER, Role.MEDICAL_DIRECTOR}),
    "medical_director": frozenset({Role.MEDICAL_DIRECTOR}),
}

# What a person may do with what is theirs, whoever keeps it.
PATIENT: Row = _row(
    identity=(SEE, CORRECT),  # in which language one is spoken to; names and numbers are the practice's
    schedule=(SEE,),
    summary=(SEE,),
    measures=(SEE, ADD),
    consent=(SEE, SIGN),
    sharing=(SEE, SHARE),
    trail=(SEE,),
    preparation=(SEE, ADD),
    small_things=(SEE, ADD),
    journal=(SEE, ADD, CORRECT, SHARE),
    shared_journal=(SEE,),
    safety_plan=(SEE, ADD),
)

# What someone who treats may do with the process notes and drafts they wrote themselves, under any hat; and
# with the journal entries a patient showed to them by name, while that patient's course is open to them.
OWN_WORDS: Row = _row(process=(SEE, ADD, CORRECT), drafts=(SEE, ADD, CORRECT))
SHOWN_BY_NAME: Row = _row(shared_journal=(SEE,))
OWN_WORDS_OF: frozenset[Role] = frozenset({Role.THERAPIST, Role.PRESCRIBER})

# A therapist tells of an adverse event and reads what they themselves told, not what others wrote. In another
# practice's record they read it while its patient shares with them; that practice goes on with it.
OWN_EVENTS: Row = _row(adverse_events=(SEE, CORRECT))
OWN_EVENTS_ELSEWHERE: Row = _row(adverse_events=(SEE,))

# What a link lets its holder do before anyone has signed in. Nothing else.
LINKS: dict[str, Row] = {
    "sign_in": {},
    "consent": _row(identity=(SEE,), consent=(SEE, SIGN)),
    "measure": _row(identity=(SEE,), measures=(ADD,)),
    "invite": _row(sharing=(CONFIRM,)),
}

# A tablet on the wall of a room: it shows the session under way there and writes nothing.
DEVICE: Row = _row(identity=(SEE,), schedule=(SEE,), clinical=(SEE,), adverse_events=(SEE,), escort=(SEE,))

# A therapist who is checked in to a session under way sees what that room shows, and nothing else of it.
IN_ROOM: Row = _row(clinical=(SEE,), adverse_events=(SEE,))

# The words of the sharing page. Every grant opens the name; what else, the patient chose.
GRANT_SCOPES: dict[str, frozenset[Kind]] = {
    "schedule": frozenset({Kind.SCHEDULE}),
    "session_summaries": frozenset({Kind.SUMMARY}),
    "preparation": frozenset({Kind.PREPARATION, Kind.SMALL_THINGS}),
    "measures": frozenset({Kind.MEASURES}),
    "safety_plan": frozenset({Kind.SAFETY_PLAN}),
}
GRANT_ALWAYS: frozenset[Kind] = frozenset({Kind.IDENTITY})

# The system does what a step needs, on behalf of whoever set it going. What a person wrote for themselves
# alone is nothing it ever needs.
SYSTEM: Row = {kind: frozenset(Act) for kind in Kind if kind not in (Kind.PROCESS, Kind.DRAFTS, Kind.JOURNAL)}
