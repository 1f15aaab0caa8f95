"""Writes what downloads brought: the bytes' uses, the choices that waited for them, and why others could not be had."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from domain.artwork.choosing import settle_choices
from domain.artwork.enums import AssetSource, DownloadFailure
from domain.artwork.keeping import Kept, keep, release
from domain.artwork.languages import preferred_languages
from domain.artwork.rules import fits, rules_of
from domain.artwork.scoring import score
from domain.artwork.showing import show_best
from domain.artwork.tables import Asset, CachedFile, ImageCandidate, ImageDownload
from domain.artwork.tokens import new_token
from domain.artwork.wanting import Want
from domain.catalog.queries import rows_of
from domain.kit.database import UnitOfWork, serialize

LASTING: Final = frozenset(set(DownloadFailure) - {DownloadFailure.UNREACHABLE, DownloadFailure.RATE_LIMITED})
"""Failures that say something of the picture: it is tried again after `LATER`."""
LATER: Final = timedelta(days=30)
SOON: Final = timedelta(minutes=15)
"""After a server's first failure; four times as long after each further one, at most `LATEST`."""
LATEST: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Missed:
    """A picture that could not be had; not to be tried before `retry_at`, if the server said so."""

    failure: DownloadFailure
    message: str
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Here:
    """Bytes that are in the cache already, as somebody else's."""

    file_id: int


def settle(uow: UnitOfWork, arrivals: Mapping[Want, Kept | Here | Missed]) -> tuple[frozenset[int], int]:
    """Write what became of downloads: (entities that show others now, how many pictures came and are of use).

    What breaks the rules of its type is not used, unless a person chose it. Nothing that is shown goes before something
    better is here.
    """
    entities = sorted({want.entity_id for want in arrivals})
    for entity_id in entities:
        serialize(uow.session, f"artwork of {entity_id}")
    offers = {row.id: row for row in rows_of(uow.session, ImageCandidate.id, [want.candidate_id for want in arrivals])}
    keys = {want: _file(uow, each) for want, each in arrivals.items() if not isinstance(each, Missed)}
    files = {row.id: row for row in rows_of(uow.session, CachedFile.id, keys.values())}
    uses = {
        (row.entity_id, row.asset_type, row.cached_file_id) for row in rows_of(uow.session, Asset.entity_id, entities)
    }  # fmt: skip
    rules, languages = rules_of(uow.session), preferred_languages(uow.session)
    missed, came = {want: each for want, each in arrivals.items() if isinstance(each, Missed)}, 0
    for want, file_id in keys.items():
        offer, file, rule = offers.get(want.candidate_id), files[file_id], rules[want.asset_type]
        if offer is None:
            continue
        is_fit = file.format in rule.formats and fits(rule, width=file.width, height=file.height)
        found = _measure(uow, rule, offer, file, languages, is_kept=is_fit or want.is_chosen)
        if not is_fit and not want.is_chosen:
            message = f"It is {file.width} x {file.height}, {file.format}: no {want.asset_type} by the rules."
            missed[want] = Missed(DownloadFailure.WRONG_SHAPE, message)
            continue
        came += 1
        if (want.entity_id, want.asset_type, file_id) not in uses:
            uses.add((want.entity_id, want.asset_type, file_id))
            _use(uow, want, offer, file_id, found)
    arrived = [want.candidate_id for want in keys if want not in missed]
    uow.session.execute(sa.delete(ImageDownload).where(col(ImageDownload.candidate_id).in_(arrived)))
    _note(uow, {want: each for want, each in missed.items() if want.candidate_id in offers})
    release(uow, keys.values())
    return settle_choices(uow, entities) | show_best(uow, entities), came


def _file(uow: UnitOfWork, arrival: Kept | Here) -> int:
    return arrival.file_id if isinstance(arrival, Here) else keep(uow, arrival)


def _measure(uow: UnitOfWork, rule: Any, offer: Any, file: Any, languages: tuple[str, ...], *, is_kept: bool) -> float:
    """Write the true size of a candidate, and its bytes if they are of use; its score."""
    found = score(
        rule, width=file.width, height=file.height, language=offer.language, provider=offer.provider, preferred=languages,
        vote_average=None if offer.vote_average is None else float(offer.vote_average), vote_count=offer.vote_count,
    )  # fmt: skip
    values = {
        "width": file.width, "height": file.height, "score": found.total, "score_breakdown": found.as_json(),
        "cached_file_id": file.id if is_kept else None, "last_refreshed_at": uow.now(),
    }  # fmt: skip
    uow.session.execute(sa.update(ImageCandidate).where(col(ImageCandidate.id) == offer.id).values(values))
    return found.total


def _use(uow: UnitOfWork, want: Want, offer: Any, file_id: int, total: float) -> None:
    uow.session.execute(
        sa.insert(Asset).values(
            entity_id=want.entity_id, asset_type=want.asset_type, cached_file_id=file_id, token=new_token(),
            language=offer.language, season_number=offer.season_number, source_type=AssetSource.PROVIDER,
            source_url=offer.url, provider=offer.provider, candidate_id=offer.id, score=total,
        )
    )  # fmt: skip


def _note(uow: UnitOfWork, missed: Mapping[Want, Missed]) -> None:
    """Why these could not be had, and from when on they may be tried again."""
    keys = [want.candidate_id for want in missed]
    before = {row.candidate_id: row.failure_count for row in rows_of(uow.session, ImageDownload.candidate_id, keys)}
    rows = []
    for want, each in missed.items():
        count = before.get(want.candidate_id, 0) + 1
        later = LATER if each.failure in LASTING else min(SOON * 4 ** min(count - 1, 6), LATEST)
        rows.append(
            {
                "candidate_id": want.candidate_id, "entity_id": want.entity_id, "failure": each.failure,
                "message": each.message, "failure_count": count, "retry_at": each.retry_at or uow.now() + later,
            }
        )  # fmt: skip
    uow.session.execute(sa.delete(ImageDownload).where(col(ImageDownload.candidate_id).in_(keys)))
    if rows:
        uow.session.connection().execute(sa.insert(ImageDownload), rows)
