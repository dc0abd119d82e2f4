"""People, organisations, and who is what where.

Decided here: there is never "the clinic". One Person may be patient, staff and escort in different
places; a patient of two organisations has two PatientFiles, and nothing crosses between them but by
a grant (docs/adr/0005-one-scope.md).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.text import slugify

from openkap.permits import Kind, Role
from openkap.records.base import Paths, Row
from openkap.records.ids import new_id


class Person(Row):
    """A human being, once."""

    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    chosen_name = models.CharField(max_length=100, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    born_on = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=10, blank=True, help_text="as recorded at birth; blank is not known")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, default="en")
    title = models.CharField(max_length=80, blank=True, help_text="as in 'Dr' or 'LCSW'")
    name_key = models.CharField(max_length=320, db_index=True, editable=False)

    class Meta:
        ordering = ["family_name", "given_name", "id"]
        indexes = [models.Index(fields=["born_on"], name="person_born_on")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        from openkap.records.names import index_names

        self.name_key = name_key(f"{self.given_name} {self.family_name} {self.chosen_name}")
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        index_names([self])

    @property
    def legal_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def name(self) -> str:
        """The name to call them by, with the family name."""
        return f"{self.chosen_name} {self.family_name}".strip() if self.chosen_name else self.legal_name

    def age_on(self, day: date) -> int | None:
        if self.born_on is None:
            return None
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))


def name_key(name: str) -> str:
    """A name without case, accents or marks, for finding people whose name is spelt another way."""
    return slugify(name).replace("-", " ")


class Users(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: object) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A way to sign in, for staff. Patients sign in by a link and need none."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="user")
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["person"]


class Organisation(Row):
    """A clinic or a therapy practice: the keeper of what its people write."""

    class What(models.TextChoices):
        CLINIC = "clinic"
        THERAPY = "therapy"
        BOTH = "both"

    name = models.CharField(max_length=200, unique=True)
    what = models.CharField(max_length=10, choices=What)
    zone = models.CharField(max_length=64, default="America/New_York")
    country = models.CharField(max_length=2, default="US")
    phone = models.CharField(max_length=40, blank=True)
    consent_witness = models.BooleanField(default=False, help_text="a witness is named for each consent")

    PATHS = Paths(Kind.STAFF, keeper="id", patient=None)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Location(Row):
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="locations")
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=300, blank=True)


class Room(Row):
    """Where doses are given. At most one session is under way in it (see courses.Session)."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="rooms")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=100)

    PATHS = Paths(Kind.STAFF, patient=None)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(Row):
    """One role of one person in one organisation, for a while. Ended, never deleted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    PATHS = Paths(Kind.STAFF, patient=None)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"], condition=Q(until=None), name="membership_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="membership_in_order"
            ),
        ]

    @staticmethod
    def in_force(at: datetime) -> Q:
        return Q(since__lte=at) & (Q(until=None) | Q(until__gt=at))


class PatientFile(Row):
    """A person as the patient of one organisation: its own number, its own log of who looked."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="files")
    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="files")
    number = models.CharField(max_length=40)
    outside_id = models.CharField(max_length=200, blank=True, help_text="the id an import knew them by")
    opened_at = models.DateTimeField()

    PATHS = Paths(Kind.IDENTITY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "patient"], name="file_once"),
            models.UniqueConstraint(fields=["organisation", "number"], name="file_number_once"),
            models.UniqueConstraint(
                fields=["organisation", "outside_id"], condition=~Q(outside_id=""), name="file_outside_once"
            ),
        ]


class Device(Row):
    """A tablet on the wall of a room. It shows what is under way there; it writes nothing."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="devices")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    enrolled_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    PATHS = Paths(Kind.STAFF, patient=None)
