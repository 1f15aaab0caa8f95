"""Fetches the pictures that are wanted: plan, download, look, keep, show; page by page, and as often as something is lacking."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from domain.artwork import fetchable, fetching, showing, telling, wanting
from domain.artwork.cache import folder
from domain.artwork.enums import DownloadFailure
from domain.artwork.fetching import Here, Missed
from domain.artwork.keeping import Kept
from domain.artwork.offering import rescored, write_scores
from domain.artwork.wanting import Want
from domain.jobs.kinds import FETCH_ARTWORK, FetchArtwork
from domain.jobs.service import enqueue
from domain.kit import clock
from domain.kit.http import Egress
from domain.libraries.below import tops_below
from workers.artwork import cache
from workers.artwork.downloads import Downloads
from workers.artwork.looking import Look, question
from workers.artwork.pool import LookPool
from workers.artwork.preparing import kept_of
from workers.confined.refusals import FailureCode, Refusal
from workers.context import JobContext

PAGE: Final = 20
"""Entities that are looked at together."""
BATCH: Final = 30
"""Pictures of one transaction."""
ROUNDS: Final = 8
"""So often the next best is taken where one could not be had, or is there twice."""
_TOO_LARGE: Final = (FailureCode.TOO_LARGE, FailureCode.MEMORY, FailureCode.TIMEOUT)


class Fetch:
    """One job: its counts, and what it has learned of servers."""

    def __init__(self, context: JobContext[FetchArtwork], pool: LookPool, egress: Egress, scratch: Path) -> None:
        self._context = context
        self._pool = pool
        self._scratch = scratch
        self._downloads = Downloads(egress, scratch, context.interrupted)
        self._by_person = context.lease.requested_by_user_id is not None
        self.counts = {"looked_at": 0, "downloaded": 0, "reused": 0, "failed": 0, "changed": 0, "bytes": 0}

    def run(self) -> Mapping[str, int]:
        """All pages, from the checkpoint on; what could not be had is tried again by a later job."""
        context, after = self._context, int((self._context.saved or {}).get("after", 0))
        while page := self._next(after):
            context.check_cancelled()
            self._page(page)
            after = page[-1]
            context.checkpoint({"after": after})
            self.counts["looked_at"] += len(page)
            self._report()
        self._try_again()
        return self.counts

    def _next(self, after: int) -> list[int]:
        payload = self._context.payload
        if payload.entities:
            return sorted(key for key in set(payload.entities) if key > after)[:PAGE]
        with self._context.database.read() as session:
            if payload.library_id is not None:
                tops = None if payload.folder is None else tops_below(session, payload.library_id, payload.folder)
                return fetchable.page_of_library(session, payload.library_id, after=after, limit=PAGE, tops=tops)
            return fetchable.page_to_retry(session, now=clock.now(), after=after, limit=PAGE)

    def _page(self, page: Sequence[int]) -> None:
        tried: set[int] = set()
        self._renew(page)
        for _ in range(ROUNDS):
            wants = [want for want in self._wants(page) if want.candidate_id not in tried]
            if not wants:
                return
            tried |= {want.candidate_id for want in wants}
            arrivals = list(self._obtain(wants).items())
            for start in range(0, len(arrivals), BATCH):
                piece = dict(arrivals[start : start + BATCH])
                with self._context.transaction() as uow:
                    changed, came = fetching.settle(uow, piece)
                    telling.tell_changed(uow, changed)
                self.counts["changed"] += len(changed)
                self.counts["failed"] += len(piece) - came

    def _renew(self, page: Sequence[int]) -> None:
        """Scores by the languages that are preferred now, and what is here in its place; no write where nothing changes."""
        with self._context.database.read() as session:
            scores, sight = rescored(session, page), showing.look(session, page)
            is_stale = bool(scores) or bool(showing.changes(sight.rows, showing.best_ranks(sight)))
        if is_stale:
            with self._context.transaction() as uow:
                write_scores(uow, scores)
                changed = showing.show_best(uow, page)
                telling.tell_changed(uow, changed)
            self.counts["changed"] += len(changed)

    def _wants(self, page: Sequence[int]) -> list[Want]:
        with self._context.database.read() as session:
            found = wanting.known(session, page)
        wants = wanting.wanted(found, by_person=self._by_person, is_avoided=self._downloads.is_paused)
        return [want for want in wants if want.is_chosen or not self._context.payload.only_chosen]

    def _obtain(self, wants: Sequence[Want]) -> dict[Want, Kept | Here | Missed]:
        """The bytes of each, or why not: from the cache where the same address was downloaded before."""
        by_url: dict[str, list[Want]] = {}
        for want in wants:
            by_url.setdefault(want.url, []).append(want)
        with self._context.database.read() as session:
            files = wanting.bytes_at(session, by_url)
        data_dir = self._context.settings.data_dir
        found: dict[str, Kept | Here | Missed] = {
            url: Here(row.id) for url, row in files.items() if (folder(data_dir) / row.path).is_file()
        }
        self.counts["reused"] += len(found)
        for url, arrival in self._download([url for url in by_url if url not in found]):
            found[url] = arrival
            self.counts["downloaded"] += isinstance(arrival, Kept)
            self._report()
        self._context.check_cancelled()
        return {want: found[url] for url, ones in by_url.items() for want in ones if url in found}

    def _download(self, urls: Sequence[str]) -> Iterator[tuple[str, Kept | Missed]]:
        """Downloads go on while children look at what has come."""
        asked: dict[str, tuple[str, Path, Path]] = {}
        missed: list[tuple[str, Missed]] = []

        def questions() -> Iterator[str]:
            for url, got in self._downloads.run(urls):
                if isinstance(got, Missed):
                    missed.append((url, got))
                    continue
                into = cache.make_scratch(self._context.settings.data_dir)
                said = question(str(got), variants_into=str(into))
                asked[said] = (url, got, into)
                yield said
            self._context.check_cancelled()

        try:
            for said, answer in self._pool.ask_many(questions()):
                url, path, into = asked.pop(said)
                yield url, self._looked_at(path, into, answer)
                path.unlink(missing_ok=True)
                cache.drop_scratch(into)
            yield from missed
        finally:
            for _, path, into in asked.values():
                path.unlink(missing_ok=True)
                cache.drop_scratch(into)

    def _looked_at(self, path: Path, into: Path, answer: Look | Refusal) -> Kept | Missed:
        if isinstance(answer, Refusal):
            failure = DownloadFailure.TOO_LARGE if answer.code in _TOO_LARGE else DownloadFailure.NOT_PICTURE
            return Missed(failure, f"What came is no whole picture: {answer.message}.")
        kept = kept_of(self._context.settings.data_dir, path, into, answer)
        return Missed(DownloadFailure.NOT_PICTURE, "What came changed while it was read.") if kept is None else kept

    def _report(self) -> None:
        self.counts["bytes"] = self._downloads.bytes_count
        total = len(set(self._context.payload.entities))
        done = self.counts["looked_at"] / total if total else None
        self._context.report(done, f"{self.counts['downloaded']} pictures", **self.counts)

    def _try_again(self) -> None:
        """A job for the time when the next picture that could not be had may be tried again; one an hour at most."""
        with self._context.database.read() as session:
            moment = fetchable.next_retry(session, after=clock.now())
        if moment is not None:
            with self._context.transaction() as uow:
                key = f"artwork:retry:{moment:%Y-%m-%dT%H}"
                enqueue(uow, FETCH_ARTWORK, FetchArtwork(), dedupe_key=key, run_at=moment)
