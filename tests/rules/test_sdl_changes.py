"""The schema against what was committed before: nothing that clients rely on goes or changes its meaning by accident.

Looked at are the last commit and, where that brought the present schema, the one before its change: whoever commits a
break together with its SDL is found as well.
"""

import contextlib
import subprocess
from functools import cache

import pytest
from graphql import GraphQLUnionType, build_schema
from graphql.utilities import DangerousChangeType, find_breaking_changes, find_dangerous_changes

from tests.rules.schema import SDL, ours
from tests.rules.sources import ROOT

ALLOWED = ROOT / "tests" / "rules" / "allowed_schema_changes.txt"
HARMLESS = {
    DangerousChangeType.OPTIONAL_ARG_ADDED, DangerousChangeType.OPTIONAL_INPUT_FIELD_ADDED,
    DangerousChangeType.IMPLEMENTED_INTERFACE_ADDED, DangerousChangeType.VALUE_ADDED_TO_ENUM,
}  # fmt: skip
"""Growth that docs/clients.md asks clients to expect."""


def changes(old: str, new: str) -> set[str]:
    """What clients of `old` could trip over in `new`; errors of mutations may grow, for each is a UserError."""
    before, after = build_schema(old), build_schema(new)
    dangerous = [
        change
        for change in find_dangerous_changes(before, after)
        if change.type not in HARMLESS
        and not (change.type is DangerousChangeType.TYPE_ADDED_TO_UNION and _is_of_errors(change.description))
    ]
    return {f"{change.type.name}: {change.description}" for change in [*find_breaking_changes(before, after), *dangerous]}


def _is_of_errors(description: str) -> bool:
    """`NotFoundError was added to union type CancelJobError.`"""
    return description.rstrip(".").endswith("Error")


@cache
def committed() -> tuple[str, ...]:
    """The schema of the last commit and that before its last change; on a machine without git the file as delivered."""
    revisions = _git("log", "--max-count=2", "--format=%H", "--", "api/schema.graphql").split()
    texts = [_git("show", f"{revision}:api/schema.graphql") for revision in revisions]
    return tuple(text for text in texts if text) or (SDL.read_text(encoding="utf-8"),)


def _git(*arguments: str) -> str:
    with contextlib.suppress(OSError):
        command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else ""
    return ""


def test_nothing_is_broken_unless_it_says_so() -> None:
    lines = ALLOWED.read_text(encoding="utf-8").splitlines()
    allowed = {line for line in lines if line and not line.startswith("#")}
    found = {change for old in committed() for change in changes(old, ours())}
    assert found - allowed == set(), f"additions are fine; what is meant to break goes into {ALLOWED.name}"


OLD = """
    type Query { a(x: Int = 1): Int  b: Int!  hit: Hit  fails: [FailError!] }
    union Hit = A  union FailError = A  enum E { ONE TWO }  type A { e: E }  type B { x: Int }  input I { n: Int }
"""


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("b: Int!", "", "FIELD_REMOVED: Field Query.b was removed."),
        ("b: Int!", "b: Int", "FIELD_CHANGED_KIND: Field Query.b changed type from Int! to Int."),
        ("(x: Int = 1)", "", "ARG_REMOVED: Argument Query.a(x:) was removed."),
        ("x: Int = 1", "x: Int = 2", "ARG_DEFAULT_VALUE_CHANGE: Query.a(x:) has changed defaultValue from 1 to 2."),
        ("ONE TWO", "ONE", "VALUE_REMOVED_FROM_ENUM: Enum value E.TWO was removed."),
        ("n: Int", "n: Int  m: Int!", "REQUIRED_INPUT_FIELD_ADDED: A required field I.m was added."),
        ("union Hit = A", "union Hit = A | B", "TYPE_ADDED_TO_UNION: B was added to union type Hit."),
    ],
)
def test_a_break_is_found(before: str, after: str, found: str) -> None:
    assert changes(OLD, OLD.replace(before, after, 1)) == {found}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("b: Int!", "b: Int!  c: Int"), ("x: Int = 1", "x: Int = 1, y: Int"), ("ONE TWO", "ONE TWO THREE"),
        ("n: Int", "n: Int  m: Int"), ("union FailError = A", "union FailError = A | B"),
    ],
)  # fmt: skip
def test_growth_is_no_break(before: str, after: str) -> None:
    assert changes(OLD, OLD.replace(before, after, 1)) == set()


def test_a_removal_from_our_own_schema_is_refused() -> None:
    without = ours().replace("\n  viewer: User\n", "\n  you: User\n")
    assert changes(ours(), without) == {"FIELD_REMOVED: Field Query.viewer was removed."}


def test_members_of_unions_are_what_the_texts_name() -> None:
    """The gate tells error unions by their name: every one is called so, and nothing else is."""
    unions = [each for each in build_schema(ours()).type_map.values() if isinstance(each, GraphQLUnionType)]
    for union in unions:
        is_all_errors = all("UserError" in [each.name for each in member.interfaces] for member in union.types)
        assert is_all_errors == union.name.endswith("Error"), union.name
