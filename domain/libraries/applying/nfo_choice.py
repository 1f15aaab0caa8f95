"""What an NFO says of an item, and whether it contradicts what the name of its video says."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.libraries.applying.catalogue_ids import contradict, ids_of_name
from domain.libraries.names import ParsedName
from domain.libraries.nfo import NfoId, NfoItem, NfoKind
from domain.libraries.understanding.model import FoundFile

_YEARS_APART: Final = 1
"""A film's festival and cinema years differ by one without anybody being wrong."""


def item_of(file: FoundFile, kind: NfoKind) -> NfoItem | None:
    """The first item of a kind that a read NFO holds."""
    roots = file.nfo.roots if file.nfo is not None else ()
    return next((root for root in roots if root.kind is kind), None)


def ids_of(file: FoundFile, kind: NfoKind) -> tuple[NfoId, ...]:
    """All ids that an NFO gives for its item: in the XML first, then in addresses beside it."""
    if file.nfo is None:
        return ()
    item = item_of(file, kind)
    found: dict[tuple[str, str], NfoId] = {}
    for one in (*(item.external_ids if item else ()), *file.nfo.url_ids):
        found.setdefault((one.provider, one.namespace), one)
    return tuple(found.values())


def film_contradiction(parsed: ParsedName, item: NfoItem | None, ids: Sequence[NfoId]) -> Mapping[str, Any] | None:
    """What the NFO says otherwise than the name of a film: another year, or another id than `{tmdb-…}` in the name."""
    of_name = {(one.provider, one.namespace): one.id for one in ids_of_name(parsed.external_ids, NfoKind.MOVIE)}
    year = year_of(item) if item is not None else None
    is_other_year = parsed.year is not None and year is not None and abs(parsed.year - year) > _YEARS_APART
    if not is_other_year and not contradict(of_name, ids):
        return None
    return {
        "source": "nfo",
        "title": item.title if item is not None else None,
        "year": year,
        "ids": {f"{one.provider}:{one.namespace}": one.id for one in ids},
    }


def number_of(file: FoundFile | None) -> tuple[int, int] | None:
    """(season, episode) that an NFO of one episode gives; None where it gives none, or tells of several."""
    roots = [root for root in file.nfo.roots if root.kind is NfoKind.EPISODE] if file is not None and file.nfo is not None else []
    if len(roots) != 1 or roots[0].season is None or not roots[0].episode:
        return None
    return roots[0].season, roots[0].episode


def episode_contradiction(season: int | None, episode: int | None, item: NfoItem) -> Mapping[str, Any] | None:
    """What the NFO says otherwise than the name of an episode: other numbers."""
    is_other_season = season is not None and item.season is not None and season != item.season
    is_other_episode = episode is not None and item.episode is not None and episode != item.episode
    if not is_other_season and not is_other_episode:
        return None
    return {"source": "nfo", "title": item.title, "season": item.season, "episode": item.episode}


def year_of(item: NfoItem) -> int | None:
    """The year that an NFO gives, itself or by a date."""
    moment = item.premiered or item.aired
    return item.year or (moment.year if moment else None)
