"""The front of a practice: its public page, and who asked to be seen.

Decided here: someone who asks is not yet a patient and is never looked up: a request is a row of its
own, tied to a file only by a person of the practice. What was said and done about it is added, line by
line (docs/adr/0017-front-door.md).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openkap.permits import Kind
from openkap.records.base import Authored, Paths, Row
from openkap.records.courses import Course
from openkap.records.people import Organisation, Person, name_key


class PublicPage(Row):
    """What an organisation says of itself to everyone, and the address it says it at."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="page")
    slug = models.SlugField(max_length=60, unique=True)
    words = models.CharField(max_length=600, blank=True, help_text="a few sentences in its own words")
    offers = models.CharField(max_length=600, blank=True, default="", help_text="what it offers, a line each")
    hours = models.CharField(max_length=300, blank=True, default="", help_text="when it is open, a line each")
    asks = models.BooleanField(default=True, help_text="whether an evaluation can be asked for here")
    crisis_number = models.CharField(max_length=40, blank=True, help_text="blank: the country's own")
    crisis_words = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    PATHS = Paths(Kind.PAGE, patient=None)

    class Meta:
        ordering = ["slug"]


class PageVersion(Row, Authored):
    """The page as it read from `at` on, whole, with the telephone it showed. Added, never changed."""

    page = models.ForeignKey(PublicPage, on_delete=models.PROTECT, related_name="versions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    words = models.CharField(max_length=600, blank=True)
    offers = models.CharField(max_length=600, blank=True)
    hours = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    asks = models.BooleanField()
    crisis_number = models.CharField(max_length=40, blank=True)
    crisis_words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    PATHS = Paths(Kind.PAGE, patient=None, at="at")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="pageversion_once"),
        ]


class EvaluationRequest(Row):
    """Someone asks for an evaluation, without a referral and without an account.

    `answers` holds those answers of the self-check that the person chose to send along, as
    {question key: yes | no | unsure}; nothing else of a self-check is ever kept.
    """

    class State(models.TextChoices):
        NEW = "new"
        CONTACTED = "contacted"
        OPENED = "opened"
        CLOSED = "closed"

    OPEN = (State.NEW, State.CONTACTED)

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="requests")
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, default="en")
    born_on = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    answers = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    handled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    # Not a patient's row: it stays with the practice that was asked, and no sharing opens it.
    PATHS = Paths(Kind.REQUESTS, patient=None)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(email="", phone=""), name="request_reaches_someone"),
            models.CheckConstraint(
                condition=~Q(state="opened") | Q(patient__isnull=False), name="request_opened_has_patient"
            ),
        ]

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def name_key(self) -> str:
        """As `Person.name_key`, for finding whom this may be."""
        return name_key(self.name)


class RequestNote(Row, Authored):
    """One thing said or done about a request. Added, never changed."""

    request = models.ForeignKey(EvaluationRequest, on_delete=models.PROTECT, related_name="notes")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=10, choices=EvaluationRequest.State)
    words = models.CharField(max_length=1000, blank=True)

    PATHS = Paths(Kind.REQUESTS, patient=None)

    class Meta:
        ordering = ["at", "id"]
