"""A film on loopback Kodis: laid on their disk, shown in their library; the scans asked of them, and what a job says of it."""

import sqlalchemy as sa

from tests.peers.kodi_player import KodiPlayer
from tests.players.conftest import THEIRS, Home

LANTERNS = "Paper Lanterns (2019)/paper.lanterns.mkv"


def laid(kodi: KodiPlayer, path: str = LANTERNS, *, title: str = "Paper Lanterns", tmdb: str = "1") -> None:
    """A film lies on the disk, with an NFO of ours."""
    kodi.shelves.put("movie", f"{THEIRS}/{path}", title=title, year=2019, uniqueid={"tmdb": tmdb})


def shown(kodi: KodiPlayer) -> list[str]:
    return [row["title"] for row in kodi.shelves.rows["movie"].values()]


def scans(kodi: KodiPlayer) -> list[str]:
    return [params["directory"] for method, params in kodi.asked if method == "VideoLibrary.Scan"]


def text_of(home: Home, key: int) -> str:
    """What a job says of its progress."""
    with home.database.read() as session:
        found: str = session.execute(sa.text("SELECT progress_text FROM jobs WHERE id = :key"), {"key": key}).scalar_one()
    return found
