"""The page of acceptance checks names every test of theirs, and no other."""

import re

from tests.rules.sources import ROOT

NAMED = re.compile(r"`(tests/[a-z_/]+\.py)::(test_acceptance_\w+)`")
DEFINED = re.compile(r"^(?:async )?def (test_acceptance_\w+)", re.MULTILINE)
CHECKS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16}


def test_each_acceptance_check_has_its_tests_by_number() -> None:
    told: dict[int, set[tuple[str, str]]] = {}
    for line in (ROOT / "docs" / "acceptance.md").read_text(encoding="utf-8").splitlines():
        if number := re.match(r"\| (\d+) \|", line):
            told[int(number[1])] = set(NAMED.findall(line))
    assert told.keys() == CHECKS
    for number, tests in told.items():
        assert tests
        assert {name for _, name in tests if not re.match(rf"test_acceptance_(\d+_and_)?{number}_", name)} == set()
    found = {
        (str(path.relative_to(ROOT)), name)
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in DEFINED.findall(path.read_text(encoding="utf-8"))
    }
    assert set().union(*told.values()) == found
