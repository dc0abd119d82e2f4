"""The invented people of a demonstration site: two practices, and who is what in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openkap.permits import Role

CLINIC, THERAPY = "Larkmoor Clinic", "Quiet Harbor Therapy"

# The public pages: address, and a few sentences in the practice's own words.
PAGES: dict[str, tuple[str, str]] = {
    CLINIC: ("larkmoor", "We give ketamine by infusion, and work with the therapist you already have."),
    THERAPY: ("quiet-harbor", "We prepare with you, and meet you in the days after a dose."),
}


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone to be: `places` are the hats they may wear, an organisation's name with its roles."""

    key: str
    given: str
    family: str
    title: str = ""
    places: tuple[tuple[str, tuple[Role, ...]], ...] = ()
    patient_of: tuple[str, ...] = ()
    born_on: date | None = None
    chosen: str = ""
    pronouns: str = ""
    sex: str = ""
    try_first: str = ""


CAST: tuple[Persona, ...] = (
    Persona(
        "tamsin",
        "Tamsin",
        "Orrery",
        "Dr",
        ((CLINIC, (Role.PRESCRIBER,)),),
        try_first="Find Wren Alderbrook, open a course, ask what the rules ask and sign a decision.",
    ),
    Persona(
        "jonah",
        "Jonah",
        "Bellwether",
        "CRNA",
        ((CLINIC, (Role.MONITOR,)),),
        try_first="Open the rooms board. Confirm an order, start the dose, keep a set of vitals.",
    ),
    Persona(
        "osric",
        "Osric",
        "Thanewell",
        "Dr",
        ((CLINIC, (Role.MEDICAL_DIRECTOR, Role.PRESCRIBER)),),
        try_first="Read and sign a route's rules; look at the overrides, and at who did what.",
    ),
    Persona(
        "odette",
        "Odette",
        "Marsh",
        "",
        ((CLINIC, (Role.FRONT_DESK,)),),
        try_first="See the day, find a person by half a name, answer a request.",
    ),
    Persona(
        "priya",
        "Priya",
        "Lindqvist",
        "",
        ((CLINIC, (Role.PRIVACY_OFFICER, Role.ADMINISTRATOR)),),
        try_first="See who has looked at whose record; make this browser the tablet of a room.",
    ),
    Persona(
        "mira",
        "Mira",
        "Fennimore-Hale",
        "LCSW",
        ((THERAPY, (Role.THERAPIST, Role.ADMINISTRATOR)),),
        try_first="See what Wren lets you see, and write the integration note inside the window.",
    ),
    Persona(
        "theo",
        "Theodora",
        "Vancleave-Oyelaran",
        "PhD",
        ((THERAPY, (Role.THERAPIST,)), (CLINIC, (Role.THERAPIST,))),
        try_first="Two practices, one person: switch hats at the top of the page.",
    ),
    Persona(
        "wren",
        "Gwendolyn",
        "Alderbrook",
        patient_of=(CLINIC,),
        born_on=date(1985, 5, 3),
        chosen="Wren",
        pronouns="she/her",
        sex="female",
        try_first="On a phone: what is next, who sees what, and stop sharing.",
    ),
    Persona(
        "noor",
        "Noor",
        "Castellane",
        patient_of=(CLINIC,),
        born_on=date(1991, 11, 20),
        pronouns="they/them",
        sex="male",
        try_first="A patient without a course yet.",
    ),
    Persona(
        "ana_a",
        "Ana",
        "Lucía Ibarra",
        patient_of=(CLINIC,),
        born_on=date(1979, 2, 9),
        sex="female",
        try_first="Born in 1979. Another patient has almost the same name: staff pages say so.",
    ),
    Persona(
        "ana_b",
        "Ana",
        "Lucia Ibarra",
        patient_of=(CLINIC,),
        born_on=date(1993, 7, 30),
        sex="female",
        try_first="Born in 1993. Find both Anas, and see how they are told apart.",
    ),
    Persona(
        "pell",
        "Pell",
        "Strand",
        patient_of=(THERAPY,),
        born_on=date(1968, 1, 15),
        sex="male",
        try_first="A patient of the other practice only: the clinic cannot find them.",
    ),
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Someone invented who has asked for an evaluation, and is nobody's patient yet."""

    place: str
    given: str
    family: str
    email: str
    phone: str
    words: str
    born_on: date | None = None
    answers: tuple[tuple[str, tuple[str, ...]], ...] = ()


ASKING: tuple[Asking, ...] = (
    Asking(
        CLINIC,
        "Juno",
        "Pettigrass",
        "juno@example.org",
        "+1 555 0171",
        "A question first: can I keep seeing my own therapist? Call after five.",
        answers=(("heart", ("hypertension_controlled",)), ("medicines", ("sedatives",))),
    ),
    # Born on the day of a patient of almost the same name: the desk is asked, nobody is merged.
    Asking(
        CLINIC,
        "Ana Lucía",
        "Ibarra",
        "",
        "+1 555 0172",
        "My doctor told me to ask here.",
        born_on=date(1979, 2, 9),
    ),
    Asking(
        THERAPY,
        "Ottoline",
        "Brackenbury",
        "ottoline@example.org",
        "",
        "I have a clinic. I look for a therapist.",
    ),
)
