"""The states page of the manual, drawn from the tables.

Decided here: nothing. `page()` is the whole text of `docs/reference/states.md`; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator

from openkap.medicine.course.states import COURSE, SESSION, Table

OPENING = """# States

What a course and a session can be, and what may follow what. This page is drawn from the tables in
`medicine/course/states.py`; `python -m openkap.medicine.course.diagram > docs/reference/states.md`
draws it anew.
"""


def page() -> str:
    """Both tables as lists and diagrams, in Markdown with Mermaid."""
    return "\n".join([OPENING, *_chapter(COURSE), *_chapter(SESSION)])


def mermaid(table: Table) -> str:
    """One table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {table.start}"]
    for state, verbs in table.moves.items():
        lines += [f"    {state} --> {after}: {table.does[verb]}" for verb, after in verbs.items()]
    lines += [f"    {state} --> [*]" for state in table.ended]
    return "\n".join(lines)


def _chapter(table: Table) -> Iterator[str]:
    yield f"## A {table.name}\n"
    yield "| State | It is | Whose turn | What may follow |"
    yield "|---|---|---|---|"
    for state, said in table.words.items():
        moves = table.moves[state].items()
        follow = ", ".join(f"{table.does[verb]} (`{after}`)" for verb, after in moves) or "nothing"
        yield f"| `{state}` | {said} | {table.owner.get(state, 'nobody')} | {follow} |"
    # Last, since a reader that draws no diagrams shows its text.
    yield f"\nThe same as a diagram:\n\n```mermaid\n{mermaid(table)}\n```\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
