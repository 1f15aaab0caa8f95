"""Age certificates: the boards of the world as data, and what they mean for an item."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog import queries
from domain.catalog.tables import ItemCertification, MediaItem, RatingSystem
from domain.kit.database import UnitOfWork, serialize


@dataclass(frozen=True, slots=True)
class System:
    """A board: its codes from the mildest to the strictest, each with the age in years it asks for."""

    name: str
    country: str
    codes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as a source writes it; `country` '' where the source does not say."""

    code: str
    country: str = ""


# Ages are those of the boards' own texts; where a code only advises parents, the age it speaks of.
SYSTEMS: Final[tuple[System, ...]] = (
    System("mpaa", "US", (("G", 0), ("PG", 10), ("PG-13", 13), ("R", 17), ("NC-17", 18))),
    System("us-tv", "US", (
        ("TV-Y", 0), ("TV-G", 0), ("TV-Y7", 7), ("TV-Y7-FV", 7), ("TV-PG", 10), ("TV-14", 14), ("TV-MA", 17),
    )),
    System("bbfc", "GB", (("U", 0), ("PG", 8), ("12", 12), ("12A", 12), ("15", 15), ("18", 18), ("R18", 18))),
    System("ifco", "IE", (("G", 0), ("PG", 8), ("12", 12), ("12A", 12), ("15", 15), ("15A", 15), ("16", 16), ("18", 18))),
    System("fsk", "DE", (("0", 0), ("6", 6), ("12", 12), ("16", 16), ("18", 18))),
    System("cnc", "FR", (("U", 0), ("TP", 0), ("10", 10), ("12", 12), ("16", 16), ("18", 18))),
    System("kijkwijzer", "NL", (("AL", 0), ("6", 6), ("9", 9), ("12", 12), ("14", 14), ("16", 16), ("18", 18))),
    System("icaa", "ES", (("A", 0), ("APTA", 0), ("7", 7), ("12", 12), ("16", 16), ("18", 18), ("X", 18))),
    System("mibact", "IT", (("T", 0), ("6+", 6), ("VM14", 14), ("14+", 14), ("VM18", 18), ("18+", 18))),
    System("acb", "AU", (
        ("E", 0), ("G", 0), ("PG", 8), ("M", 15), ("MA15+", 15), ("MA 15+", 15), ("R18+", 18), ("R 18+", 18), ("X18+", 18),
    )),
    System("oflc", "NZ", (
        ("G", 0), ("PG", 8), ("R13", 13), ("RP13", 13), ("R15", 15), ("M", 16), ("R16", 16), ("RP16", 16), ("R18", 18),
    )),
    System("chvrs", "CA", (("G", 0), ("PG", 8), ("14A", 14), ("18A", 18), ("R", 18), ("A", 18))),
    System("eirin", "JP", (("G", 0), ("PG12", 12), ("R15+", 15), ("R18+", 18))),
    System("kmrb", "KR", (("ALL", 0), ("7", 7), ("12", 12), ("15", 15), ("18", 18), ("19", 19))),
    System("classind", "BR", (("L", 0), ("10", 10), ("12", 12), ("14", 14), ("16", 16), ("18", 18))),
    System("smr", "SE", (("BTL", 0), ("7", 7), ("11", 11), ("15", 15))),
    System("medietilsynet", "NO", (("A", 0), ("6", 6), ("9", 9), ("12", 12), ("15", 15), ("18", 18))),
    System("dfi", "DK", (("A", 0), ("7", 7), ("11", 11), ("15", 15))),
    System("kavi", "FI", (("S", 0), ("7", 7), ("12", 12), ("16", 16), ("18", 18))),
    System("cbfc", "IN", (("U", 0), ("UA 7+", 7), ("UA", 12), ("UA 13+", 13), ("UA 16+", 16), ("A", 18))),
)  # fmt: skip

_BY_COUNTRY: Final = {(s.country, code): s.name for s in reversed(SYSTEMS) for code, _ in s.codes}
_AGES: Final = {(s.name, code): age for s in SYSTEMS for code, age in s.codes}
_COUNTRYLESS: Final = ("mpaa", "us-tv")  # what NFO files hold without a country is American
_ALIASES: Final = {"UK": "GB", "USA": "US"}
_CERTIFICATE: Final = ("item_id", "system", "code", "country", "is_primary")
_PREFIX: Final = re.compile(r"(?:rated|fsk|bbfc|ab)[\s:-]+", re.IGNORECASE)


def recognize(certificate: Certificate) -> tuple[str, str, str]:
    """(system, code, country). An unknown code keeps its text, in a system named after its country ('' = unknown)."""
    country = _ALIASES.get(certificate.country.upper(), certificate.country.upper())
    code = _PREFIX.sub("", certificate.code.strip()).upper()
    if country:
        return _BY_COUNTRY.get((country, code), country.lower()), code, country
    for system in _COUNTRYLESS:
        if (system, code) in _AGES:
            return system, code, "US"
    return "", code, ""


def set_certifications(
    uow: UnitOfWork, wanted: Mapping[int, Sequence[Certificate]], *, preferred: Sequence[str] = ("US",)
) -> None:
    """Exactly these certificates on each item, and the age limit that follows for it and all below it; equal ones stay.

    `preferred` are the countries whose certificate decides (`certificate_region`), best first; else the strictest does.
    """
    serialize(uow.session, "rating_systems")
    now = {item: _rows(item, given, preferred) for item, given in wanted.items()}
    present: dict[int, list[dict[str, Any]]] = {item: [] for item in wanted}
    for row in queries.rows_of(uow.session, ItemCertification.item_id, wanted):
        present[row.item_id].append({name: getattr(row, name) for name in _CERTIFICATE})
    changed = [item for item, rows in now.items() if sorted(map(_text, rows)) != sorted(map(_text, present[item]))]
    rows = [row for item in changed for row in now[item]]
    _add_unknown(uow, {(row["system"], row["code"], row["country"]) for row in rows})
    connection = uow.session.connection()
    for piece in queries.chunks(changed):
        connection.execute(sa.delete(ItemCertification).where(col(ItemCertification.item_id).in_(piece)))
    if rows:
        connection.execute(sa.insert(ItemCertification), rows)
    resolve_ages(uow, changed)


def _text(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in _CERTIFICATE)


def resolve_ages(uow: UnitOfWork, items: Iterable[int]) -> dict[int, tuple[int | None, int | None]]:
    """Set `min_age` of these items' whole trees: the item's own primary certificate, else what its parent has.

    Returns (before, now) of each item for which it changed.
    """
    roots = {row.root_id for row in queries.rows_of(uow.session, MediaItem.id, items)}
    tree = queries.rows_of(uow.session, MediaItem.root_id, roots)
    codes: dict[int, tuple[str, str]] = {}
    primary = col(ItemCertification.is_primary)
    for row in queries.rows_of(uow.session, ItemCertification.item_id, [one.id for one in tree], primary):
        codes[row.item_id] = (row.system, row.code)
    known = {(r.system, r.code): r.min_age for r in uow.session.connection().execute(sa.select(RatingSystem.__table__))}  # type: ignore[attr-defined]
    ages: dict[int, int | None] = {}
    changed: dict[int, tuple[int | None, int | None]] = {}
    for one in sorted(tree, key=lambda row: row.level):
        own = known.get(codes[one.id]) if one.id in codes else None
        ages[one.id] = own if own is not None else ages.get(one.parent_id)
        if ages[one.id] != one.min_age:
            changed[one.id] = (one.min_age, ages[one.id])
    if changed:
        statement = sa.update(MediaItem.__table__).where(sa.column("id") == sa.bindparam("key"))  # type: ignore[attr-defined]
        rows = [{"key": key, "age": now} for key, (_, now) in changed.items()]
        uow.session.connection().execute(statement.values(min_age=sa.bindparam("age")), rows)
    return changed


def _rows(item: int, given: Sequence[Certificate], preferred: Sequence[str]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], str] = {}
    for one in given:
        system, code, country = recognize(one)
        if code:
            found.setdefault((system, country), code)
    first = deciding(found, preferred)
    return [
        {"item_id": item, "system": system, "code": code, "country": country, "is_primary": (system, country) == first}
        for (system, country), code in found.items()
    ]


def deciding(codes: Mapping[tuple[str, str], str], preferred: Sequence[str]) -> tuple[str, str] | None:
    """The (system, country) whose code decides: of the first preferred country with a known one, else the strictest."""

    def weight(key: tuple[str, str]) -> tuple[bool, int, int]:
        age = _AGES.get((key[0], codes[key]))
        rank = preferred.index(key[1]) if key[1] in preferred else len(preferred)
        return age is None, rank, -(age or 0)

    return min(codes, key=weight, default=None)


def _add_unknown(uow: UnitOfWork, used: set[tuple[str, str, str]]) -> None:
    connection = uow.session.connection()
    known = {(row.system, row.code) for row in connection.execute(sa.select(RatingSystem.__table__))}  # type: ignore[attr-defined]
    rows = [
        {"system": system, "code": code, "country": country, "rank": None, "min_age": None}
        for system, code, country in sorted(used)
        if (system, code) not in known
    ]
    if rows:
        connection.execute(sa.insert(RatingSystem), rows)
