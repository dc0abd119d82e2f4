"""A practice's own numbers are used wherever medicine is asked: no page or step asks the library alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.tree import modules

# What reads only words of the library, or numbers that no practice sets (`medicine/settable.py`).
ONLY_WORDS = {
    *("areas", "call_rule", "choices", "crisis_line", "ctcae_versions", "expectedness", "findings"),
    *("from_a_vial", "further", "grades", "homework_kinds", "honest_words", "in_units", "is_screener"),
    *("indications", "journal_prompts", "listed", "may_ask_of_safety", "may_follow", "minutes_of"),
    *("misuse_flags", "modalities", "nagging", "opened_by_screens", "outcomes", "plan_by", "product_of"),
    *("pulses", "questions", "reasons_to_end", "rescue_list", "rest_until", "scales", "screener_for"),
    *("screens_for", "serious_by", "session_parts", "steps", "stop_rules", "strange_strength", "term_of"),
    *(
        "terms",
        "raises_safety",
        "tries",
        "unanswered",
        "watched_all_the_time",
        "way_findings",
        "who_mends",
        "worse_outcome",
    ),
    *("check_after_hold", "check_label", "device_mg", "units_in", "ways_of", "still_asked"),
}
# Rooms that speak of the library itself, and invent people who live by it.
OF_THE_LIBRARY = ("src/openkap/medicine/", "src/openkap/commands/", "src/openkap/demonstration/")
# Titles and reasons of rules, and what may be typed at all: no number that a practice sets.
MAY_ASK = {
    *("desks/clinic/evaluation_form.py", "desks/clinic/misuse.py", "desks/floor/gate_lines.py"),
    *("desks/floor/order_forms.py", "reads/behind.py", "reads/evaluation.py", "reads/findings.py"),
    *(
        "reads/law.py",
        "reads/living.py",
        "reads/oversight/rules.py",
        "reads/source_list.py",
        "records/facts/law.py",
        "records/facts/way_change.py",
    ),
    *("records/facts/ways.py", "steps/rule_changes.py", "ui/templatetags/law.py"),
}


def test_what_reads_a_number_is_given_the_practices_own() -> None:
    takes = {(module, name) for module, name in _that_take_rules()}
    assert len(takes) > 50
    alone = [
        f"{name}:{line} {called}"
        for name, tree in modules().items()
        if name.startswith("src/") and not name.startswith(OF_THE_LIBRARY)
        for line, called in _asked_alone(tree, takes)
        if called not in ONLY_WORDS
    ]
    assert alone == [], "hand it rules_at(organisation, at), or rules_of(session, at) for a dose"


def test_no_page_and_no_step_reads_a_number_of_the_library_itself() -> None:
    asking = {
        name.removeprefix("src/openkap/")
        for name, tree in modules().items()
        if name.startswith("src/") and not name.startswith(OF_THE_LIBRARY)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "library"
    }
    assert sorted(asking - MAY_ASK) == []


def _that_take_rules() -> Iterator[tuple[str, str]]:
    for name, tree in modules().items():
        if name.startswith("src/openkap/medicine/") and "/protocols/" not in name:
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and {"ruleset", "rules"} & set(_arguments(node)):
                    yield name.removeprefix("src/").removesuffix(".py").replace("/", "."), node.name


def _arguments(node: ast.FunctionDef) -> list[str]:
    return [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]


def _asked_alone(tree: ast.Module, takes: set[tuple[str, str]]) -> Iterator[tuple[int, str]]:
    """Calls of these functions, by whatever name, in which nothing is called a set of rules."""
    names = {function for _module, function in takes}
    known: set[str] = set()
    places: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("openkap.medicine"):
            for one in node.names:
                (known if one.name in names else places).add(one.asname or one.name)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        func = node.func
        if isinstance(func, ast.Name) and func.id in known:
            called = func.id
        elif isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in places:
            called = func.attr
        else:
            continue
        given = [*node.args, *(one.value for one in node.keywords)]
        if called in names and not any(_is_rules(one) for one in given):
            yield node.lineno, called


def _is_rules(node: ast.expr) -> bool:
    words = ast.unparse(node)
    return words.split(".")[-1] in ("rules", "ruleset") or (
        words.endswith((".rules()", ")"))
        and any(each in words for each in ("rules_at(", "rules_of(", "law.at(", ".law.at("))
    )
