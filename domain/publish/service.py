"""Publishes items: plans against the disk, writes, records. What it does survives its own death at any point."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from domain.catalog.enums import Publication
from domain.kit.database import UnitOfWork
from domain.libraries.scanning.comparing import instant
from domain.publish import journal
from domain.publish.applying import Result, inspect, perform
from domain.publish.disk import Disk, Trouble, count, trouble
from domain.publish.enums import PublishAction, PublishStatus
from domain.publish.gathering import subjects
from domain.publish.model import Seen, Step, Subject
from domain.publish.planning import Folders, changes, plan
from domain.publish.recording import files_at, forget_ours, note_ours

Reading = Callable[[], AbstractContextManager[Session]]
Writing = Callable[[], AbstractContextManager[UnitOfWork]]


@dataclass(frozen=True, slots=True)
class Published:
    """What came of one item: files written, taken away, put into the recycle bin, kept because somebody changed them."""

    item_id: int
    written: int = 0
    removed: int = 0
    displaced: int = 0
    kept: int = 0
    trouble: Trouble | None = None

    @property
    def is_changed(self) -> bool:
        return bool(self.written or self.removed or self.displaced)


@dataclass(frozen=True, slots=True)
class Publisher:
    """What publishing needs: the database's two ways in, the disk, the folder of cached bytes, the job it is done for."""

    reading: Reading
    writing: Writing
    disk: Disk
    cache: Path
    job_id: int | None = None

    def subjects(self, keys: Iterable[int]) -> list[Subject]:
        """Those of the items that can be published, with what should lie beside them."""
        with self.reading() as session:
            return subjects(session, keys, cache=self.cache)

    def publish(self, key: int, *, replace_changed: bool = False) -> Published | None:
        """Bring the files of one item up to date; None while another run of its tree is open: to be tried again."""
        found = self.subjects([key])
        if not found:
            return Published(key)
        subject = found[0]
        try:
            steps = self.plan(subject, replace_changed=replace_changed)
        except Trouble as error:
            with self.writing() as uow:
                journal.settle(uow, key, Publication.FAILED)
            return Published(key, trouble=error)
        kept = sum(step.action is PublishAction.KEEP_CHANGED for step in steps)
        self._note(steps)
        todo = changes(steps)
        if not todo:
            if subject.publication != Publication.PUBLISHED and subject.wanted:
                with self.writing() as uow:
                    journal.settle(uow, key, Publication.PUBLISHED)
            return Published(key, kept=kept)
        with self.writing() as uow:
            run_id = journal.begin(uow, todo, item_id=key, root_id=subject.root_id, job_id=self.job_id)
        if run_id is None:
            return None
        run = journal.Open(run_id, key, subject.root_id, todo)
        result = perform(self.disk, run_id, todo)
        with self.writing() as uow:
            recycled = journal.finish(uow, run, result)
        return _summed(key, result, displaced=len(recycled), kept=kept)

    def plan(self, subject: Subject, *, replace_changed: bool = False) -> list[Step]:
        """What is done about each file of an item. Raises Trouble where a folder cannot be read."""
        return plan(subject, self._look(subject), measure=self.disk.measure, count=count, replace_changed=replace_changed)

    def recover(self) -> int:
        """Close runs that a crash left open: what was done is recorded, what was half is cleared away. Returns how many.

        Raises Trouble for a disk that does not answer; the run then stays open.
        """
        with self.reading() as session:
            open_runs = journal.abandoned(session, job_id=self.job_id)
        for run in open_runs:
            result = Result([inspect(self.disk, run.id, number, step) for number, step in enumerate(run.steps)])
            with self.writing() as uow:
                journal.finish(uow, run, result, status=PublishStatus.INTERRUPTED)
        return len(open_runs)

    def _note(self, steps: Sequence[Step]) -> None:
        """What changes in the database alone."""
        adopted = [step for step in steps if step.action is PublishAction.ADOPT]
        forgotten = [step.ours_id for step in steps if step.action is PublishAction.FORGET and step.ours_id is not None]
        if not adopted and not forgotten:
            return
        with self.writing() as uow:
            files = files_at(uow, [step.path for step in adopted])
            known = [(step, files[step.path], step.seen) for step in adopted if step.path in files]
            note_ours(uow, [(step, key, instant(seen.mtime_ns)) for step, key, seen in known if seen is not None])
            forget_ours(uow, forgotten)

    def _look(self, subject: Subject) -> Folders:
        found: dict[str, dict[str, Seen]] = {}
        for folder in subject.folders:
            root = next((root for root in subject.roots if _is_in(folder, root)), None)
            if root is not None:
                try:
                    found[folder] = self.disk.look(root, folder)
                except FileNotFoundError:
                    continue  # nothing is known of a folder that is not there: its disk may be away
                except OSError as error:
                    raise trouble(error, folder) from error
        return found


def _is_in(folder: str, root: str) -> bool:
    return folder == root or folder.startswith(f"{root.rstrip('/')}/")


def _summed(key: int, result: Result, *, displaced: int, kept: int) -> Published:
    done = [one.step.action for one in result.outcomes if one.is_done]
    removed = sum(action in (PublishAction.REMOVE, PublishAction.DISPLACE) for action in done)
    return Published(key, len(done) - removed, removed, displaced, kept, result.trouble)
