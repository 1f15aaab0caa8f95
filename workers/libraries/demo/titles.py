"""What the demo library knows about a title: the facts of its NFO, its look, and the files that stand for it."""

from dataclasses import dataclass
from enum import StrEnum

from workers.libraries.demo.artwork import Look
from workers.libraries.demo.clip_specs import Clip


class Sidecar(StrEnum):
    """What kind of NFO stands beside a title."""

    FULL = "full"
    URL = "url"
    NONE = "none"


class Art(StrEnum):
    """Artwork of a film or series, by the name of its file."""

    POSTER = "poster.jpg"
    FANART = "fanart.jpg"
    CLEARLOGO = "clearlogo.png"
    BANNER = "banner.jpg"
    LANDSCAPE = "landscape.jpg"
    DISCART = "discart.png"
    KEYART = "keyart.jpg"


MINIMAL_ART = (Art.POSTER, Art.FANART)
FULL_ART = tuple(Art)


@dataclass(frozen=True, slots=True)
class Facts:
    """The texts of a title. `number` makes ids far above any that providers have given; `cast` is name and role."""

    title: str
    year: int
    number: int
    plot: str
    tagline: str = ""
    original_title: str = ""
    genres: tuple[str, ...] = ("Drama",)
    country: str = "United Kingdom"
    studio: str = "Tidewrack Pictures"
    director: str = "Oona Brandt"
    writers: tuple[str, ...] = ("Pell Sandoval",)
    cast: tuple[tuple[str, str], ...] = ()
    certificate: str = "PG"
    rating: float = 7.1
    votes: int = 240
    minutes: int = 96
    premiered: str = ""
    collection: str = ""

    @property
    def tmdb(self) -> int:
        return 99_000_000 + self.number

    @property
    def imdb(self) -> str:
        return f"tt{99_000_000 + self.number}"

    @property
    def tvdb(self) -> int:
        return 98_000_000 + self.number


@dataclass(frozen=True, slots=True)
class Film:
    """A film: `videos` and `extras` are paths inside `folder` (Films itself if empty), `texts` other files with their text."""

    facts: Facts
    look: Look
    folder: str
    videos: tuple[tuple[str, Clip], ...]
    sidecar: Sidecar = Sidecar.NONE
    art: tuple[Art, ...] = ()
    extras: tuple[tuple[str, Clip], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Episode:
    """A video file of a series: its path inside the series' folder, its numbers, and a title for each number."""

    path: str
    season: int
    numbers: tuple[int, ...]
    titles: tuple[str, ...]
    clip: Clip
    plot: str = ""
    aired: str = ""
    has_sidecars: bool = True
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """A series with the names of its seasons (0 are the specials)."""

    facts: Facts
    look: Look
    folder: str
    status: str
    seasons: tuple[tuple[int, str], ...]
    episodes: tuple[Episode, ...]
    sidecar: Sidecar = Sidecar.FULL
    art: tuple[Art, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
