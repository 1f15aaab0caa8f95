"""Takes pictures out of media files that wait, looks at them like at any other, and makes them candidates."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from domain.artwork import embedding, telling
from domain.artwork.embedding import Found, Holder
from domain.artwork.queries import inside
from domain.libraries import paths
from workers.artwork import cache
from workers.artwork.looking import Look, question
from workers.artwork.preparing import kept_of
from workers.confined.refusals import FailureCode, Refusal
from workers.context import JobContext
from workers.libraries.probing import embedded
from workers.libraries.probing.embedded import Taken
from workers.libraries.probing.pool import PicturePool

BATCH: Final = 10
"""Files of one transaction."""
_PASSING: Final = (FailureCode.VANISHED, FailureCode.UNREADABLE)
"""Refusals that say nothing of the file: the next job asks again."""


class Asker(Protocol):
    """What answers questions about pictures: a `LookPool`."""

    def ask_many(self, questions: Iterable[str]) -> Iterator[tuple[str, Look | Refusal]]:
        """Every question with its answer."""
        ...


def look_inside(
    context: JobContext[Any], pool: Asker, counts: dict[str, int], *, library_id: int | None, entity_id: int | None
) -> None:
    """Look into every file that waits; one that is not changed is never opened again. Adds to the `counts` of the job."""
    after = 0
    while True:
        with context.database.read() as session:
            holders = embedding.waiting(session, library_id=library_id, entity_id=entity_id, after=after, limit=BATCH)
        if not holders:
            return
        after = holders[-1].file_id
        scratch = cache.make_scratch(context.settings.data_dir)
        try:
            found = _found(context, pool, _taken(context, holders, scratch), scratch, counts)
        finally:
            cache.drop_scratch(scratch)
        with context.transaction() as uow:
            changed = embedding.settle(uow, found)
            telling.tell_changed(uow, changed)
        counts["changed"] += len(changed)
        context.report(None, f"{counts['looked_at']} pictures", **counts)


def _taken(context: JobContext[Any], holders: Sequence[Holder], scratch: Path) -> dict[int, Taken]:
    """What is in each file, each in a folder named after it; a file that cannot be opened for good has nothing in it."""
    asked: dict[str, int] = {}
    for one in holders:
        path = inside(paths.real(one.uri), [paths.real(root) for root in one.roots])
        if path is not None:
            into = scratch / str(one.file_id)
            into.mkdir(mode=0o700)
            asked[embedded.question(str(path), str(into))] = one.file_id
    taken: dict[int, Taken] = {}
    with PicturePool.of(context.settings) as pool:
        for said, answer in pool.ask_many(list(asked)):
            context.check_cancelled()
            if isinstance(answer, Taken):
                taken[asked[said]] = answer
            elif answer.code not in _PASSING:
                taken[asked[said]] = Taken(())
    return taken


def _found(
    context: JobContext[Any], pool: Asker, taken: Mapping[int, Taken], scratch: Path, counts: dict[str, int]
) -> dict[int, list[Found]]:
    """The pictures that are pictures, kept."""
    asked: dict[str, tuple[int, str, Path, Path]] = {}
    for file, one in taken.items():
        for number, each in enumerate(one.pictures):
            path, into = scratch / str(file) / Path(each.file).name, scratch / f"{file}-{number}"
            into.mkdir(mode=0o700)
            asked[question(str(path), variants_into=str(into))] = (file, each.name, path, into)
    looked: dict[str, Found] = {}
    for said, answer in pool.ask_many(list(asked)):
        context.check_cancelled()
        _, name, path, into = asked[said]
        kept = kept_of(context.settings.data_dir, path, into, answer)
        counts["looked_at"] += 1
        counts["refused"] += kept is None
        if kept is not None:
            looked[said] = Found(name, kept)
    found: dict[int, list[Found]] = {file: [] for file in taken}
    for said, (file, *_) in asked.items():
        if said in looked:
            found[file].append(looked[said])
    return found
