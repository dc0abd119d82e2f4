"""The words of names, kept apart so that a person is found by an index and not by reading every file.

Decided here (docs/adr/0033-measured-speed.md): an index made from `Person`, never a source: a name is written
by `Person.save` and its words with it, and what is missing is made again after every migration. It says
nothing that the names do not, and is no way around a Scope: whoever looks a word up still asks for files
within theirs (reads/find.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Count, Max, Sum
from django.db.models.functions import Length

from openkap.records.people import Person, name_key

LONGEST = 100
AT_ONCE = 2000


class NameWord(models.Model):
    """One word that stands in somebody's name, in the spelling of `name_key`. Added to, never changed."""

    word = models.CharField(max_length=LONGEST, unique=True)


class PersonWord(models.Model):
    """This word stands in this person's name."""

    # The unique rule begins with the word, and is its index.
    word = models.ForeignKey(NameWord, on_delete=models.PROTECT, related_name="persons", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="words")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "person"], name="person_word_once")]


def word_of(name: str) -> str:
    """The first of the words that this part of a name is found by; blank for a blank one."""
    return next(iter((name_key(name) or name.casefold()).split()), "")[:LONGEST]


def words_of(person: Person) -> frozenset[str]:
    """The words this person is found by; a name in another script is found as it is written."""
    said = person.name_key or f"{person.given_name} {person.family_name} {person.chosen_name}".casefold()
    return frozenset(word[:LONGEST] for word in said.split())


_spoken: dict[str, Any] = {"stamp": None, "words": {}}


def all_words() -> Mapping[str, int]:
    """Every word of any name, with its number. Kept by each process until there are others.

    Some ten thousand words serve a hundred thousand people.
    """
    now = NameWord.objects.aggregate(n=Count("id"), last=Max("id"), end=Max("word"), long=Sum(Length("word")))
    stamp = (connection.settings_dict["NAME"], *now.values())
    if _spoken["stamp"] != stamp:
        words = dict(NameWord.objects.values_list("word", "id"))
        _spoken.update(stamp=stamp, words=words)
        return words
    kept: Mapping[str, int] = _spoken["words"]
    return kept


def index_names(persons: Iterable[Person]) -> None:
    """Make the words of these persons what their names say now. Four queries, however many persons."""
    wanted = {person.pk: words_of(person) for person in persons}
    every = set().union(*wanted.values())
    with transaction.atomic():
        NameWord.objects.bulk_create([NameWord(word=word) for word in sorted(every)], ignore_conflicts=True)
        ids = dict(NameWord.objects.filter(word__in=every).values_list("word", "id"))
        pairs = {(pk, ids[word]) for pk, words in wanted.items() for word in words}
        known = PersonWord.objects.filter(person__in=wanted)
        have = {(row.person_id, row.word_id): row.pk for row in known}
        if gone := [id_ for pair, id_ in have.items() if pair not in pairs]:
            PersonWord.objects.filter(pk__in=gone).delete()
        PersonWord.objects.bulk_create(
            [PersonWord(person_id=pk, word_id=word) for pk, word in sorted(pairs - have.keys())],
            ignore_conflicts=True,
        )


def index_the_missing(using: str = "default") -> None:
    """Words for everyone who has none: after the migration that brought this table, or a restored backup."""
    missing = Person.objects.using(using).filter(words=None)
    while persons := list(missing.exclude(given_name="", family_name="")[:AT_ONCE]):
        index_names(persons)
