"""Publishes items: plans against the disk, writes, records. What it does survives its own death at any point."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlmodel import Session

from domain.catalog.enums import Publication
from domain.kit.database import UnitOfWork
from domain.libraries import paths
from domain.libraries.scanning.comparing import instant
from domain.publish import journal
from domain.publish.applying import Result, inspect, perform
from domain.publish.disk import Disk, Trouble, count, trouble
from domain.publish.enums import CLEARING, PublishAction, PublishStatus
from domain.publish.gathering import subjects
from domain.publish.model import Seen, Step, Subject
from domain.publish.planning import Folders, changes, plan
from domain.publish.recording import files_at, forget_ours, note_ours

WRITERS: Final = 4
"""Items whose files are written at once: most of the time goes by until a disk says that bytes are safe."""
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
    sets: str | None = None
    """The folder of film sets; see `domain.publish.sets.home_of`."""
    spares_others: bool = False
    """Files that are not ours stay."""

    def subjects(self, keys: Iterable[int]) -> list[Subject]:
        """Those of the items that can be published, with what should lie beside them."""
        with self.reading() as session:
            return subjects(session, keys, cache=self.cache, sets=self.sets)

    def publish(self, key: int, *, replace_changed: bool = False, replace: Container[str] = ()) -> Published | None:
        """Bring the files of one item up to date; None while another run of its tree is open: to be tried again."""
        return self.publish_many([key], replace_changed=replace_changed, replace=replace)[key]

    def publish_many(
        self, keys: Sequence[int], *, replace_changed: bool = False, replace: Container[str] = ()
    ) -> dict[int, Published | None]:
        """Bring the files of some items up to date, by their keys; None while another run of its tree is open.

        They are read together, and journal and record are one transaction for all: of a tree only one is done at a time,
        so that items of one tree wait for each other.
        """
        done: dict[int, Published | None] = {key: Published(key) for key in keys}
        rest = self.subjects(keys)
        while rest:
            wave = list({subject.root_id: subject for subject in reversed(rest)}.values())[::-1]
            taken = {subject.item_id for subject in wave}
            done |= self._publish(wave, replace_changed=replace_changed, replace=replace)
            rest = [subject for subject in rest if subject.item_id not in taken]
        return done

    def _publish(
        self, subjects: Sequence[Subject], *, replace_changed: bool, replace: Container[str]
    ) -> dict[int, Published | None]:
        """Items of different trees."""
        done: dict[int, Published | None] = {}
        states: dict[int, Publication] = {}
        plans: list[tuple[Subject, list[Step]]] = []
        for subject in subjects:
            try:
                plans.append((subject, self.plan(subject, replace_changed=replace_changed, replace=replace)))
            except Trouble as error:
                states[subject.item_id] = Publication.FAILED
                done[subject.item_id] = Published(subject.item_id, trouble=error)
        self._note([step for _, steps in plans for step in steps])
        kept = {one.item_id: sum(step.action is PublishAction.KEEP_CHANGED for step in steps) for one, steps in plans}
        intents: list[journal.Intent] = []
        for subject, steps in plans:
            if todo := changes(steps):
                intents.append(journal.Intent(subject.item_id, subject.root_id, todo))
                continue
            done[subject.item_id] = Published(subject.item_id, kept=kept[subject.item_id])
            if subject.publication != Publication.PUBLISHED and subject.wanted:
                states[subject.item_id] = Publication.PUBLISHED
        if states:
            with self.writing() as uow:
                journal.settle(uow, states)
        done |= self._apply(intents, kept)
        return done

    def _apply(self, intents: Sequence[journal.Intent], kept: Mapping[int, int]) -> dict[int, Published | None]:
        if not intents:
            return {}
        with self.writing() as uow:
            keys = journal.begin_many(uow, intents, job_id=self.job_id)
        runs = [
            journal.Open(key, intent.item_id, intent.root_id, intent.steps)
            for key, intent in zip(keys, intents, strict=True)
            if key is not None
        ]
        results = self._perform(runs)
        with self.writing() as uow:
            recycled = journal.finish_many(uow, list(zip(runs, results, strict=True)))
        done: dict[int, Published | None] = {one.item_id: None for one in intents if one.item_id is not None}
        for run, result in zip(runs, results, strict=True):
            assert run.item_id is not None
            done[run.item_id] = _summed(run.item_id, result, displaced=len(recycled[run.id]), kept=kept[run.item_id])
        return done

    def _perform(self, runs: Sequence[journal.Open]) -> list[Result]:
        """Do the steps of runs; several wait for their disk at once."""
        if len(runs) < 2:
            return [perform(self.disk, run.id, run.steps) for run in runs]
        with ThreadPoolExecutor(WRITERS, thread_name_prefix="publish") as pool:
            return list(pool.map(lambda run: perform(self.disk, run.id, run.steps), runs))

    def plan(
        self, subject: Subject, *, replace_changed: bool = False, replace: Container[str] = (), folders: Folders | None = None
    ) -> list[Step]:
        """What is done about each file of an item; `folders` if they were looked at. Raises Trouble where one cannot be read."""
        seen = self.look(subject) if folders is None else folders
        return plan(
            subject, seen, measure=self.disk.measure, count=count, replace_changed=replace_changed, replace=replace,
            spares_others=self.spares_others,
        )  # fmt: skip

    def recover(self) -> Mapping[int | None, Trouble]:
        """Close runs that a crash left open: what was done is recorded, what was half is cleared away.

        A run whose disk does not answer stays open, and others do not wait for it: what is wrong, by the top of its tree.
        """
        with self.reading() as session:
            open_runs = journal.abandoned(session, job_id=self.job_id)
        stuck: dict[int | None, Trouble] = {}
        for run in open_runs:
            try:
                result = Result([inspect(self.disk, run.id, number, step) for number, step in enumerate(run.steps)])
            except Trouble as error:
                stuck[run.root_id] = error
                continue
            with self.writing() as uow:
                journal.finish(uow, run, result, status=PublishStatus.INTERRUPTED)
        return stuck

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

    def look(self, subject: Subject) -> Folders:
        """What lies in the folders of an item; one that is not there is left out. Raises Trouble."""
        found: dict[str, dict[str, Seen]] = {}
        for folder in subject.folders:
            root = next((root for root in subject.roots if paths.is_within(folder, root)), None)
            if root is not None:
                try:
                    found[folder] = self.disk.look(root, folder)
                except FileNotFoundError:
                    continue  # nothing is known of a folder that is not there: its disk may be away
                except OSError as error:
                    raise trouble(error, folder) from error
        return found


def _summed(key: int, result: Result, *, displaced: int, kept: int) -> Published:
    done = [one.step.action for one in result.outcomes if one.is_done]
    removed = sum(action in CLEARING for action in done)
    return Published(key, len(done) - removed, removed, displaced, kept, result.trouble)
