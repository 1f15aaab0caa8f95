"""Finds out what items are, in the background: in batches, from its checkpoint, and not while a provider has had enough."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain.catalog.enums import EpisodeOrdering
from domain.identify import hinting, knowing, orders, recording, requesting
from domain.identify.asking import PASSING, Asker
from domain.identify.enums import AttemptOutcome
from domain.identify.finding import Absolute, Finding, find
from domain.identify.knowing import Known
from domain.identify.numbering import place_absolute
from domain.jobs.kinds import IDENTIFY, Identify
from domain.kit import clock
from domain.kit.errors import Upstream
from domain.kit.spelling import counted
from workers.outbound import desk_of
from workers.runtime import JobContext, job

_PAGE: Final = 200
_BATCH: Final = 20
"""Findings of one transaction."""


@dataclass(slots=True)
class _Run:
    context: JobContext[Identify]
    last: int = 0
    done: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    identified: list[int] = field(default_factory=list)
    """Of named items; of a library their number is enough."""
    waiting: list[Finding] = field(default_factory=list)

    @property
    def of(self) -> dict[str, Any]:
        payload = self.context.payload
        return {"items": payload.items, "library_id": payload.library_id if payload.folder is None else None}

    def save(self) -> None:
        """Write what was found, with the place to go on from."""
        with self.context.transaction() as uow:
            identified = recording.record(uow, self.waiting) if self.waiting else []
            self.counts["identified_items"] += len(identified)
            self.identified += identified if self.context.payload.library_id is None else []
            state = {"last": self.last, "done": self.done, "counts": dict(self.counts), "identified": self.identified}
            self.context.checkpoint(state)
        for one in self.waiting:
            if one.known.key in identified and one.known.wanted.absolute and (one.seasons or one.absolute):
                self._number(one.known.key, one.seasons or {}, one.absolute)
        self.waiting.clear()

    def _number(self, series: int, seasons: Mapping[int, int], absolute: Absolute | None) -> None:
        """Place episodes with absolute numbers, a hundred in a transaction."""
        if absolute is not None:
            with self.context.transaction() as uow:
                orders.keep_offers(uow, {series: {absolute.provider: absolute.offered}})
                orders.keep_told(uow, series, absolute.provider, {EpisodeOrdering.ABSOLUTE: absolute.numbers})
        while True:
            with self.context.transaction() as uow:
                placed = place_absolute(uow, series, seasons)
            self.counts["numbered_episodes"] += placed
            if not placed:
                return


@job(IDENTIFY)
def identify(context: JobContext[Identify]) -> Mapping[str, Any]:
    """Ask the providers about every film and series that is due; the result counts them.

    Raises RateLimited, Paused, Unreachable after keeping what was found: the job goes on from there at the moment they name.
    A person's own request goes on with the other providers instead, and names those that failed.
    """
    saved = context.saved or {}
    run = _Run(context, int(saved.get("last", 0)), int(saved.get("done", 0)), Counter(saved.get("counts", {})))
    run.identified = list(saved.get("identified", []))
    is_asked_for = context.lease.requested_by_user_id is not None
    asker = Asker.of(desk_of(context), goes_on=is_asked_for or context.payload.folder is not None)
    with context.database.read() as session:
        context.payload = hinting.resolved(session, context.payload)
        hinted = hinting.ids_by_item(session, context.payload)
        total = run.done + knowing.count(session, **run.of, after=run.last)
    try:
        for known in _due(run, is_asked_for=is_asked_for and bool(context.payload.items), hinted=hinted):
            context.check_cancelled()
            if known is not None:
                if not asker.heard:
                    break
                run.waiting.append(_find(run, asker, known, hinted.get(known.key)))
            if len(run.waiting) >= _BATCH:
                run.save()
            context.report(min(1.0, run.done / total) if total else 1.0, f"{run.done} of {counted(total, 'item')}", **run.counts)
    except PASSING:
        run.save()
        raise
    run.save()
    if (
        context.payload.folder is None
        and not asker.heard
        and (passing := [one for one in asker.failures.values() if isinstance(one, PASSING)])
    ):
        raise passing[0]
    return _end(run, asker)


def _due(run: _Run, *, is_asked_for: bool, hinted: Mapping[int, hinting.Ids]) -> Iterator[Known | None]:
    """The items in the order of their keys, a page at a time; None for one that is not due."""
    while True:
        with run.context.database.read() as session:
            rows = knowing.page(session, **run.of, after=run.last, limit=_PAGE)
            page = knowing.load(session, rows)
        for known in page:
            asked_for = is_asked_for or hinting.is_new(known, hinted.get(known.key))
            yield known if known.is_due(clock.now(), is_asked_for=asked_for) else None
            run.last, run.done = known.key, run.done + 1
        if len(page) < _PAGE:
            return


def _find(run: _Run, asker: Asker, known: Known, hint: hinting.Ids | None) -> Finding:
    try:
        found = find(asker, known) if hint is None else hinting.find_hinted(asker, known, hint)
    except PASSING:
        raise
    except Upstream as error:  # what one answer is like says nothing of the next
        run.context.log.warning("identification_failed", item=known.key, error=error.message)
        found = Finding(known, AttemptOutcome.FAILED)
    if asker.failures and found.outcome is AttemptOutcome.NOTHING:
        found = Finding(known, AttemptOutcome.FAILED)  # who was not heard may know it
    run.counts[f"{found.outcome.value}_tries"] += 1
    return found


def _end(run: _Run, asker: Asker) -> Mapping[str, Any]:
    context = run.context
    failures = [{"provider": name, "message": error.message} for name, error in sorted(asker.failures.items())]
    result = {"items": run.done, **run.counts, "failures": failures}
    context.report(1.0, f"{counted(run.done, 'item')}; {run.counts['identified_items']} identified", **run.counts)
    with context.transaction() as uow:
        if run.counts["identified_items"] and context.payload.folder is None:
            requesting.request_enrichment(
                uow, items=run.identified, library_id=context.payload.library_id, user_id=context.lease.requested_by_user_id
            )
        context.complete(uow, result)
    return result
