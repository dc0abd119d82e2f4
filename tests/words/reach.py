"""What a patient's pages can come to: functions, classes, constants and templates, by name.

Decided here: a module is too coarse (one file of reads serves patients and staff), so reach goes by name.
From everything defined in the patient's and the public desk, the door and the letters, each name that is
mentioned is followed to where it is defined, and from there on; a template that is named brings its
includes and components. It errs on the side of too much: a method is reached with its class.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from openkap.door.language import is_staff_room
from tests.house.tree import ROOT, SOURCE

# Whole rooms: everything defined there is for patients and strangers, or may be.
DOORSTEP = (
    "openkap.desks.patient",
    "openkap.desks.public",
    "openkap.door",
    "openkap.records.facts.ending",
    "openkap.steps.links",
    "openkap.ui.templatetags",
)
ALWAYS_SHOWN = (
    "errors/",
    "account/login.html",
    "account/account_inactive.html",
    "layouts/patient.html",
    "layouts/public.html",
    "layouts/print.html",
)
_ALSO = re.compile(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""")
_COMPONENT = re.compile(r"<c-([a-z_.-]+)")
_NO_COMPONENT = {"slot", "vars"}


@dataclass
class Module:
    """One Python file: what it defines at its top, and where its other names come from."""

    name: str
    tree: ast.Module
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    defines: dict[str, list[ast.stmt]] = field(default_factory=dict)
    loose: list[ast.stmt] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> Module:
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        tree = ast.parse(path.read_text(encoding="utf-8"))
        module = cls(".".join(parts[:-1] if parts[-1] == "__init__" else parts), tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    module.imports[alias.asname or alias.name] = (node.module, alias.name)
        for node in tree.body:
            names = list(_named(node))
            for name in names:
                module.defines.setdefault(name, []).append(node)
            if not names:
                module.loose.append(node)
        return module


def _named(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))


@cache
def modules() -> dict[str, Module]:
    """Every module of the product by its full name, but migrations."""
    found = [Module.read(path) for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
    return {module.name: module for module in found}


@cache
def templates() -> dict[str, Path]:
    """Every template by the name it is asked for."""
    found = SOURCE.rglob("templates/**/*.html")
    return {path.as_posix().split("/templates/", 1)[1]: path for path in found}


class Reach:
    """Everything that can be come to from `rooms` and from `pages` (beginnings of template names)."""

    def __init__(self, rooms: Iterable[str] = DOORSTEP, pages: Iterable[str] = ALWAYS_SHOWN) -> None:
        self.nodes: list[tuple[Module, ast.stmt]] = []
        self.templates: set[str] = set()
        self._seen: set[tuple[str, str]] = set()
        self._open: list[tuple[str, str]] = []
        begins = tuple(rooms)
        for name, module in modules().items():
            if any(name == room or name.startswith(f"{room}.") for room in begins):
                self._open += [(name, defined) for defined in module.defines]
                for node in module.loose:
                    self._visit(module, node)
        for page in templates():
            if page.startswith(tuple(pages)):
                self._template(page)
        while self._open:
            self._follow(*self._open.pop())

    @cached_property
    def where(self) -> frozenset[str]:
        """The names of all files that are reached, for a report."""
        return frozenset({module.name for module, _node in self.nodes} | self.templates)

    def _follow(self, name: str, defined: str) -> None:
        if (name, defined) not in self._seen and not is_staff_room(name):
            self._seen.add((name, defined))
            for node in modules()[name].defines[defined]:
                self._visit(modules()[name], node)

    def _visit(self, module: Module, node: ast.stmt) -> None:
        self.nodes.append((module, node))
        for part in ast.walk(node):
            if isinstance(part, ast.Name):
                self._mention(module, part.id)
            elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                whole = ".".join(module.imports.get(part.value.id, ("", "")))
                if whole in modules():
                    self._mention(modules()[whole], part.attr)
            elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                self._template(part.value)

    def _mention(self, module: Module, name: str) -> None:
        for _again in range(8):  # a name may be handed on through several modules
            if name in module.defines:
                self._open.append((module.name, name))
                return
            home, original = module.imports.get(name, ("", ""))
            if home not in modules():
                return
            module, name = modules()[home], original

    def _template(self, name: str) -> None:
        if name in self.templates or name not in templates():
            return
        self.templates.add(name)
        text = templates()[name].read_text(encoding="utf-8")
        wanted = _ALSO.findall(text)
        wanted += [
            f"cotton/{part.replace('-', '_').replace('.', '/')}.html"
            for part in _COMPONENT.findall(text)
            if part not in _NO_COMPONENT
        ]
        for other in wanted:
            self._template(other)


@cache
def of_patients() -> Reach:
    """Everything a patient or a stranger can come to; followed once in a run."""
    return Reach()


def shown(name: str) -> str:
    """The path of a module or a template within the repository."""
    path = templates().get(name) or SOURCE.parent / (name.replace(".", "/") + ".py")
    return path.relative_to(ROOT).as_posix()
