"""Path mapping: what another program of the house calls a file, and what we call it, by rules that name the same place twice.

A path is read into a place (which disk or server) and parts; a rule fits when its place is the same and its parts are the
first ones, so a rule never ends inside a name. The longest fitting rule wins, once: nothing is applied to its result. The
result is written as the side it belongs to writes paths. `..` is resolved before anything is compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.libraries.spellings import Place, local_place, readings, rule_place, written


@dataclass(frozen=True, slots=True)
class Rule:
    """The same folder, as the other program calls it and as we do."""

    remote: str
    local: str


class Direction(StrEnum):
    """Which way a path is mapped."""

    TO_LOCAL = "to_local"
    """From the other program's to ours."""
    TO_REMOTE = "to_remote"
    """From ours to the other program's."""


class StepKind(StrEnum):
    """What happened in one step of a mapping."""

    READ = "read"
    """The path was read: its place, its parts, doubled separators and `..` gone."""
    PASSED = "passed"
    """A rule does not fit."""
    SHADOWED = "shadowed"
    """A rule fits, but another one comes first: a longer one, or one that leads back."""
    APPLIED = "applied"
    """A rule fits and was applied."""
    UNMATCHED = "unmatched"
    """No rule fits, or there is none: the path stays."""
    OUTSIDE = "outside"
    """Our side of it lies in no library, or is no path of ours; whoever knows the libraries adds this step."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step, in words; `result` is the path after it."""

    kind: StepKind
    message: str
    result: str
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A mapping with every step to it."""

    result: str
    rule: Rule | None
    steps: tuple[Step, ...]
    leads_back: bool
    """The result, mapped the other way, is the path again."""


@dataclass(frozen=True, slots=True)
class _Fit:
    rule: Rule
    index: int
    length: int
    path: Place
    """As it was read when the rule fitted."""
    result: str
    exact: bool


def to_local(path: str, rules: Sequence[Rule]) -> str:
    """Our path for another program's. Without a fitting rule it is the path itself, normalised.

    It is text, no promise: whoever opens it asks first whether it lies in a folder of a library.
    """
    best = _best_to_local(path, rules)
    return written(readings(path)[0]) if best is None else best.result


def to_remote(path: str, rules: Sequence[Rule]) -> str:
    """The other program's path for ours, without a separator at its end. Without a fitting rule the path, normalised."""
    best = _best_to_remote(path, rules)
    return written(local_place(path)) if best is None else best.result


def explain(path: str, rules: Sequence[Rule], direction: Direction) -> Explanation:
    """Map a path and tell each step; the rules are listed in the order in which they were tried."""
    local = direction is Direction.TO_LOCAL
    best = _best_to_local(path, rules) if local else _best_to_remote(path, rules)
    reading = best.path if best is not None else readings(path)[0] if local else local_place(path)
    normal = written(reading)
    steps = [Step(StepKind.READ, reading.described, normal)]
    ordered = sorted(enumerate(rules), key=lambda each: (-len(_side(each[1], local).parts), each[0]))
    for index, rule in ordered:
        side = _side(rule, local)
        fits = _fits(side, reading) is not None
        if best is not None and best.index == index:
            steps.append(Step(StepKind.APPLIED, _applied(best, local), best.result, rule))
        elif fits:
            steps.append(Step(StepKind.SHADOWED, "It fits, but another rule comes first.", normal, rule))
        else:
            steps.append(Step(StepKind.PASSED, _why_not(side, reading), normal, rule))
    if best is None:
        steps.append(
            Step(
                StepKind.UNMATCHED,
                "No rule fits: the path stays as it is." if rules else "There are no rules: the path stays as it is.",
                normal,
            )
        )
        return Explanation(normal, None, tuple(steps), leads_back=True)
    back = to_remote(best.result, rules) if local else to_local(best.result, rules)
    return Explanation(best.result, best.rule, tuple(steps), same_place(back, path, local=not local))


def same_place(one: str, other: str, *, local: bool) -> bool:
    """Whether two paths of the same side mean the same file, however they are written."""
    if local:
        return _key(local_place(one)) == _key(local_place(other))
    return any(_key(a) == _key(b) for a in readings(one) for b in readings(other))


def _best_to_local(path: str, rules: Sequence[Rule]) -> _Fit | None:
    for reading in readings(path):
        fits = [
            _Fit(rule, index, length, reading, written(local_place(rule.local), rest), exact)
            for index, rule in enumerate(rules)
            for length, rest, exact in [_fits(rule_place(rule.remote), reading) or (-1, (), False)]
            if length >= 0
        ]
        if fits:
            return max(fits, key=lambda fit: (fit.length, fit.exact, -fit.index))
    return None


def _best_to_remote(path: str, rules: Sequence[Rule]) -> _Fit | None:
    reading = local_place(path)
    fits = [
        _Fit(rule, index, length, reading, written(rule_place(rule.remote), rest), exact)
        for index, rule in enumerate(rules)
        for length, rest, exact in [_fits(local_place(rule.local), reading) or (-1, (), False)]
        if length >= 0
    ]
    fits.sort(key=lambda fit: (-fit.length, fit.index))
    own = _key(reading)
    back = (fit for fit in fits if _key(local_place(to_local(fit.result, rules))) == own)
    return next(back, fits[0] if fits else None)


def _fits(rule: Place, path: Place) -> tuple[int, tuple[str, ...], bool] | None:
    """How many parts of the path a rule covers, the parts after them, and whether it has them letter for letter."""
    path = path.as_written_like(rule)
    length = len(rule.parts)
    if rule.home != path.home or length > len(path.parts):
        return None
    if any(rule.compared(a) != rule.compared(b) for a, b in zip(rule.parts, path.parts, strict=False)):
        return None
    return length, path.parts[length:], rule.parts == path.parts[:length]


def _key(place: Place) -> tuple[str, tuple[str, ...]]:
    return place.home, tuple(place.compared(part) for part in place.parts)


def _side(rule: Rule, local: bool) -> Place:
    return rule_place(rule.remote) if local else local_place(rule.local)


def _applied(fit: _Fit, local: bool) -> str:
    start, end = (fit.rule.remote, fit.rule.local) if local else (fit.rule.local, fit.rule.remote)
    rest = "/".join(fit.path.parts[fit.length :])
    return f"{start} becomes {end}, and {rest or 'nothing'} follows."


_MOST_PARTS_TOLD: Final = 60
"""Characters of a name in an explanation."""


def _why_not(rule: Place, path: Place) -> str:
    path = path.as_written_like(rule)
    if rule.home != path.home:
        return f"Another place: the rule is {rule.described_home}, the path {path.described_home}."
    for index, part in enumerate(rule.parts):
        if index >= len(path.parts):
            return f"The path ends before the rule does: {part[:_MOST_PARTS_TOLD]} is missing."
        if rule.compared(part) != path.compared(path.parts[index]):
            return f"{path.parts[index][:_MOST_PARTS_TOLD]} is not {part[:_MOST_PARTS_TOLD]}."
    return "It fits."
