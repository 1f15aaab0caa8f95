"""What a picture inside a media file is a picture of: by the name that Matroska gives it, and by its shape. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from domain.artwork.rules import deviation, fits
from domain.catalog.enums import EntityKind
from domain.catalog.fields import ARTWORK

_UPRIGHT: Final = ("poster",)
_LYING: Final = ("landscape", "thumb")
NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "cover": _UPRIGHT, "small_cover": _UPRIGHT, "cover_land": _LYING, "small_cover_land": _LYING,
}  # fmt: skip
"""Names of attachments (https://www.matroska.org/technical/attachments.html) and the types they may be; '' = by shape alone."""


class Cover(NamedTuple):
    """A picture inside a file: its name ('' = it has none), format (jpg, png …) and size in pixels."""

    name: str
    format: str
    width: int
    height: int


def best(rules: Mapping[str, Any], kind: EntityKind, covers: Sequence[Cover]) -> dict[str, int]:
    """Of each type the best of these pictures, by its number: one that keeps the type's rules, named, the largest."""
    found: dict[str, int] = {}
    for number, one in enumerate(covers):
        name = type_of(rules, kind, one)
        if name is not None and (name not in found or _worth(rules[name], one) > _worth(rules[name], covers[found[name]])):
            found[name] = number
    return found


def type_of(rules: Mapping[str, Any], kind: EntityKind, one: Cover) -> str | None:
    """The type of a picture for things of a kind; None where such things have none that it could be."""
    usable = [
        name for name in (*_UPRIGHT, *_LYING)
        if kind in ARTWORK[name] and rules[name].max_limit and one.format in rules[name].formats
    ]  # fmt: skip
    shaped = [name for name in usable if _is_shaped(rules[name], one)]
    named = [name for name in NAMED.get(one.name, ()) if name in usable]
    choice = [name for name in named if name in shaped] or shaped or named
    return choice[0] if choice else None


def _is_shaped(rule: Any, one: Cover) -> bool:
    off = deviation(rule, width=one.width, height=one.height)
    return one.width > one.height if off is None else off * 100 <= rule.ratio_tolerance_percent


def _worth(rule: Any, one: Cover) -> tuple[bool, bool, int]:
    return fits(rule, width=one.width, height=one.height), bool(one.name), one.width * one.height
