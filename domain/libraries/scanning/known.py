"""What the database knows of a library's folders and files, read for comparing with the disk."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.queries import chunks
from domain.catalog.sources import NFO
from domain.catalog.tables import FieldValue
from domain.libraries import paths
from domain.libraries.enums import FileKind, FileRole
from domain.libraries.scanning.comparing import KnownFile
from domain.libraries.tables import ItemFile, Library, LibraryDirectory, LibraryPath, MediaFile

FILES: Final[Any] = MediaFile.__table__  # type: ignore[attr-defined]
DIRECTORIES: Final[Any] = LibraryDirectory.__table__  # type: ignore[attr-defined]
ROOTS: Final[Any] = LibraryPath.__table__  # type: ignore[attr-defined]
PLAYED: Final = (FileKind.VIDEO, FileKind.AUDIO)
GONE: Final = ""
"""The fingerprint of a directory that is no more: equal to none."""
OPEN: Final = "open"
"""The fingerprint of a directory that is to be looked at again: equal to none, but what it held can still vanish."""
TELLER: Final = "nfo"
"""The field that keeps, beside what an NFO says of an item, which file that is: its rank and uri."""

_KNOWN: Final = (
    FILES.c.id, FILES.c.library_id, FILES.c.directory_id, FILES.c.uri, FILES.c.file_kind, FILES.c.size_bytes, FILES.c.modified_at,
    FILES.c.quick_hash, FILES.c.missing_since, FILES.c.verified_at, FILES.c.probed_at, FILES.c.probe_error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Root:
    """A root folder of a library, by its stored path."""

    id: int
    path: str


@dataclass(frozen=True, slots=True)
class ScannedLibrary:
    """What a scan needs to know of its library; `media_type` is "movie", "tv" or another type's name."""

    id: int
    name: str
    media_type_id: int
    media_type: str
    ignore_patterns: tuple[str, ...]
    roots: tuple[Root, ...]
    others: tuple[str, ...] = ()
    """The stored paths of other libraries' roots."""


def library(session: Session, library_id: int) -> ScannedLibrary | None:
    """A library with its roots; None if there is none."""
    types = sa.table("media_types", sa.column("id"), sa.column("name"))
    libraries: Any = Library.__table__  # type: ignore[attr-defined]
    query = sa.select(libraries, types.c.name.label("type_name")).join(types, types.c.id == libraries.c.media_type_id)
    row = session.connection().execute(query.where(libraries.c.id == library_id)).first()
    if row is None:
        return None
    found = session.connection().execute(
        sa.select(ROOTS.c.id, ROOTS.c.path).where(ROOTS.c.library_id == library_id).order_by(ROOTS.c.position, ROOTS.c.id)
    )
    roots = tuple(Root(root.id, root.path) for root in found)
    others = session.connection().execute(sa.select(ROOTS.c.path).where(ROOTS.c.library_id != library_id).order_by(ROOTS.c.path))
    foreign = tuple(others.scalars())
    return ScannedLibrary(row.id, row.name, row.media_type_id, row.type_name, tuple(row.ignore_patterns), roots, foreign)


def directories(session: Session, root_id: int) -> dict[str, tuple[int, str]]:
    """(id, fingerprint) of every known directory below a root, by its relative path."""
    query = sa.select(DIRECTORIES.c.path, DIRECTORIES.c.id, DIRECTORIES.c.fingerprint)
    rows = session.connection().execute(query.where(DIRECTORIES.c.library_path_id == root_id))
    return {row[0]: (row[1], row[2]) for row in rows}


def directories_at(session: Session, root_id: int, relative: Iterable[str]) -> dict[str, int]:
    """The ids of the known ones of some directories below a root, by their relative paths."""
    found: dict[str, int] = {}
    for piece in chunks(relative):
        query = sa.select(DIRECTORIES.c.path, DIRECTORIES.c.id)
        rows = session.connection().execute(query.where(DIRECTORIES.c.library_path_id == root_id, DIRECTORIES.c.path.in_(piece)))
        found |= {row[0]: row[1] for row in rows}
    return found


def files_in(session: Session, directory_ids: Iterable[int]) -> dict[int, list[KnownFile]]:
    """The known files of directories, by the directory's id."""
    found: dict[int, list[KnownFile]] = {}
    for piece in chunks(directory_ids):
        query = sa.select(*_KNOWN).where(FILES.c.directory_id.in_(piece)).order_by(FILES.c.uri)
        for row in session.connection().execute(query):
            found.setdefault(row.directory_id, []).append(_known(row))
    return found


def files_at(session: Session, uris: Iterable[str]) -> dict[str, KnownFile]:
    """The known files at these uris, whichever directory they are said to lie in."""
    found: dict[str, KnownFile] = {}
    for piece in chunks(uris):
        for row in session.connection().execute(sa.select(*_KNOWN).where(FILES.c.uri.in_(piece))):
            found[row.uri] = _known(row)
    return found


def files_with(session: Session, library_id: int, quick_hashes: Iterable[str]) -> list[KnownFile]:
    """The known files of a library that have one of these hashes."""
    found: list[KnownFile] = []
    for piece in chunks(quick_hashes):
        query = sa.select(*_KNOWN).where(FILES.c.quick_hash.in_(piece), FILES.c.library_id == library_id).order_by(FILES.c.uri)
        found += [_known(row) for row in session.connection().execute(query)]
    return found


def published(session: Session, file_ids: Iterable[int]) -> dict[int, str]:
    """The quick hashes of what we published in these files (a table of a later feature, by its name)."""
    table = sa.table("published_files", sa.column("media_file_id"), sa.column("quick_hash"))
    found: dict[int, str] = {}
    for piece in chunks(file_ids):
        query = sa.select(table.c.media_file_id, table.c.quick_hash).where(table.c.media_file_id.in_(piece))
        found |= {row[0]: row[1] for row in session.connection().execute(query)}
    return found


def linked_files(session: Session, file_ids: Iterable[int]) -> set[int]:
    """Those of the files that belong to an item."""
    links: Any = ItemFile.__table__  # type: ignore[attr-defined]
    found: set[int] = set()
    for piece in chunks(file_ids):
        found.update(session.connection().execute(sa.select(links.c.file_id).where(links.c.file_id.in_(piece))).scalars())
    return found


def heard_by_file(session: Session, file_ids: Iterable[int]) -> dict[int, set[str | None]]:
    """For each main file the uris of the NFOs that its items were told by; None among them for an item that none told of."""
    links: Any = ItemFile.__table__  # type: ignore[attr-defined]
    values: Any = FieldValue.__table__  # type: ignore[attr-defined]
    told = sa.and_(values.c.entity_id == links.c.item_id, values.c.field == TELLER, values.c.source == NFO)
    found: dict[int, set[str | None]] = {}
    for piece in chunks(file_ids):
        query = sa.select(links.c.file_id, values.c.value).select_from(links.outerjoin(values, told))
        for row in session.connection().execute(query.where(links.c.file_id.in_(piece), links.c.role == FileRole.MAIN)):
            found.setdefault(row.file_id, set()).add(row.value[1] if row.value is not None else None)
    return found


def strays(session: Session, library_id: int) -> dict[str, KnownFile]:
    """Files that are missing, or lie in no known directory, by uri: they may come up again anywhere."""
    is_stray = sa.or_(FILES.c.missing_since.is_not(None), FILES.c.directory_id.is_(None))
    query = sa.select(*_KNOWN).where(FILES.c.library_id == library_id, is_stray)
    return {row.uri: _known(row) for row in session.connection().execute(query)}


def played_count(session: Session, root_id: int) -> int:
    """How many films, episodes and songs are known below a root and not missing."""
    query = (
        sa.select(sa.func.count())
        .select_from(FILES.join(DIRECTORIES, DIRECTORIES.c.id == FILES.c.directory_id))
        .where(DIRECTORIES.c.library_path_id == root_id, FILES.c.missing_since.is_(None), FILES.c.file_kind.in_(PLAYED))
    )
    count: int = session.connection().execute(query).scalar_one()
    return count


def has_files(session: Session, library_id: int) -> bool:
    """Whether anything at all is known of a library's files."""
    query = sa.select(FILES.c.id).where(FILES.c.library_id == library_id).limit(1)
    return session.connection().execute(query).first() is not None


def _known(row: Any) -> KnownFile:
    return KnownFile(
        row.id,
        row.library_id,
        row.directory_id,
        paths.last(row.uri),
        row.uri,
        row.file_kind,
        row.size_bytes,
        row.modified_at,
        row.quick_hash,
        row.missing_since is not None,
        row.verified_at is not None,
        row.probed_at is not None,
        row.probe_error is not None,
    )
