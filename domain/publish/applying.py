"""Does the steps of a run: stage all, put aside what is displaced, rename; and finds out after a crash what was done."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from domain.libraries import paths
from domain.publish.disk import BIN, Disk, Folder, Trouble, chunks_of, short, trouble
from domain.publish.enums import CLEARING, WRITING, PublishAction, PublishFailure
from domain.publish.model import Digest, Seen, Step
from domain.publish.places import NFO

_BINNED: Final = frozenset({PublishAction.TAKE_OVER, PublishAction.DISPLACE, PublishAction.RESTORE})
_OURS_BINNED: Final = frozenset({PublishAction.REPLACE, PublishAction.REMOVE})
"""What was ours is kept, too, if it is a picture: ours may be the last copy of its bytes. An NFO can be written again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step: `now` is the file we put there, `bin_path` where its predecessor lies now."""

    step: Step
    is_done: bool
    now: Seen | None = None
    digest: Digest | None = None
    bin_path: str | None = None
    binned: Seen | None = None


@dataclass(slots=True)
class Result:
    """What became of a run; `trouble` ended it early."""

    outcomes: list[Outcome] = field(default_factory=list)
    trouble: Trouble | None = None

    @property
    def is_whole(self) -> bool:
        return self.trouble is None and all(one.is_done for one in self.outcomes)


def perform(disk: Disk, run_id: int, steps: Sequence[Step]) -> Result:
    """Do the steps in their order. Every file is old or new at each moment; what could not be done is as it was."""
    result = Result()
    try:
        for number, step in enumerate(steps):
            with _named(step.path):
                _stage(disk, run_id, number, step)
    except Trouble as error:
        result.trouble = error
    folders = dict.fromkeys((step.root, paths.parent(step.path)) for step in steps)
    for number, step in enumerate(steps):
        if result.trouble is None:
            try:
                with _named(step.path):
                    result.outcomes.append(_commit(disk, run_id, number, step))
                continue
            except Trouble as error:
                result.trouble = error
        result.outcomes.append(inspect(disk, run_id, number, step))
    for root, place in folders if result.trouble is None else ():
        try:
            with _named(place), disk.folder(root, place) as folder:
                disk.sync(folder)
        except Trouble as error:
            result.trouble = result.trouble or error
    return result


def inspect(disk: Disk, run_id: int, number: int, step: Step) -> Outcome:
    """Whether a step was done, seen by what lies there now; what it left half is cleared away.

    A folder that is not there has nothing to clear away. Raises Trouble for a disk that does not answer.
    """
    try:
        with _named(step.path), disk.folder(step.root, paths.parent(step.path)) as folder:
            return _inspect(disk, run_id, number, step, folder)
    except Trouble as error:
        if error.failure not in (PublishFailure.FOLDER_GONE, PublishFailure.OUTSIDE_LIBRARY, PublishFailure.READ_ONLY):
            raise
        return Outcome(step, is_done=False)


def _inspect(disk: Disk, run_id: int, number: int, step: Step, folder: Folder) -> Outcome:
    disk.drop(folder, _temporary(run_id, number))
    name = paths.last(step.path)
    now = disk.seen(folder, name)
    digest = disk.measure(paths.real(step.path)) if now is not None and now.is_regular else None
    if step.action in WRITING:
        is_done = digest is not None and step.digest is not None and digest.sha256 == step.digest.sha256
    else:
        is_done = now is None
    for place in dict.fromkeys((step.root, paths.parent(step.path))):
        bin_path = paths.join(place, BIN, _binned(run_id, number, name))
        with contextlib.suppress(FileNotFoundError), disk.folder(step.root, paths.parent(bin_path)) as bin:
            disk.drop(bin, f"{paths.last(bin_path)}.part")
            binned = disk.seen(bin, paths.last(bin_path))
            if binned is not None and now is not None and not is_done:
                disk.drop(bin, paths.last(bin_path))  # the file itself is still where it was
            elif binned is not None:
                return Outcome(step, is_done, now if is_done else None, digest, bin_path, binned)
    return Outcome(step, is_done, now if is_done else None, digest)


def _stage(disk: Disk, run_id: int, number: int, step: Step) -> None:
    if step.action not in WRITING:
        return
    home = paths.parent(step.path)
    if step.is_made:
        disk.make(step.root, paths.parent(home), paths.last(home))
    with disk.folder(step.root, paths.parent(step.path)) as folder:
        temporary = _temporary(run_id, number)
        disk.drop(folder, temporary)
        pieces: Iterable[bytes] = [step.content] if step.content is not None else chunks_of(step.source or "")
        found = disk.write(folder, temporary, pieces)
        if step.digest is not None and found.sha256 != step.digest.sha256:
            raise Trouble(PublishFailure.SOURCE_CHANGED, f"{step.path}: the picture changed while it was copied.")
        if step.action is PublishAction.RESTORE:
            disk.stamp(folder, temporary, Path(step.source or "").stat().st_mtime_ns)


def _commit(disk: Disk, run_id: int, number: int, step: Step) -> Outcome:
    name = paths.last(step.path)
    with disk.folder(step.root, paths.parent(step.path)) as folder:
        before = disk.seen(folder, name)
        if before != step.seen:  # somebody was here since the plan was made: the next plan will see it
            disk.drop(folder, _temporary(run_id, number))
            return Outcome(step, is_done=False)
        bin_path = _put_aside(disk, run_id, number, step, folder) if before is not None and _is_binned(step) else None
        if step.action in CLEARING:
            disk.drop(folder, name)
            return Outcome(step, is_done=True, bin_path=bin_path, binned=before if bin_path else None)
        disk.rename(folder, _temporary(run_id, number), name)
        now = disk.seen(folder, name)
        return Outcome(step, is_done=True, now=now, digest=step.digest, bin_path=bin_path, binned=before if bin_path else None)


def _put_aside(disk: Disk, run_id: int, number: int, step: Step, folder: Folder) -> str:
    name = paths.last(step.path)
    with disk.bin(step.root, folder) as bin:
        into = _binned(run_id, number, name)
        disk.put_aside(folder, name, bin, into)
        return paths.join(bin.path, "", into)


def _is_binned(step: Step) -> bool:
    return step.action in _BINNED or (step.action in _OURS_BINNED and step.asset_type != NFO)


def _temporary(run_id: int, number: int) -> str:
    return f".marquee-{run_id}-{number}.tmp"


def _binned(run_id: int, number: int, name: str) -> str:
    return f"{run_id}-{number}-{short(name)}"


@contextlib.contextmanager
def _named(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise trouble(error, path) from error
