"""The invented patients: who they are, which way of care and route they go, and where they stand today.

Decided here: one line a person, and nothing else about a course is written by hand. `stands` names a place in
`demonstration.stands`; `doses` were given before today, `every` so many days apart, the last of them `last`
days ago; `mood` is a line of scores; `missed`: what was not taken before a past dose, which went ahead by the
prescriber's word. Names and lives are made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zlib import crc32

from openkap.demonstration.house import PSYCHIATRY
from openkap.steps.cast import CAST, CLINIC


@dataclass(frozen=True, slots=True)
class Patient:
    """One invented patient. `at`: the practice that gives the doses; `therapist`: of the therapy practice."""

    key: str
    given: str
    family: str
    born: date
    sex: str
    protocol: str
    stands: str
    doses: int = 0
    last: int = 7
    every: int = 7
    mood: str = "well"
    therapist: str = ""
    at: str = CLINIC
    weight: int = 70
    rise: int = 22
    room: str = ""
    nurse: str = ""
    hour: int = 9
    language: str = "en"
    tells: tuple[str, ...] = ()
    missed: str = ""
    happens: tuple[str, ...] = ()

    @property
    def own(self) -> int:
        """A number of this person's own, by which they differ from the others, the same each time."""
        return crc32(self.key.encode())

    @property
    def waits(self) -> int:
        """How many days before the first dose they were evaluated."""
        return 14 + self.own % 9

    @property
    def way(self) -> str:
        whole = self.protocol == "esketamine"
        return self.protocol if whole else self.protocol.removesuffix(f"_{self.route}")

    @property
    def route(self) -> str:
        routes = ("iv", "im", "sublingual", "oral", "nasal_racemic", "esketamine")
        return next(route for route in routes if self.protocol.endswith(route))

    @property
    def height(self) -> int:
        """In cm, so that the body mass index asks nothing of a dose."""
        return 152 + self.weight * 8 // 25


def _cast(key: str, protocol: str, stands: str, **more: object) -> Patient:
    """Someone of the cast, who has a file since the practice was founded."""
    one = next(persona for persona in CAST if persona.key == key)
    assert one.born_on is not None
    return Patient(key, one.given, one.family, one.born_on, one.sex, protocol, stands, **more)  # type: ignore[arg-type]


L, S = CLINIC, PSYCHIATRY

PATIENTS: tuple[Patient, ...] = (
    _cast(
        "wren", "blended_iv", "gate_holds", doses=2, last=7, therapist="mira", room="Alder", hour=10,
        tells=("journal", "process"),
    ),
    _cast("ana_a", "bracketed_iv", "evaluating"),
    _cast("ana_b", "infusion_only_iv", "maintenance", doses=3, last=28, every=28, hour=14, weight=62),
    # An infusion clinic: infusions alone, and with therapists outside.
    Patient("casper", "Casper", "Ironwood", date(1974, 3, 12), "male", "infusion_only_iv", "in_the_room",
            doses=1, last=4, mood="slowly", room="Birch", weight=82),
    Patient("delphine", "Delphine", "Marrow", date(1990, 8, 2), "female", "infusion_only_iv", "no_show",
            doses=2, last=8, every=6, mood="slowly", hour=11, weight=58),
    Patient("ruben", "Ruben", "Achterberg", date(1961, 12, 5), "male", "infusion_only_iv", "done",
            doses=2, last=120, hour=13, weight=90),
    Patient("ottilie", "Ottilie", "Sandoval", date(1982, 6, 21), "female", "blended_iv", "window_booked",
            doses=1, last=1, therapist="mira", hour=11, weight=64),
    Patient("marcus", "Marcus", "Feathering", date(1969, 10, 30), "male", "blended_iv", "window_closing",
            doses=1, last=3, mood="slowly", therapist="sunniva", hour=15, weight=86),
    Patient("isabel", "Isabel", "Rosario Quintana", date(1988, 1, 17), "female", "blended_iv", "integrated",
            doses=2, last=6, therapist="emeka", hour=9, weight=60, language="es", tells=("journal",),
            happens=("agrees",)),
    Patient("thaddeus", "Thaddeus", "Brill", date(1979, 4, 9), "male", "blended_iv", "worsening",
            doses=1, last=34, mood="worse", therapist="theo", hour=13, weight=78, tells=("process",),
            happens=("plan",)),
    Patient("maren", "Maren", "Oakhollow", date(1995, 9, 25), "female", "blended_iv", "transferred",
            doses=1, last=40, mood="slowly", therapist="mira", hour=15, weight=66),
    Patient("fergus", "Fergus", "Ballantyne", date(1966, 2, 14), "male", "blended_iv", "revoked",
            doses=1, last=9, mood="slowly", therapist="sunniva", hour=11, weight=84,
            missed="Forgot the sertraline yesterday."),
    Patient("lucian", "Lucian", "Vesper", date(1993, 5, 6), "male", "blended_im", "between",
            doses=1, last=5, mood="slowly", therapist="emeka", hour=14, weight=74, happens=("sign",)),
    Patient("greta", "Greta", "Holloway", date(1957, 7, 28), "female", "blended_sublingual", "preparing",
            therapist="sunniva", weight=68),
    Patient("amos", "Amos", "Tidewater", date(1984, 11, 11), "male", "blended_oral", "asked_to_consent",
            therapist="theo", weight=92),
    Patient("sybil", "Sybil", "Hawthorne", date(1971, 6, 3), "female", "bracketed_iv", "arrived",
            therapist="mira", room="Cedar", hour=12, weight=60),
    Patient("mirabel", "Mirabel", "Stonecroft", date(1986, 3, 19), "female", "bracketed_iv", "alert_closed",
            doses=1, last=45, mood="relapse", therapist="emeka", hour=10, weight=72,
            happens=("plan",)),
    Patient("anneliese", "Anneliese", "Dorn", date(1977, 8, 8), "female", "bracketed_iv", "another_route",
            doses=3, last=12, mood="hardly", therapist="sunniva", hour=15, weight=76),
    Patient("desmond", "Desmond", "Fairweather", date(1980, 12, 24), "male", "bracketed_im", "in_the_room",
            therapist="emeka", room="Dogwood", nurse="mabel", weight=80),
    Patient("harriet", "Harriet", "Lindenmeyer", date(1992, 10, 10), "female", "in_session_iv", "in_the_room",
            doses=1, last=14, room="Elder", nurse="roswitha", hour=13,
            weight=62, happens=("stopped_early", "agrees")),
    Patient("imogen", "Imogen", "Saltwhistle", date(1996, 7, 14), "female", "blended_oral", "window_missed",
            doses=1, last=6, mood="slowly", therapist="emeka", hour=10, weight=62),
    Patient("tobias", "Tobias", "Merrow", date(1970, 2, 26), "male", "bracketed_sublingual", "all_set",
            therapist="theo", room="Fir", weight=80),
    # A psychiatric practice: one clinician who prescribes and treats, esketamine, and what needs no vein.
    Patient("philippa", "Philippa", "Nightjar", date(1968, 5, 15), "female", "blended_nasal_racemic",
            "recovering", therapist="theo", at=S, room="Porch", nurse="lowell", weight=70),
    Patient("edmund", "Edmund", "Castlerock", date(1959, 9, 9), "male", "blended_esketamine", "booked",
            therapist="sunniva", at=S, room="Quiet room", hour=10, weight=88),
    Patient("ione", "Ione", "Merriweather", date(1998, 2, 2), "female", "bracketed_sublingual", "tail",
            doses=1, last=5, therapist="mira", at=S, hour=9, weight=62),
    Patient("bastian", "Bastian", "Kettering", date(1987, 4, 27), "male", "bracketed_oral", "not_now", at=S),
    Patient("winifred", "Winifred", "Sparrow", date(1949, 1, 31), "female", "bracketed_nasal_racemic",
            "following", doses=1, last=62, therapist="emeka", at=S, hour=11, weight=58),
    Patient("cornelius", "Cornelius", "Vane", date(1975, 7, 7), "male", "bracketed_esketamine", "stopped",
            doses=1, last=50, mood="hardly", therapist="theo", at=S, hour=14, weight=94),
    Patient("seun", "Oluwaseun", "Brightwater", date(1989, 11, 3), "male", "in_session_im", "in_the_room",
            at=S, room="Front room", weight=76),
    Patient("petra", "Petra", "Wolfenden", date(1994, 6, 18), "female", "in_session_sublingual",
            "second_person", at=S, room="Library", weight=64),
    Patient("jasper", "Jasper", "Quillfeather", date(1983, 8, 23), "male", "in_session_oral", "home_today",
            at=S, room="Library", weight=72),
    Patient("leocadia", "Leocadia", "Fuentes Prado", date(1978, 12, 13), "female", "in_session_nasal_racemic",
            "consented", at=S, weight=66, language="es", tells=("journal",)),
    Patient("rowan", "Rowan", "Ashgrove", date(2001, 3, 3), "female", "in_session_esketamine", "evaluating",
            at=S),
    Patient("nadia", "Nadia", "Petrosyan", date(1973, 10, 1), "female", "esketamine", "in_the_room",
            doses=1, last=4, mood="slowly", at=S, room="Garden room", nurse="tove", weight=68),
    Patient("gideon", "Gideon", "Larkspur", date(1964, 4, 4), "male", "esketamine", "maintenance",
            doses=3, last=14, every=14, at=S, hour=15, weight=84, happens=("sign",)),
    Patient("verity", "Verity", "Underhill", date(1985, 9, 29), "female", "esketamine", "gate_pressure",
            doses=1, last=4, mood="slowly", at=S, room="Quiet room", hour=12, weight=60),
    Patient("osgood", "Osgood", "Tremaine", date(1963, 11, 8), "male", "esketamine", "late",
            at=S, room="Sun room", weight=86),
    Patient("solomon", "Solomon", "Rainey", date(1952, 2, 20), "male", "esketamine", "died",
            doses=1, last=70, mood="slowly", at=S, hour=10, weight=80),
    Patient("calliope", "Calliope", "Munro", date(1990, 5, 30), "female", "esketamine", "not_candidate",
            at=S),
    Patient("ezra", "Ezra", "Penhallow", date(1981, 1, 9), "male", "in_session_iv", "declined", weight=78),
)  # fmt: skip


def row(key: str) -> Patient:
    """The line of this person. Raises KeyError."""
    return {patient.key: patient for patient in PATIENTS}[key]
