"""What was agreed to, and who may see what.

Decided here: the patient owns sharing. A grant names a keeper, a receiver, scopes, a purpose and an
end; what crossed under it is kept as disclosures, whatever becomes of the grant.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from openkap.permits import Kind
from openkap.records.base import Authored, Clinical, Paths, Row
from openkap.records.people import Organisation, Person


class DocumentVersion(Row):
    """The exact bytes of a consent document, and their hash. A change of one letter is a new version.

    `elements`: what of informed consent its text covers, ids of `medicine.consent`. `questions`: what the
    person is asked to see that it was plain: {"id", "ask", "choices": [...], "right": index, "why"}. The
    hash is over the text, and over text and questions together where there are questions. `way`: the way
    of care it is for, blank for all. `state_law`: the state whose additions it carries, blank for none.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="documents")
    document = models.CharField(
        max_length=60, help_text="which document, as in 'consent.iv', 'consent.iv.blended', 'agree.recording'"
    )
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=10, default="en")
    title = models.CharField(max_length=200)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    elements = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    way = models.CharField(max_length=20, blank=True, default="")
    state_law = models.CharField(max_length=20, blank=True, default="")
    by_name = models.CharField(max_length=200, blank=True, default="", help_text="who published it")
    reason = models.CharField(max_length=500, blank=True, default="", help_text="why it was published")

    PATHS = Paths(Kind.STAFF, patient=None)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "document", "version", "language"], name="document_version_once"
            )
        ]


class DocumentDraft(Row):
    """A text that is being worked on and binds nobody: one for each document and language.

    `sections`: [{"id": an element or "own-<n>", "heading", "words"}]; `questions` as a version keeps them.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=60)
    language = models.CharField(max_length=10, default="en")
    title = models.CharField(max_length=200)
    sections = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    by_name = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    PATHS = Paths(Kind.STAFF, patient=None)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "document", "language"], name="document_draft_once"
            )
        ]


class Signature(Clinical):
    """A person's agreement to one version of a document: who, when, how known, of which bytes.

    `role`: the patient, or a guardian named beforehand. `zone`: the clock the moment was shown on. `browser`:
    its family and no address. `answers`: what was asked and what was chosen, try by try:
    {"question", "tries": [choice, ...], "right"}. `talk`: who went through the text with the signer, with
    interpreter, guardian and witness where there were any. The language is the document's.
    """

    class Role(models.TextChoices):
        PATIENT = "patient"
        GUARDIAN = "guardian"

    course = models.ForeignKey("records.Course", on_delete=models.PROTECT, related_name="signatures")
    document = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="signatures")
    sha256 = models.CharField(max_length=64)
    typed_name = models.CharField(max_length=200)
    known_by = models.CharField(
        max_length=60, help_text="how the signer was known, as in 'link and birth date'"
    )
    role = models.CharField(max_length=10, choices=Role, default=Role.PATIENT)
    zone = models.CharField(max_length=64, blank=True, default="")
    browser = models.CharField(max_length=60, blank=True, default="")
    answers = models.JSONField(default=list)
    talk = models.ForeignKey(
        "records.ConsentTalk", null=True, blank=True, on_delete=models.PROTECT, related_name="signatures"
    )

    PATHS = Paths(Kind.CONSENT, course="course_id")


class Declined(Clinical):
    """A person's no to one version of a document. It counts until they sign; nobody asks them why."""

    course = models.ForeignKey("records.Course", on_delete=models.PROTECT, related_name="declined")
    document = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")

    PATHS = Paths(Kind.CONSENT, course="course_id")


class Grant(Row, Authored):
    """The patient lets an organisation, or one person in it, see some of what another keeps."""

    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="grants_kept", help_text="whose record it opens"
    )
    to_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="grants_received"
    )
    to_person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    scopes = models.JSONField()
    purpose = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    from_start = models.BooleanField(default=True, help_text="False: only what is written from now on")
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    PATHS = Paths(Kind.SHARING)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("made_at")), name="grant_in_order"),
            # Two rules, because SQLite counts every NULL as another.
            models.UniqueConstraint(
                fields=["patient", "organisation", "to_organisation", "to_person"],
                condition=Q(revoked_at=None),
                name="grant_once_to_a_person",
            ),
            models.UniqueConstraint(
                fields=["patient", "organisation", "to_organisation"],
                condition=Q(revoked_at=None, to_person=None),
                name="grant_once_to_a_practice",
            ),
        ]

    @staticmethod
    def in_force(at: datetime) -> Q:
        return Q(made_at__lte=at) & Q(until__gt=at) & (Q(revoked_at=None) | Q(revoked_at__gt=at))


class Disclosure(Row, Authored):
    """What crossed from one practice to another: which page, when, under which grant."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="disclosures")
    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    to_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=60)
    at = models.DateTimeField()

    PATHS = Paths(Kind.SHARING, at="at")


class Shown(Disclosure):
    """The same line as the receiving practice reads it: what it was shown, and when."""

    PATHS = Paths(Kind.SHARING, keeper="to_organisation_id", at="at")

    class Meta:
        proxy = True
