"""A `.po` file as a dictionary, and the skeleton of what it lacks: `python -m tests.words.catalog`.

Decided here: read as it is kept, so that a test needs no compiled file; only what our own catalog uses
(msgid, msgid_plural, msgstr) is understood.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.house.tree import SOURCE

SPANISH = SOURCE / "ui" / "locale" / "es" / "LC_MESSAGES" / "django.po"
_LINE = re.compile(r'^(msgid_plural|msgid|msgstr(?:\[\d\])?)?\s*(".*")$')


def entries(path: Path = SPANISH) -> list[dict[str, str]]:
    """Each entry with its parts by name: msgid, msgid_plural, msgstr, msgstr[0], msgstr[1]."""
    found: list[dict[str, str]] = []
    part = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not (match := _LINE.match(line.strip())):
            continue
        if match[1] == "msgid":
            found.append({})
        part = match[1] or part
        found[-1][part] = found[-1].get(part, "") + ast.literal_eval(match[2])
    return [entry for entry in found if entry["msgid"]]


def catalog(path: Path = SPANISH) -> dict[str, tuple[str, ...]]:
    """msgid to its translations: one, or one for each plural form."""
    return {
        entry["msgid"]: tuple(words for part, words in entry.items() if part.startswith("msgstr"))
        for entry in entries(path)
    }


def quoted(words: str) -> str:
    """Words as a line of a `.po` file."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def main() -> None:
    """Print an entry for each word that has none yet."""
    import django

    django.setup()
    from tests.words.extract import of_patients

    known = catalog()
    for word in of_patients():
        if word.msgid not in known:
            known[word.msgid] = ("",)
            plural = [f"msgid_plural {quoted(word.plural)}", 'msgstr[0] ""', 'msgstr[1] ""']
            print("", f"#: {word.where}", f"msgid {quoted(word.msgid)}", sep="\n")
            print(*(plural if word.plural else ['msgstr ""']), sep="\n")


if __name__ == "__main__":
    main()
