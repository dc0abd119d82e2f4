"""Every model, for Django to find. The files say what each is for."""

from openkap.records.agreements import Agreement, ConsentAnswer, ConsentTalk
from openkap.records.alerts import AlertNote, OnCallCover, SafetyPlan
from openkap.records.booking import Held, Proposal, SessionChange
from openkap.records.clinical import (
    Allergy,
    Condition,
    Decision,
    HistoryAnswer,
    Medication,
    Reconciliation,
    Result,
)
from openkap.records.consent import (
    Declined,
    Disclosure,
    DocumentDraft,
    DocumentVersion,
    Grant,
    Shown,
    Signature,
)
from openkap.records.courses import Course, Participation, Session, SessionPart, Task, Window
from openkap.records.credentials import Credential, CredentialCheck
from openkap.records.documents import DocumentContent, UploadedDocument
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
from openkap.records.evidence import EvidenceCard
from openkap.records.follow_up import Ask, AskStop, CourseEnd
from openkap.records.front import EvaluationRequest, PageVersion, PublicPage, RequestNote
from openkap.records.harm import AdverseEvent, MisuseSign
from openkap.records.invitations import Invitation
from openkap.records.journal import EntryReading, JournalEntry, SharedEntry, SmallThing
from openkap.records.law import RuleChange, RuleChangeAct
from openkap.records.links import KnownBrowser, PersonalLink
from openkap.records.names import NameWord, PersonWord
from openkap.records.on_call import OnCallHours
from openkap.records.operations import OutgoingMail, Pulse, Upkeep
from openkap.records.oversight import OversightLook
from openkap.records.people import Device, Location, Membership, Organisation, PatientFile, Person, Room, User
from openkap.records.preparation import NoteDraft, PreparationPlan, TouchAgreement
from openkap.records.routes import GivenPart
from openkap.records.signing import DayAnswer, Draw, Escort, GoAhead, RouteSigning
from openkap.records.spoken import EscortYes, SpokenNo
from openkap.records.staff import BrowserSession, Departure, LicensedRole, SignIn, StaffInvitation
from openkap.records.trail import ChainLink, Event, Import, Site
from openkap.records.ways import (
    CheckIn,
    CourseTherapist,
    Enrolment,
    HandOverAfter,
    HandOverBefore,
    HandOverRead,
    MonitoringForm,
    SiteCertification,
    WayChosen,
)
from openkap.records.words import Answer, Draft, Response, Score, SessionNote, SessionSummary

__all__ = [
    "Administration",
    "AdverseEvent",
    "Agreement",
    "AlertNote",
    "Allergy",
    "Answer",
    "Ask",
    "AskStop",
    "BrowserSession",
    "ChainLink",
    "CheckIn",
    "Condition",
    "Confirmation",
    "ConsentAnswer",
    "ConsentTalk",
    "Course",
    "CourseEnd",
    "CourseTherapist",
    "Credential",
    "CredentialCheck",
    "DayAnswer",
    "Decision",
    "Declined",
    "Departure",
    "Device",
    "Discharge",
    "Disclosure",
    "DocumentContent",
    "DocumentDraft",
    "DocumentVersion",
    "Draft",
    "Draw",
    "Enrolment",
    "EntryReading",
    "Escort",
    "EscortYes",
    "EvaluationRequest",
    "Event",
    "EvidenceCard",
    "GivenPart",
    "GoAhead",
    "Grant",
    "HandOverAfter",
    "HandOverBefore",
    "HandOverRead",
    "Held",
    "HistoryAnswer",
    "Import",
    "Invitation",
    "JournalEntry",
    "KnownBrowser",
    "LicensedRole",
    "Location",
    "Medication",
    "Membership",
    "MisuseSign",
    "MonitoringForm",
    "NameWord",
    "NextDayCall",
    "NoteDraft",
    "OnCallCover",
    "OnCallHours",
    "Order",
    "Organisation",
    "OutgoingMail",
    "OversightLook",
    "PageVersion",
    "Participation",
    "PatientFile",
    "Person",
    "PersonWord",
    "PersonalLink",
    "PreparationPlan",
    "Prompt",
    "Proposal",
    "PublicPage",
    "Pulse",
    "Reading",
    "Reconciliation",
    "RequestNote",
    "Response",
    "Result",
    "Room",
    "RoomEvent",
    "RouteSigning",
    "RuleChange",
    "RuleChangeAct",
    "SafetyPlan",
    "Score",
    "Session",
    "SessionChange",
    "SessionNote",
    "SessionPart",
    "SessionSummary",
    "SharedEntry",
    "Shown",
    "SignIn",
    "Signature",
    "Site",
    "SiteCertification",
    "SmallThing",
    "SpokenNo",
    "StaffInvitation",
    "Task",
    "TouchAgreement",
    "Upkeep",
    "UploadedDocument",
    "User",
    "WayChosen",
    "Window",
]
