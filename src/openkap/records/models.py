"""Every model, for Django to find. The files say what each is for."""

from openkap.records.clinical import Allergy, Condition, Decision, HistoryAnswer, Medication, Result
from openkap.records.consent import Disclosure, DocumentVersion, Grant, Shown, Signature
from openkap.records.courses import Course, Participation, Session, SessionPart, Task, Window
from openkap.records.dose import (
    Administration,
    Confirmation,
    Discharge,
    NextDayCall,
    Order,
    Prompt,
    Reading,
    RoomEvent,
)
from openkap.records.front import EvaluationRequest, PublicPage, RequestNote
from openkap.records.invitations import Credential, Invitation
from openkap.records.links import KnownBrowser, PersonalLink
from openkap.records.people import Device, Location, Membership, Organisation, PatientFile, Person, Room, User
from openkap.records.signing import DayAnswer, Draw, Escort, GoAhead, RouteSigning
from openkap.records.trail import ChainLink, Event, Import, Site
from openkap.records.words import Answer, Draft, Response, Score, SessionNote, SessionSummary

__all__ = [
    "Administration",
    "Allergy",
    "Answer",
    "ChainLink",
    "Condition",
    "Confirmation",
    "Course",
    "Credential",
    "DayAnswer",
    "Decision",
    "Device",
    "Discharge",
    "Disclosure",
    "DocumentVersion",
    "Draft",
    "Draw",
    "EvaluationRequest",
    "Escort",
    "Event",
    "GoAhead",
    "Grant",
    "HistoryAnswer",
    "Import",
    "Invitation",
    "KnownBrowser",
    "Location",
    "Medication",
    "Membership",
    "NextDayCall",
    "Order",
    "Organisation",
    "Participation",
    "PatientFile",
    "Person",
    "PersonalLink",
    "Prompt",
    "PublicPage",
    "Reading",
    "RequestNote",
    "Response",
    "Result",
    "Room",
    "RoomEvent",
    "RouteSigning",
    "Score",
    "Session",
    "SessionNote",
    "SessionPart",
    "SessionSummary",
    "Shown",
    "Signature",
    "Site",
    "Task",
    "User",
    "Window",
]
