"""A loopback fanart.tv with the true wire format of v3.2: every number a text, 404 for "no pictures"."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from tests.peers.web import Asked, Given, Peer

KEY: Final = "fedcba9876543210fedcba9876543210"
AT: Final = "https://assets.fanart.tv/fanart"


def picture(key: str, path: str, likes: str = "1", lang: str = "en", **more: str) -> dict[str, str]:
    """One picture."""
    return {"id": key, "url": f"{AT}/{path}", "lang": lang, "likes": likes, "added": "2025-01-31 10:20:30", **more}


FILM: Final[dict[str, Any]] = {
    "name": "Paper Lanterns", "tmdb_id": "900101", "imdb_id": "tt9900101", "image_count": 7,
    "movielogo": [picture("1", "movies/900101/movielogo/old.png", width="400", height="155")],
    "hdmovielogo": [
        picture("2", "movies/900101/hdmovielogo/a b.png", "2", width="800", height="310"),
        picture("3", "movies/900101/hdmovielogo/c.png", "9", "pl", width="800", height="310"),
    ],
    "movieposter": [
        picture("4", "movies/900101/movieposter/d.jpg", width="1000", height="1426"),
        picture("5", "movies/900101/movieposter/e.jpg", "3", "00", width="1000", height="1426"),
    ],
    "moviebackground": [picture("6", "movies/900101/moviebackground/f.jpg", lang="")],
    "moviedisc": [picture("7", "movies/900101/moviedisc/g.png", disc="1", disc_type="bluray", width="1000", height="1000")],
    "moviebanner": [{"id": "8", "url": "http://10.0.0.1/x.jpg", "lang": "en", "likes": "1"}],
}  # fmt: skip
SERIES: Final[dict[str, Any]] = {
    "name": "Lamplighters", "thetvdb_id": "777001", "image_count": 4,
    "hdtvlogo": [picture("11", "tv/777001/hdtvlogo/a.png")],
    "characterart": [picture("12", "tv/777001/characterart/b.png", lang="00")],
    "seasonposter": [
        picture("13", "tv/777001/seasonposter/c.jpg", season="1"), picture("14", "tv/777001/seasonposter/d.jpg", season="0"),
        picture("15", "tv/777001/seasonposter/e.jpg", season="all"),
    ],
}  # fmt: skip
DOCUMENTS: Final = {
    "/v3.2/movies/900101": FILM, "/v3.2/movies/tt9900101": FILM, "/v3.2/tv/777001": SERIES,
    "/v3.2/movies/7001": {"name": "Lantern Collection", "tmdb_id": "7001", "movieposter": FILM["movieposter"]},
}  # fmt: skip


def answer(asked: Asked) -> Given:
    """The true answer to a request."""
    status, document = 200, DOCUMENTS.get(asked.path)
    if asked.headers.get("api-key") != KEY:
        status, document = 401, {"status": "error", "error message": "Invalid api key"}
    elif document is None:
        status, document = 404, {"status": "error", "error message": "Not found"}
    return Given(status, json.dumps(document).encode(), {"content-type": "application/json"})


@contextmanager
def fanarttv() -> Iterator[Peer]:
    """A running one."""
    with Peer(answer).running() as peer:
        yield peer
