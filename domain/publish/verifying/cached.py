"""What is not right about the bytes in the cache."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session

from domain.artwork.enums import AssetSource
from domain.artwork.tables import Asset, ImageCandidate
from domain.catalog.queries import rows_of
from domain.publish import unused
from domain.publish.cache_folder import PREFIXES, CacheFolder
from domain.publish.disk import Disk
from domain.publish.enums import FileProblemKind
from domain.publish.service import Reading
from domain.publish.tables import PublishedFile
from domain.publish.verifying.published import Problem


def stretches(reading: Reading, folder: CacheFolder, disk: Disk, *, deep: Sequence[str]) -> Iterator[list[Problem]]:
    """The problems of one stretch of the cache after the other; bytes are read in the stretches `deep`."""
    for prefix in PREFIXES:
        with reading() as session:
            rows = [row for row in unused.with_prefix(session, prefix) if row.quarantined_at is None]
        sizes = {found.path: found.size for found in folder.files(prefix)} if rows else {}
        bad = [(row, kind) for row in rows if (kind := _kind(folder, disk, row, sizes, is_deep=prefix in deep))]
        if bad:
            with reading() as session:
                yield _problems(session, bad)
        else:
            yield []


def _kind(folder: CacheFolder, disk: Disk, row: Any, sizes: dict[str, int], *, is_deep: bool) -> FileProblemKind | None:
    if row.path not in sizes:
        return FileProblemKind.CACHE_MISSING
    if sizes[row.path] != row.size_bytes:
        return FileProblemKind.CACHE_CORRUPT
    if is_deep:
        lying = disk.measure(str(folder.root / row.path))
        if lying is not None and lying.sha256 != row.sha256:
            return FileProblemKind.CACHE_CORRUPT
    return None


def _problems(session: Session, bad: Sequence[tuple[Any, FileProblemKind]]) -> list[Problem]:
    """With what can be done: a published copy is copied back, what a provider offers is downloaded again."""
    keys, digests = [row.id for row, _ in bad], [row.sha256 for row, _ in bad]
    copies = {row.sha256: row.id for row in rows_of(session, PublishedFile.sha256, digests)}
    offered = {row.cached_file_id for row in rows_of(session, ImageCandidate.cached_file_id, keys) if is_offered(row)}
    offered |= {
        row.cached_file_id for row in rows_of(session, Asset.cached_file_id, keys) if row.source_type is AssetSource.PROVIDER
    }
    return [
        Problem(
            kind, row.path, published_file_id=copies.get(row.sha256), cached_file_id=row.id,
            can_repair=row.sha256 in copies or row.id in offered,
        )
        for row, kind in bad
    ]  # fmt: skip


def is_offered(candidate: Any) -> bool:
    """Whether a candidate can be downloaded (again)."""
    return bool(candidate.url.startswith(("http://", "https://")))
