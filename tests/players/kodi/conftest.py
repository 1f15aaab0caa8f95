"""A loopback Kodi with a film, a film in parts, a series; and our way to it."""

from collections.abc import Iterator

import pytest

from domain.kit.http import Lan
from tests.peers.kodi_player import KodiPlayer

FILMS = "smb://nas/films/"
SERIES = "smb://nas/series/"
LANTERNS = f"{FILMS}Paper Lanterns (2019)/paper.lanterns.2019.mkv"
HARBOUR = f"{FILMS}Harbour (2004)/"
PARTS = f"stack://{HARBOUR}harbour-cd1.avi , {HARBOUR}harbour-cd2.avi"
SHOW = f"{SERIES}Tidewater/"


@pytest.fixture
def lan() -> Iterator[Lan]:
    made = Lan()
    yield made
    made.close()


@pytest.fixture
def kodi() -> Iterator[KodiPlayer]:
    made = KodiPlayer(username="kodi", password="lamp")
    shelves = made.shelves
    shelves.sources["video"] = [{"label": "Films", "file": FILMS}, {"label": "Series", "file": SERIES}]
    shelves.add("movie", title="Paper Lanterns", year=2019, file=LANTERNS, uniqueid={"imdb": "tt9900101", "tmdb": "900101"})
    shelves.add("movie", title="Harbour", year=2004, file=PARTS, uniqueid={"tmdb": "900102"})
    show = shelves.add("tvshow", title="Tidewater", year=2015, file=SHOW, uniqueid={"tvdb": "770001"})
    for number, title in ((1, "Ebb"), (2, "Flood")):
        shelves.add(
            "episode", title=title, showtitle="Tidewater", season=1, episode=number, tvshowid=show["tvshowid"],
            file=f"{SHOW}Season 01/Tidewater S01E01-E02.mkv", uniqueid={"tvdb": f"77000{number}1"},
        )  # fmt: skip
    for rows in shelves.rows.values():
        shelves.disk |= {row["file"]: {"type": "movie", "file": row["file"]} for row in rows.values()}
    shelves.unlisted.clear()
    with made.running():
        yield made
