"""Two views of one library, field by field: what differs, what is counted, and the few differences that are right."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.kodi.shape import Fields, Key, Shown


@dataclass(frozen=True)
class Otherwise:
    """A field that Kodi shows otherwise on purpose: what it has to show instead, from Marquee's fields, and why."""

    expected: Callable[[Fields], Any]
    reason: str


Exceptions = Mapping[tuple[str, str], Otherwise]


def _length(fields: Fields) -> Any:
    return fields["length"]


def _day(fields: Fields) -> Any:
    return fields["release date"] or "1970-01-01"


def _decisive(fields: Fields) -> Any:
    return fields["certificates"][:1]


_FILE = "Kodi shows how long the file plays as soon as it knows its streams; Marquee shows what the sources say"
_UNKNOWN_DAY = "Kodi gives an episode whose day nobody knows the first of January 1970"
_FIRST = "Kodi keeps one text, which players and skins take for one certificate: we publish the one that decides"
EXCEPTIONS: Exceptions = {
    ("film", "runtime"): Otherwise(_length, _FILE),
    ("episode", "runtime"): Otherwise(_length, _FILE),
    ("episode", "release date"): Otherwise(_day, _UNKNOWN_DAY),
}
PUBLISHED: Exceptions = {
    **EXCEPTIONS,
    ("film", "certificates"): Otherwise(_decisive, _FIRST),
    ("series", "certificates"): Otherwise(_decisive, _FIRST),
}
"""What holds where Marquee has written the NFO files, too."""


@dataclass
class Row:
    """The comparison of one field of one kind: items, those in which it says something, those in which it differs."""

    items: int = 0
    filled: int = 0
    different: int = 0


@dataclass
class Comparison:
    """What was found: a row for each kind and field, and every difference as a line to read."""

    exceptions: Exceptions
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    items: Counter[str] = field(default_factory=Counter)

    def never_filled(self) -> list[str]:
        """Fields in which no item says anything: of these the comparison proves nothing."""
        return [f"{kind}: {name}" for (kind, name), row in self.rows.items() if not row.filled]

    def table(self) -> str:
        """The rows, as text in columns."""
        lines = [f"{'':11} {'field':<16} {'items':>6} {'filled':>7} {'differ':>7}"]
        before = ""
        for (kind, name), row in self.rows.items():
            note = "  *" if (kind, name) in self.exceptions else ""
            lines.append(
                f"{kind if kind != before else '':11} {name:<16} {row.items:>6} {row.filled:>7} {row.different:>7}{note}"
            )
            before = kind
        total = sum(row.items for row in self.rows.values())
        filled = sum(row.filled for row in self.rows.values())
        lines.append(f"{'all':11} {'':16} {total:>6} {filled:>7} {sum(row.different for row in self.rows.values()):>7}")
        reasons: dict[str, list[str]] = {}
        for (kind, name), one in self.exceptions.items():
            reasons.setdefault(one.reason, []).append(f"{name} of {kind}")
        lines += [f"  * {', '.join(names)}: {reason}" for reason, names in reasons.items()]
        return "\n".join(lines)


def compare(kodi: Shown, marquee: Shown, exceptions: Exceptions = EXCEPTIONS) -> Comparison:
    """Every field of every item that either side has."""
    found = Comparison(exceptions)
    for key in sorted(kodi.keys() | marquee.keys()):
        if key not in kodi or key not in marquee:
            found.differences.append(f"{_name(key)}: only {'Marquee' if key in marquee else 'Kodi'} has it")
            continue
        found.items[key[0]] += 1
        _compare_fields(found, key, kodi[key], marquee[key])
    return found


def _compare_fields(found: Comparison, key: Key, kodi: Fields, marquee: Fields) -> None:
    kind = key[0]
    for name, shown in kodi.items():
        if name not in marquee:
            raise KeyError(f"{kind}: {name} is read from Kodi only")
        exception = found.exceptions.get((kind, name))
        wanted = exception.expected(marquee) if exception else marquee[name]
        row = found.rows.setdefault((kind, name), Row())
        row.items += 1
        row.filled += bool(shown or wanted)
        if shown != wanted:
            row.different += 1
            found.differences.append(f"{_name(key)}: {name}\n    Kodi     {shown!r}\n    Marquee  {wanted!r}")
    if extra := marquee.keys() - kodi.keys():
        raise KeyError(f"{kind}: {', '.join(sorted(extra))} read from Marquee only")


def _name(key: Key) -> str:
    return " ".join(key)
