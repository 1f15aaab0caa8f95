"""Looks at pictures that wait, keeps their bytes, and makes the variants of those that are shown."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Protocol

from domain.artwork import keeping, showing, telling
from domain.artwork.cache import folder, variant_place
from domain.artwork.keeping import Kept, KeptVariant, Waiting
from domain.artwork.queries import inside
from domain.libraries import paths
from workers.artwork import cache
from workers.artwork.looking import Look, question
from workers.artwork.pool import LookPool
from workers.confined.refusals import FailureCode, Refusal
from workers.context import JobContext

BATCH: Final = 20
"""Pictures of one transaction."""
_PASSING: Final = (FailureCode.VANISHED, FailureCode.UNREADABLE, FailureCode.CRASHED)
"""Refusals that say nothing of the bytes: the next job asks again."""


class Asker(Protocol):
    """What answers questions about pictures: a `LookPool`."""

    def ask_many(self, questions: Iterable[str]) -> Iterator[tuple[str, Look | Refusal]]:
        """Every question with its answer."""
        ...


def prepare(context: JobContext[Any], pool: Asker, *, library_id: int | None, entity_id: int | None) -> dict[str, int]:
    """Look at everything that waits, twice: what is shown may be others once the first have been looked at."""
    counts = {"looked_at": 0, "refused": 0, "changed": 0}
    for _ in range(2):
        after = 0
        while True:
            context.check_cancelled()
            with context.database.read() as session:
                found = keeping.waiting(session, library_id=library_id, entity_id=entity_id, after=after, limit=BATCH)
            if not found:
                break
            after = found[-1].asset_id
            _prepare(context, pool, found, counts)
            context.report(None, f"{counts['looked_at']} pictures", **counts)
    return counts


def _prepare(context: JobContext[Any], pool: Asker, found: list[Waiting], counts: dict[str, int]) -> None:
    data_dir = context.settings.data_dir
    asked: dict[str, tuple[Path, Path, list[Waiting]]] = {}
    looks: dict[int, Kept | None] = {}
    for one in found:
        path = source_of(data_dir, one)
        if path is None:
            looks[one.asset_id] = None
            continue
        again = next((each for each in asked.values() if each[0] == path), None)
        if again is not None:
            again[2].append(one)
            continue
        scratch = cache.make_scratch(data_dir)
        into = str(scratch) if one.wants_variants else None
        asked[question(str(path), variants_into=into)] = (path, scratch, [one])
    try:
        for said, answer in pool.ask_many(list(asked)):
            context.check_cancelled()
            path, scratch, ones = asked[said]
            kept = kept_of(data_dir, path, scratch, answer)
            counts["looked_at"] += 1
            counts["refused"] += kept is None
            if kept is not None or not (isinstance(answer, Refusal) and answer.code in _PASSING):
                looks |= {one.asset_id: kept for one in ones}
    finally:
        for _, scratch, _ in asked.values():
            cache.drop_scratch(scratch)
    with context.transaction() as uow:
        changed = keeping.settle(uow, looks)
        changed |= showing.show_best(uow, {one.entity_id for one in found})
        telling.tell_changed(uow, changed)
    counts["changed"] += len(changed)


def source_of(data_dir: Path, one: Waiting) -> Path | None:
    """The file of a picture that waits: in the cache, or beside the media and really inside its library."""
    if one.uri is None:
        return folder(data_dir) / one.cached_path if one.cached_path is not None else None
    return inside(paths.real(one.uri), [paths.real(root) for root in one.roots])


def kept_of(data_dir: Path, path: Path, scratch: Path, answer: Look | Refusal) -> Kept | None:
    """Put a picture that was looked at into the cache, with its variants; None for a refused one.

    Raises OSError when the disk is full; a file that changed meanwhile is refused, and looked at again when it is scanned.
    """
    if isinstance(answer, Refusal):
        return None
    try:
        place = cache.store(data_dir, path, sha256=answer.sha256, extension=answer.format)
    except (cache.ChangedError, FileNotFoundError):
        return None
    variants = []
    for each in answer.variants:
        suffix = each.name.rpartition(".")[2]
        target = folder(data_dir) / variant_place(answer.sha256, each.width, suffix)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        (scratch / each.name).replace(target)
        variants.append(KeptVariant(each.width, each.height, suffix, each.size_bytes))
    return Kept(
        sha256=answer.sha256, path=place, size_bytes=answer.size_bytes, format=answer.format, width=answer.width,
        height=answer.height, has_alpha=answer.has_alpha, foreground_ratio=answer.foreground_ratio,
        perceptual_hash=answer.perceptual_hash, difference_hash=answer.difference_hash, variants=tuple(variants),
    )  # fmt: skip


def look_at(pool: LookPool, data_dir: Path, path: Path) -> Kept | Refusal:
    """Look at one file, with variants, and keep it."""
    scratch = cache.make_scratch(data_dir)
    try:
        ((_, answer),) = pool.ask_many([question(str(path), variants_into=str(scratch))])
        if isinstance(answer, Refusal):
            return answer
        kept = kept_of(data_dir, path, scratch, answer)
        return Refusal(FailureCode.VANISHED, "the file changed while it was read") if kept is None else kept
    finally:
        cache.drop_scratch(scratch)
