"""What the repository holds: our own sources, of a readable size, without leftovers or others' files."""

from __future__ import annotations

import ast
import re

from tests.house.tree import ROOT, SOURCE, files, modules, name_of, texts, under

LONGEST_FILE, LONGEST_FUNCTION = 450, 80
BUILT_OR_FOREIGN = re.compile(r"\.(min\.js|min\.css|woff2?|ttf|otf|map|mo|whl|sqlite3|pyc|so|jar)$")
LARGEST_FILE = 1_000_000
# Spelled in two parts so that this file does not find itself.
LEFTOVERS = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|[<]{7} |[>]{7} ")
OF_ONE_MACHINE = re.compile(
    r"/wo" + r"rk/(ma" + r"in|sha" + r"red|\.)|/ro" + r"ot/|/ho" + r"me/[a-z]+/|/tm" + r"p/[a-z]+"
)
# Written in pieces, as above, so that this file does not name what it looks for.
INDEXES = re.compile(
    r"files\.python" + r"hosted|py" + r"pi\.org|registry\.np" + r"mjs|--(extra-)?index-url|--find-links"
)


def test_no_file_is_too_long_to_read() -> None:
    long = {
        name: len(text.splitlines())
        for name, text in texts().items()
        if name.endswith((".py", ".js", ".mjs", ".css")) and "/migrations/" not in name
    }
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_too_long_to_hold_in_mind() -> None:
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_every_module_says_what_it_decides() -> None:
    # An __init__ that holds nothing needs no words.
    silent = [name for name, tree in modules().items() if tree.body and not ast.get_docstring(tree)]
    assert [name for name in silent if under(name, "src", "tests", "bin", "bench")] == []


def test_nothing_is_left_over() -> None:
    assert [name for name, text in texts().items() if LEFTOVERS.search(text)] == []


def test_nothing_names_one_machine() -> None:
    assert [name for name, text in texts().items() if OF_ONE_MACHINE.search(text)] == []


def test_no_built_or_foreign_file_is_kept() -> None:
    assert [name_of(path) for path in files() if BUILT_OR_FOREIGN.search(path.name)] == []
    assert [name_of(path) for path in files() if path.stat().st_size > LARGEST_FILE] == []


def test_locks_hold_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-build.lock"):
        text = texts()[name]
        assert not re.search(r"://", text), name
        assert not INDEXES.search(text), name
        pinned = re.findall(r"^(\S+==[^\s\\]+)[^\n]*\n( +--hash=sha256:[0-9a-f]{64})?", text, re.MULTILINE)
        assert pinned
        assert [pin for pin, its_hash in pinned if not its_hash] == []
    assert not re.search(r'://|"resolved"', texts()["package-lock.json"])


def test_development_uses_the_versions_that_sites_use() -> None:
    def pins(lock: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", texts()[lock], re.MULTILINE))

    runtime, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: version for name, version in runtime.items() if development.get(name) != version} == {}


def test_no_test_is_skipped_or_sleeps() -> None:
    # The names in two parts, as above. serving and browser helpers wait for events, never for time.
    banned = {
        "sk" + "ip",
        "sk" + "ipif",
        "xf" + "ail",
        "importor" + "skip",
        "sle" + "ep",
        "wait_for_time" + "out",
    }
    found = [
        f"{name}:{node.lineno} {node.attr}"
        for name, tree in modules().items()
        if under(name, "tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in banned
    ]
    assert found == []


def test_every_test_asserts_or_expects() -> None:
    vacuous = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in modules().items()
        if under(name, "tests")
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_")
        if not _checks_something(node)
    ]
    assert vacuous == []


def test_errors_are_not_swallowed() -> None:
    swallowed = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        if under(name, "src")
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and _does_nothing(node)
    ]
    assert swallowed == []


def test_templates_and_styles_ask_no_other_machine() -> None:
    asks = re.compile(
        r"""(src|href|action)\s*=\s*["']?(https?:)?//|url\(\s*["']?(https?:)?//|@import\s+["'](https?:)?//"""
    )
    found = [
        name
        for name, text in texts().items()
        if under(name, name_of(SOURCE)) and name.endswith((".html", ".css", ".js")) and asks.search(text)
    ]
    assert found == []


def test_licence_is_whole() -> None:
    licence = (ROOT / "LICENSE").read_text()
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


def _checks_something(test: ast.AST) -> bool:
    for node in ast.walk(test):
        if isinstance(node, (ast.Assert, ast.Raise)):
            return True
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            # A helper that checks says so in its name.
            if called in {
                "raises",
                "fail",
                "axe",
                "expect",
                "django_assert_num_queries",
                "django_assert_max_num_queries",
            } or called.startswith(("assert_", "check", "refuses", "sees")):
                return True
    return False


def _is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or (isinstance(handler.type, ast.Name) and "Exception" in handler.type.id)


def _does_nothing(handler: ast.ExceptHandler) -> bool:
    return all(isinstance(part, (ast.Pass, ast.Continue)) for part in handler.body)
