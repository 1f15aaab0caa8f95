"""What a reference sheet allows of requests, as rules in a line each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A request that the sheet knows: its verb, what its path looks like, and what its query may name and has to."""

    method: str
    path: str
    may: frozenset[str] = frozenset()
    must: frozenset[str] = frozenset()


def rules(*lines: str, **shorthands: str) -> tuple[Rule, ...]:
    """Rules as `VERB path ?may&may !must&must`; `{id}` and the like stand for a segment, or for what `shorthands` says."""
    found = []
    for line in lines:
        method, path, *rest = line.split()
        names: Mapping[str, frozenset[str]] = {part[0]: frozenset(part[1:].split("&")) for part in rest}
        pattern = re.sub(r"\{(\w+)\}", lambda match: shorthands.get(match[1], "[^/]+"), path)
        found.append(Rule(method, pattern, names.get("?", frozenset()), names.get("!", frozenset())))
    return tuple(found)
