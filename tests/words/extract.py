"""The words of gettext in syntax trees, in templates and in the library, as `makemessages` would find them.

Decided here: found without the gettext programs, which a machine that tests need not have. What is written
for the practice alone (`for_practice`, docs/adr/0032-spanish-and-the-phone.md) is not a patient's word.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from django.template.base import Lexer, TokenType
from django.utils.translation.template import block_re, constant_re, endblock_re, inline_re, plural_re

from openkap.medicine.outcomes.published import rows as evidence
from openkap.medicine.protocols import Route
from openkap.medicine.rules import documents
from openkap.medicine.screening.selfcheck import steps
from tests.words.reach import Module, modules, templates
from tests.words.reach import of_patients as everything

ONE = {"gettext", "gettext_lazy", "gettext_noop"}
TWO = {"ngettext", "ngettext_lazy"}
FRAMEWORK = "django.utils.translation"


@dataclass(frozen=True, order=True)
class Word:
    """One entry: what is asked for, its plural or blank, and the module or template that asks."""

    msgid: str
    plural: str
    where: str


@cache
def of_patients() -> list[Word]:
    """Every word a patient or a stranger can meet on a page, in a letter or on paper."""
    reach = everything()
    return sorted({*_of_nodes(reach.nodes), *_of_templates(reach.templates), *of_library()})


def of_everyone() -> set[str]:
    """Every msgid anywhere in the product."""
    nodes = ((module, node) for module in modules().values() for node in module.tree.body)
    return {word.msgid for word in (*_of_nodes(nodes), *_of_templates(templates()), *of_library())}


def of_library() -> Iterator[Word]:
    """Short sentences of the library that a page hands to gettext: the self-check, evidence, crisis lines."""
    for step in steps():
        rules = [option.rule.title for option in step.options]
        for words in (step.about, step.asks, step.why, *(option.words for option in step.options), *rules):
            yield Word(words, "", "library/selfcheck")
    for rule in evidence().values():
        yield Word(rule.words["says"], "", "library/evidence")
    for route in Route:
        yield Word(route.words, "", "library/protocols")
    for document in documents("selfcheck"):
        for line in document.data.get("line", ()):
            yield Word(line["words"], "", "library/selfcheck")


def _of_nodes(nodes: Iterable[tuple[Module, ast.stmt]]) -> Iterator[Word]:
    for module, node in nodes:
        for call in ast.walk(node):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            home, name = module.imports.get(call.func.id, ("", ""))
            if home != FRAMEWORK or name not in ONE | TWO:
                continue
            texts = [
                a.value for a in call.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)
            ]
            if not texts:
                yield from _chosen(module, call.args[0])
            elif name in ONE:
                yield Word(texts[0], "", module.name)
            elif len(texts) == 2:
                yield Word(texts[0], texts[1], module.name)


def _chosen(module: Module, asked: ast.expr) -> Iterator[Word]:
    """`_(NAMES[what])`: every word that NAMES can give."""
    for name in {part.id for part in ast.walk(asked) if isinstance(part, ast.Name)}:
        home, original = module.imports.get(name, (module.name, name))
        for node in modules()[home].defines.get(original, ()) if home in modules() else ():
            for table in (part for part in ast.walk(node) if isinstance(part, ast.Dict)):
                for value in table.values:
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        yield Word(value.value, "", home)


def _of_templates(names: Iterable[str]) -> Iterator[Word]:
    for name in names:
        for msgid, plural in words_in(templates()[name].read_text(encoding="utf-8")):
            yield Word(msgid, plural, name)


def words_in(template: str) -> Iterator[tuple[str, str]]:
    """`{% trans %}`, `{% blocktrans %}` and `_("…")` of one template's text."""
    singular: list[str] | None = None
    plural: list[str] | None = None
    for token in Lexer(template).tokenize():
        if singular is None:
            if token.token_type == TokenType.BLOCK and block_re.match(token.contents):
                singular, plural = [], None
            elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
                yield from _inline(token.contents)
        elif token.token_type == TokenType.BLOCK and plural_re.match(token.contents):
            plural = []
        elif token.token_type == TokenType.BLOCK and endblock_re.match(token.contents):
            yield "".join(singular), "".join(plural or ())
            singular = None
        else:
            part = token.contents.replace("%", "%%")
            (singular if plural is None else plural).append(
                f"%({part})s" if token.token_type == TokenType.VAR else part
            )


def _inline(contents: str) -> Iterator[tuple[str, str]]:
    if found := inline_re.match(contents):
        yield found[1][1:-1].replace("%", "%%"), ""
    for constant in constant_re.findall(contents):
        yield constant[1:-1].replace("%", "%%"), ""
