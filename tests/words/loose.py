"""Words that stand in a template or a message without gettext: no translation can ever reach them.

Decided here: in a template, any word between its tags, in an attribute that is read aloud or handed to a
component; in Python, whatever is handed straight to what a person reads (a refusal, a toast, a label).
A sentence written for the practice alone has its own way (`for_practice`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from django.template.base import Lexer, TokenType
from django.utils.translation.template import block_re, endblock_re

from tests.words.reach import Module, templates

SAID_BY = {"Refused", "Stale", "ValidationError", "success", "info", "warning", "error", "add_error"}
SAID_AS = {"label", "help_text", "says", "hint", "empty_label", "error_messages"}
# Rooms in which every sentence is for patients or strangers, wherever it stands.
PATIENTS_ROOMS = ("openkap.desks.patient.", "openkap.desks.public.")
SENTENCE = re.compile(r"^[A-Z][a-z'’]* [a-z]")
WORD = re.compile(r"[A-Za-z]{3}")
_HIDDEN = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<(script|style)\b.*?</\1>", re.DOTALL)
_READ = re.compile(r"""\b(?:aria-label|alt|title|placeholder|label|says|why|words)="([^"]*)""")
_NOT_SAID = re.compile(r"""<[^>]*>|\b[\w-]+="[^"]*"?|"[^"]*"?>?""")
_BLOCK = re.compile(
    r"{%\s*block (?:theme|referrer|body_class|body_attrs|held|styles|scripts|head)\s*%}"
    r".*?{%\s*endblock[^%]*%}",
    re.DOTALL,
)
_CUT = "\x00"
# As they are called in our modules.
GETTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "for_practice"}
# Names of keys as they stand on the keyboard.
SAME = {"Esc"}


def in_template(text: str) -> list[str]:
    """Words of one template that no `trans` surrounds."""
    shown, inside = "", False
    for token in Lexer(_BLOCK.sub("", _HIDDEN.sub("", text))).tokenize():
        if token.token_type == TokenType.BLOCK and block_re.match(token.contents):
            inside = True
        elif token.token_type == TokenType.BLOCK and endblock_re.match(token.contents):
            inside = False
        elif token.token_type == TokenType.TEXT and not inside:
            shown += token.contents
            continue
        shown += _CUT
    aloud = [words for words in _READ.findall(shown) if _CUT not in words and " " in words.strip()]
    between = re.split(f"[{_CUT}\n]", _NOT_SAID.sub(_CUT, shown))
    return [words.strip() for words in (*aloud, *between) if WORD.search(words) and words.strip() not in SAME]


def in_templates(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each with the template it stands in."""
    for name in sorted(names):
        for words in in_template(templates()[name].read_text(encoding="utf-8")):
            yield name, words


def in_nodes(nodes: Iterable[tuple[Module, ast.stmt]]) -> Iterator[tuple[str, str]]:
    """Bare sentences handed to what a person reads, each with its module and line. What a record says of its
    own columns is for those who read the code."""
    for module, node in nodes:
        if module.name.startswith("openkap.records."):
            continue
        bare = _in_patients_room(node) if module.name.startswith(PATIENTS_ROOMS) else ()
        calls = (call for call in ast.walk(node) if isinstance(call, ast.Call))
        for given in (*bare, *(said for call in calls for said in _said(call))):
            yield f"{module.name}:{given.lineno}", ast.unparse(given)


def _said(call: ast.Call) -> Iterator[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    to_the_log = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "log"
    given = [*call.args] if name in SAID_BY and not to_the_log else []
    given += [pair.value for pair in call.keywords if pair.arg in SAID_AS]
    for value in given:
        parts = [value, *(value.values if isinstance(value, ast.JoinedStr | ast.Dict) else ())]
        if any(isinstance(part, ast.Constant) and _is_sentence(part.value) for part in parts):
            yield value


def _in_patients_room(node: ast.stmt) -> Iterator[ast.Constant]:
    heard = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and getattr(part.func, "id", "") in GETTEXT:
            heard |= {id(given) for given in ast.walk(part)}
        elif isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant):
            heard.add(id(part.value))
    for part in ast.walk(node):
        if not isinstance(part, ast.Constant) or id(part) in heard:
            continue
        if isinstance(part.value, str) and SENTENCE.match(part.value):
            yield part


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and " " in value.strip() and WORD.search(value) is not None
