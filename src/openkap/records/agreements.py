"""Around a signature: what the signer answered, who went through it with them, and what else they agree to.

Decided here: each try at a question is a row of its own, right or wrong, and none is taken away. Going
through a text with somebody is one row: who explained it, how, who interpreted, who signs as guardian and who
was witness (dossier 6.2). A trainee in the room, a recording and care at a distance are agreed to one by one,
apart from the treatment (6.1, items 11, 13 and 20): the newest word counts, and none is a no.
"""

from __future__ import annotations

from django.db import models

from openkap.permits import Kind
from openkap.records.base import Clinical, Paths
from openkap.records.consent import DocumentVersion
from openkap.records.courses import Course


class ConsentAnswer(Clinical):
    """One try at one question of a consent text. `choice` counts its choices from 0."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="consent_answers")
    document = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=60)
    choice = models.PositiveSmallIntegerField()
    right = models.BooleanField()

    PATHS = Paths(Kind.CONSENT, course="course_id")


class ConsentTalk(Clinical):
    """Someone of the practice went through a consent text with a patient. The author explained it, at `at`.

    `questions`: ids of the questions that were gone through. A guardian is named where the patient is a
    minor, or where a clinician says why somebody else signs.
    """

    class How(models.TextChoices):
        ROOM = "room"
        VIDEO = "video"
        PHONE = "phone"

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="consent_talks")
    document = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=How)
    questions = models.JSONField(default=list)
    interpreter = models.CharField(max_length=200, blank=True, help_text="a name, or the service")
    interpreter_language = models.CharField(max_length=60, blank=True)
    interpreter_how = models.CharField(max_length=10, choices=How, blank=True)
    guardian = models.CharField(max_length=200, blank=True)
    guardian_relation = models.CharField(max_length=80, blank=True)
    guardian_why = models.CharField(max_length=300, blank=True)
    witness = models.CharField(max_length=200, blank=True)

    PATHS = Paths(Kind.CONSENT, course="course_id")


class Agreement(Clinical):
    """Yes or no to something apart from the treatment. `document`: the text that was shown with a yes."""

    class What(models.TextChoices):
        TRAINEE = "trainee"
        RECORDING = "recording"
        TELEHEALTH = "telehealth"

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="agreements")
    what = models.CharField(max_length=12, choices=What)
    yes = models.BooleanField()
    document = models.ForeignKey(
        DocumentVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    # Whether another version of the text was published since, of rows of `agreed_now`.
    outdated: bool

    PATHS = Paths(Kind.CONSENT, course="course_id")
