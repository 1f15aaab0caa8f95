"""fanart.tv, API v3.2: pictures that its users made. It knows no texts and cannot be searched.

Films and collections go by TMDB's ids (films by IMDb's as well), series by TheTVDB's. Source: fanart.tv's API documentation.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlsplit

from domain.catalog.enums import EntityKind
from domain.kit.errors import Invalid
from domain.providers.model import Ask, Candidate, Details, Login, OrderOnOffer, Picture, Query, Request, Stretch, Wishes
from domain.providers.pacing import Pace
from domain.providers.reading import Row, identifier, language, rows, text

_KEPT: Final = timedelta(days=2)
_IDS: Final = {
    EntityKind.MOVIE: ("movies", re.compile(r"[1-9][0-9]{0,9}|tt[0-9]{5,10}")),
    EntityKind.COLLECTION: ("movies", re.compile(r"[1-9][0-9]{0,9}")),
    EntityKind.SERIES: ("tv", re.compile(r"[1-9][0-9]{0,9}")),
}
_TYPES: Final[Mapping[str, Mapping[str, str]]] = {
    "movies": {
        "hdmovielogo": "clearlogo", "movielogo": "clearlogo", "hdmovieclearart": "clearart", "movieart": "clearart",
        "moviebackground-4k": "fanart", "moviebackground": "fanart", "movieposter": "poster", "moviebanner": "banner",
        "moviethumb": "landscape", "moviedisc": "discart",
    },
    "tv": {
        "hdtvlogo": "clearlogo", "clearlogo": "clearlogo", "hdclearart": "clearart", "clearart": "clearart",
        "showbackground": "fanart", "tvposter": "poster", "tvbanner": "banner", "tvthumb": "landscape",
        "characterart": "characterart", "seasonposter": "poster", "seasonthumb": "landscape", "seasonbanner": "banner",
    },
}  # fmt: skip
"""Its names of kinds of pictures as ours, the better ones first."""
_PICTURES_AT: Final = "assets.fanart.tv"


class FanartTv:
    """Keys: 32 hex digits."""

    name = "fanarttv"
    base_url = "https://webservice.fanart.tv/v3.2"
    hosts = frozenset({"webservice.fanart.tv"})
    pace = Pace(1, 1.0)
    """No figure is published; other clients keep to this."""
    remembers = None

    def check_key(self, key: str) -> None:
        """Raises Invalid."""
        if not re.fullmatch(r"[0-9a-f]{32}", key):
            raise Invalid("A key of fanart.tv has 32 hex digits.", path=("key",))

    def login(self, key: str) -> Login | None:
        """None."""
        return None

    def authorized(self, credential: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """In a header."""
        return {}, {"api-key": credential}

    def test(self, ask: Ask) -> None:
        """Any film; also "no pictures" shows that the key is good."""
        ask(Request("/movies/11", kept=_KEPT))

    def search(self, ask: Ask, query: Query, wishes: Wishes) -> Sequence[Candidate]:
        """Nothing: it finds by ids only."""
        return ()

    def details(self, ask: Ask, kind: EntityKind, external_id: str, wishes: Wishes) -> Details | None:
        """Pictures in all languages, the most liked of each type first; a season's with its number. Raises Invalid."""
        place, form = _IDS.get(kind, ("", None))
        if form is None or not form.fullmatch(external_id):
            raise Invalid(f"fanart.tv has no {kind.value} {external_id[:40]!r}.", path=("id",))
        media_type = "tv" if kind is EntityKind.SERIES else "movie" if kind is EntityKind.MOVIE else None
        answer = ask(Request(f"/{place}/{external_id}", kept=_KEPT, media_type=media_type))
        if answer is None:
            return None
        pictures = tuple(_pictures(answer, place))
        return Details(provider=self.name, kind=kind, external_id=external_id, language="", pictures=pictures)

    def episodes(self, ask: Ask, order: OrderOnOffer, series_id: str, wishes: Wishes) -> Sequence[Details]:
        """Nothing: it knows no episodes."""
        return ()

    def changes(self, ask: Ask, since: datetime, now: datetime) -> Iterator[Stretch]:
        """Nothing: its answers are fresh for two days only."""
        yield from ()


def _pictures(answer: Row, place: str) -> Iterator[Picture]:
    for name, asset_type in _TYPES[place].items():
        found = [each for one in rows(answer.get(name)) if (each := _picture(name, asset_type, one)) is not None]
        yield from sorted(found, key=lambda each: -(each.votes or 0))


def _picture(name: str, asset_type: str, one: Row) -> Picture | None:
    url, key = _address(one.get("url")), identifier(one.get("id"))
    if url is None or key is None:
        return None
    spoken = language(one.get("lang"))
    if name == "movieposter" and spoken is None:
        asset_type = "keyart"  # a poster without words
    season = _number(one.get("season"))
    if name.startswith("season") and season is None:
        return None  # "all": of no season
    return Picture(
        asset_type, url, key, _number(one.get("width")) or None, _number(one.get("height")) or None, spoken,
        votes=_number(one.get("likes")), season_number=season,
    )  # fmt: skip


def _number(value: Any) -> int | None:
    """Its numbers are texts."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return int(value) if re.fullmatch(r"[0-9]{1,9}", str(value)) else None


def _address(value: Any) -> str | None:
    """Spaces may stand in it."""
    known = text(value)
    if known is None:
        return None
    try:
        parts = urlsplit(known)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.netloc != _PICTURES_AT or ".." in parts.path:
        return None
    return f"https://{_PICTURES_AT}{quote(parts.path, safe='/%')}"
