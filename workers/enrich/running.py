"""One run of enrichment: asks for a page of things, writes it in small transactions, remembers how far it is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from domain.enrich.asking import Answers, Source, ask_all, sources
from domain.enrich.enums import LookupOutcome
from domain.enrich.results import outcome_of
from domain.enrich.subjects import Unit
from domain.enrich.writing import write
from domain.jobs.kinds import FETCH_ARTWORK, Enrich, FetchArtwork
from domain.jobs.service import enqueue
from domain.kit.errors import KeyRefused, Unreachable, Upstream
from domain.kit.ids import global_id
from domain.providers.desk import BACKGROUND, PERSON, Desk
from domain.providers.queries import nobody_to_ask
from workers.context import JobContext
from workers.enrich.offering import offer_pictures
from workers.enrich.scope import ITEMS, PEOPLE, Scope, stages_from

PAGE: Final = 40
"""Films, series, people or film series that are asked about before they are written."""
MOST_WEIGHT: Final = 36
"""Of one transaction: a thing weighs 1, and 1 more for every `_PEOPLE` that took part in it."""
_PEOPLE: Final = 25
_ASKERS: Final = 4
"""Threads that wait for providers."""
_SHOWN: Final = 20
"""Failures that the result names; the rest is counted, and all stand in `enrichmentResults`."""
_NAMED: Final = 200
"""Things that the key of a following job names: the same question twice is one job."""
_TABLES: Final = {"person": "people", "collection": "collections"}


class Run:
    """One attempt at one job. A person's run of one thing takes what there is; one of many stops where a provider has had
    enough, and goes on from there."""

    def __init__(self, context: JobContext[Enrich], desk: Desk) -> None:
        payload = context.payload
        self.context = context
        self.is_persons = context.lease.requested_by_user_id is not None
        self.is_single = self.is_persons and payload.library_id is None and len(set(payload.items)) == 1
        self.sources = sources(desk, PERSON if self.is_single else BACKGROUND, is_renewed=payload.is_renewed)
        saved = dict(context.saved or {})
        self.stage = str(saved.get("stage", ITEMS))
        self.last = int(saved.get("last", 0))
        self.scope = Scope(payload, only_failed=bool(saved.get("only_failed", False)), people=saved.get("people"))
        self.counts: Counter[str] = Counter(saved.get("counts", {}))
        self.providers: dict[str, Counter[str]] = {name: Counter(one) for name, one in saved.get("providers", {}).items()}
        self.failures: list[dict[str, str]] = []
        self.offered: set[int] = set(saved.get("offered", ()))
        self.has_offers = bool(saved.get("has_offers", False))
        self.failed = 0
        self.total = 0

    def work(self) -> Mapping[str, Any]:
        """Enrich everything that was asked for; the job's result. Raises Upstream where it has to go on later."""
        if not self.sources:
            if self.is_persons:
                raise nobody_to_ask()
            return self._result()
        with self.context.database.read() as session:
            self.total = self.scope.total(session)
        with ThreadPoolExecutor(1 if self.is_single else _ASKERS, thread_name_prefix="enrich") as pool:
            for stage in stages_from(self.stage):
                if stage != self.stage:
                    self.stage, self.last = stage, 0
                self._work_stage(pool)
        self._fetch_artwork()
        self._end()
        return self._result()

    def _fetch_artwork(self) -> None:
        """Have what is on offer now downloaded, whatever else is left to be asked."""
        if not self.has_offers or self.scope.payload.folder is not None:  # of a folder, the next job of the chain does
            return
        library, user_id = self.scope.payload.library_id, self.context.lease.requested_by_user_id
        payload = FetchArtwork(entities=tuple(sorted(self.offered)), library_id=library)
        named = ",".join(map(str, payload.entities[:_NAMED])) if library is None else f"library:{library}"
        same = f"artwork:{user_id}:{named}" if len(payload.entities) <= _NAMED else None
        with self.context.transaction() as uow:
            enqueue(uow, FETCH_ARTWORK, payload, dedupe_key=same, requested_by_user_id=user_id)
        self.offered, self.has_offers = set(), False

    def _work_stage(self, pool: ThreadPoolExecutor) -> None:
        if self.stage == PEOPLE and self.scope.people is None and self.scope.payload.library_id is not None:
            with self.context.database.read() as session:
                self.scope = self.scope.with_people(session)
            self.total += len(self.scope.people or ())
        while True:
            self.context.check_cancelled()
            with self.context.database.read() as session:
                keys = self.scope.page(session, self.stage, after=self.last, limit=PAGE)
                units = self.scope.units(session, self.stage, keys) if keys else []
            if not keys:
                return
            stopped = self._work_page(pool, units)
            if stopped is not None:
                self.context.checkpoint(self._state())
                raise stopped
            self.last = keys[-1]
            with self.context.transaction():
                self.context.checkpoint(self._state())
                self._report()

    def _work_page(self, pool: ThreadPoolExecutor, units: Sequence[Unit]) -> Upstream | None:
        """Ask and write; why the run has to stop, if it has to. What was asked before that is written."""
        ready: list[Answers] = []
        stopped: Upstream | None = None
        asked: Sequence[Source] = tuple(self.sources)
        for answers in pool.map(lambda unit: self._ask(asked, unit), units):
            stopped = stopped or (None if self.is_single else answers.stop())
            if stopped is None:
                ready.append(answers)
        for batch in _batches(ready):
            self.context.check_cancelled()
            with self.context.transaction() as uow:
                done = write(uow, batch)
                offered = offer_pictures(uow, batch, done, is_persons=self.is_persons)
            self.has_offers = self.has_offers or bool(offered)
            self.offered |= offered if self.scope.payload.library_id is None else set()
            self.counts["changed"] += sum(1 for fields in done.changed.values() if fields)
        if stopped is None:  # else the page is asked about once more
            self._count(ready)
        return stopped

    def _ask(self, asked: Sequence[Source], unit: Unit) -> Answers:
        if self.context.interrupted.is_set():
            return Answers(unit)
        return ask_all(asked, unit)

    def _count(self, ready: Sequence[Answers]) -> None:
        refused: set[str] = set()
        for answers in ready:
            self.counts["asked"] += 1
            self.counts["unknown"] += not answers.said
            for by_provider in answers.said.values():
                for provider, one in by_provider.items():
                    self.providers.setdefault(provider, Counter())[outcome_of(one).value] += 1
            for entity, provider, error in answers.failures():
                if isinstance(error, KeyRefused):
                    refused.add(provider)
                else:
                    self.failed += 1
                if len(self.failures) < _SHOWN:
                    subject = global_id(_TABLES.get(answers.unit.top.kind.value, "media_items"), entity)
                    self.failures.append({"id": subject, "provider": provider, "code": error.code, "message": error.message})
        if refused and not self.is_single:  # nobody is asked again with a key that is not accepted
            self.sources = [one for one in self.sources if one.provider.name not in refused]
            if not self.sources:
                raise KeyRefused(f"{', '.join(sorted(refused))} does not accept the key.")

    def _end(self) -> None:
        """What is left: things that a provider did not answer are asked about again later."""
        if not self.failed or self.is_single:
            return
        self.stage, self.last = ITEMS, 0
        self.scope = Scope(self.scope.payload, only_failed=True, people=self.scope.people)
        self.context.checkpoint(self._state())
        first = self.failures[0]
        raise Unreachable(f"{self.failed} questions were not answered; the first of {first['provider']}: {first['message']}")

    def _state(self) -> dict[str, Any]:
        return {
            "stage": self.stage,
            "last": self.last,
            "only_failed": self.scope.only_failed,
            "people": self.scope.people,
            "offered": sorted(self.offered),
            "has_offers": self.has_offers,
            "counts": dict(self.counts),
            "providers": {name: dict(one) for name, one in self.providers.items()},
        }

    def _report(self) -> None:
        fraction = min(1.0, self.counts["asked"] / self.total) if self.total else None
        self.context.report(fraction, f"{self.counts['asked']} asked about, {self.counts['changed']} changed", **self.counts)

    def _result(self) -> Mapping[str, Any]:
        self._report()
        answered = {name: {each.value: one[each.value] for each in LookupOutcome} for name, one in self.providers.items()}
        return {**self.counts, "providers": answered, "failures": self.failures}


def _batches(ready: Sequence[Answers]) -> Iterator[list[Answers]]:
    """Answers in transactions of bearable length; a long series takes several."""
    batch: list[Answers] = []
    weight = 0
    for answers in ready:
        part = Answers(answers.unit, orders=answers.orders)
        for entity, by_provider in answers.said.items():
            people = sum(len(one.details.participations) for one in by_provider.values() if one.details is not None)
            own = 1 + people // _PEOPLE
            if weight and weight + own > MOST_WEIGHT:
                yield [*batch, *([part] if part.said else [])]
                batch, weight, part = [], 0, Answers(answers.unit, orders=answers.orders)
            part.said[entity] = by_provider
            weight += own
        if part.said:
            batch.append(part)
    if batch:
        yield batch
