"""What is asked of an item, what follows from it, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from domain.catalog.enums import LockState, RowOutcome
from domain.kit.errors import DomainError, Invalid
from domain.kit.spelling import camel

TEXTS: Final = frozenset({"title", "sort_title", "original_title", "edition", "tagline", "plot", "outline"})
"""Fields in which text can be replaced."""
LONGEST: Final = 50_000
"""Characters of a text in which something was replaced, before it is cleaned and measured."""
_DATES: Final = ("release_date", "end_date")


class _Folding(dict[int, str]):
    """Each letter's form without case, where that is one letter too: places in both texts are the same."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = next((form for form in (letter.casefold(), letter.lower()) if len(form) == 1), letter)
        return self[code]


_FOLDING: Final = _Folding()


def folded(text: str) -> str:
    """The text without upper and lower case, letter by letter; `str.count` and `index` on it take linear time, `re` does not."""
    return text.translate(_FOLDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesEdit:
    """A list of names that gains and loses some."""

    add: Sequence[str] = ()
    remove: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """Text to find in a field and what to put in its place; every occurrence."""

    field: str
    find: str
    replace: str
    ignore_case: bool = False

    def apply(self, text: str) -> str:
        """The text with the replacement made. Raises Invalid where that would be longer than any field may be."""
        where, find = (folded(text), folded(self.find)) if self.ignore_case else (text, self.find)
        found = where.count(find)
        if len(text) + found * (len(self.replace) - len(self.find)) > LONGEST:
            raise Invalid("The text would be far too long.", path=(camel(self.field),))
        if not self.ignore_case:
            return text.replace(self.find, self.replace)
        pieces, reached = [], 0
        for _ in range(found):
            start = where.index(find, reached)
            pieces += [text[reached:start], self.replace]
            reached = start + len(find)
        return "".join((*pieces, text[reached:]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Everything a person asks of one item at once.

    `values` are fields by their registry names as `edit_values.stored_value` takes them; None takes the person's word
    back. With `lock` the fields that are set are locked, those taken back unlocked.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, NamesEdit] = field(default_factory=dict)
    """Of `genres`, `studios` and `tags`."""
    replacements: Sequence[Replacement] = ()
    lock_fields: Sequence[str] = ()
    unlock_fields: Sequence[str] = ()
    is_monitored: bool | None = None
    lock: bool = True
    expected_version: int | None = None

    def as_json(self) -> dict[str, Any]:
        """For the plan of a job; `from_json` reads it."""
        stored = asdict(self)
        stored["values"] = {name: value.isoformat() if isinstance(value, date) else value for name, value in self.values.items()}
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Edit":
        """What `as_json` wrote."""
        values = dict(stored["values"])
        for name in _DATES:
            if values.get(name) is not None:
                values[name] = date.fromisoformat(values[name])
        names = {name: NamesEdit(**given) for name, given in stored["names"].items()}
        replacements = [Replacement(**given) for given in stored["replacements"]]
        return cls(**{**stored, "values": values, "names": names, "replacements": replacements})


@dataclass(slots=True, kw_only=True)
class Target:
    """What an item is to hold: only what differs from what it holds now."""

    said: dict[str, Any] = field(default_factory=dict)
    """A person's words by field; None: no word any more."""
    locks: dict[str, LockState | None] = field(default_factory=dict)
    tags: dict[str, bool] = field(default_factory=dict)
    """Whether a person's tag of this text is there."""
    is_monitored: bool | None = None
    show: set[str] = field(default_factory=set)
    """Fields of which what the sources say is to be shown: they are not locked any more."""
    forced: dict[str, Any] = field(default_factory=dict)
    """Shown values that no source says: what stood under a lock that comes back."""

    @property
    def is_empty(self) -> bool:
        return not (self.said or self.locks or self.tags or self.is_monitored is not None)

    @property
    def touched(self) -> set[str]:
        """Fields that may be shown otherwise afterwards."""
        return {*self.said, *self.locks, *self.show, *self.forced, *(["tags"] if self.tags else [])}


@dataclass(slots=True, kw_only=True)
class RowResult:
    """What became of one item. `before` and `after` have the shape of `ChangeRow.before`."""

    item_id: int | None
    outcome: RowOutcome
    errors: list[DomainError] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """Fields that are shown otherwise now, by their registry names."""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
