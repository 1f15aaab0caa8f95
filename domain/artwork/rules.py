"""What a picture of a type must be, by the rules that `asset_types` holds as data: used by scan, upload and selection."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.artwork.enums import CachedKind
from domain.artwork.tables import AssetType
from domain.catalog.enums import EntityKind
from domain.catalog.fields import ARTWORK
from domain.kit.errors import Invalid


def rules_of(session: Session) -> dict[str, Any]:
    """Every type's row by its name."""
    return {row.name: row for row in session.execute(sa.select(AssetType.__table__))}  # type: ignore[attr-defined]


def require_rule(session: Session, name: str, kind: EntityKind) -> Any:
    """The rule of a type of pictures that things of this kind have. Raises Invalid."""
    query = sa.select(AssetType.__table__).where(col(AssetType.name) == name)  # type: ignore[attr-defined]
    rule: Any = session.execute(query).first() if name in ARTWORK else None  # any text at all may come in as a name
    if rule is None or rule.media is not CachedKind.IMAGE or kind not in ARTWORK.get(name, ()):
        known = ", ".join(sorted(each for each, kinds in ARTWORK.items() if kind in kinds))
        raise Invalid(f"There is no type of pictures {name[:40]!r} for this. It has {known or 'none'}.", path=("type",))
    if not rule.max_limit:
        raise Invalid(f"Pictures of type {name} are switched off.", path=("type",))
    return rule


def require_format(rule: Any, format: str) -> None:
    """Raise Invalid for a format (jpg, png, webp …) that the type does not take."""
    if format not in rule.formats:
        raise Invalid(f"A {rule.name} is {_listed(rule.formats)}, not {format}.", path=("upload",))


def require_shape(rule: Any, *, width: int, height: int) -> None:
    """Raise Invalid for a picture that is too small for the type or of another shape."""
    if width < (rule.min_width or 0) or height < (rule.min_height or 0):
        least = f"{rule.min_width} x {rule.min_height}"
        raise Invalid(f"A {rule.name} has at least {least} pixels; this one has {width} x {height}.", path=("upload",))
    off = deviation(rule, width=width, height=height)
    if off is not None and off * 100 > rule.ratio_tolerance_percent:
        wanted = f"{rule.ratio_width}:{rule.ratio_height}, give or take {rule.ratio_tolerance_percent} %"
        raise Invalid(f"A {rule.name} has the shape {wanted}; this one has {width} x {height}.", path=("upload",))


def fits(rule: Any, *, width: int, height: int) -> bool:
    """Whether a picture is large enough for the type and of its shape."""
    off = deviation(rule, width=width, height=height)
    is_shaped = off is None or off * 100 <= rule.ratio_tolerance_percent
    return is_shaped and width >= (rule.min_width or 0) and height >= (rule.min_height or 0)


def deviation(rule: Any, *, width: int, height: int) -> float | None:
    """How far width : height is from the type's shape, as a part of it; None for a type of any shape."""
    if rule.ratio_width is None or rule.ratio_height is None:
        return None
    return float(abs(width * rule.ratio_height / (height * rule.ratio_width) - 1))


def _listed(names: list[str]) -> str:
    return ", ".join(names[:-1]) + f" or {names[-1]}" if len(names) > 1 else "".join(names)
