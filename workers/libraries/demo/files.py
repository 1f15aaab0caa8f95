"""Every file of the demo library: where it lies and how it is made if it is not there yet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from zlib import crc32

from PIL import Image

from workers.libraries.demo import artwork
from workers.libraries.demo.clip_specs import Clip
from workers.libraries.demo.clips import write_clip
from workers.libraries.demo.films import FILMS
from workers.libraries.demo.nfo import episode_nfo, film_nfo, link_nfo, series_nfo
from workers.libraries.demo.series import SERIES
from workers.libraries.demo.titles import Art, Episode, Film, Series, Sidecar
from workers.libraries.demo.whole import whole_file

_JPEG_QUALITY = 84
_FRAME_HEIGHT = 480
_FRAME = (854, 480)


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file to make: its path below the root, what it belongs to, and what writes it to the path it is given."""

    path: PurePosixPath
    title: str
    write: Callable[[Path], None]


def demo_files() -> Iterator[DemoFile]:
    """Yield every file of the demo library."""
    for film in FILMS:
        for path, write in _film_files(film):
            yield DemoFile(PurePosixPath("Films", film.folder, path), film.facts.title, write)
    for series in SERIES:
        for path, write in _series_files(series):
            yield DemoFile(PurePosixPath("Series", series.folder, path), series.facts.title, write)
    for path, text in _STRAYS:
        yield DemoFile(PurePosixPath(path), "strays", partial(_write_text, text))


# An empty ZIP archive is its end record alone (APPNOTE 6.3, section 4.3.16).
_STRAYS = (
    ("Films/to watch.txt", "Harbour of Glass (again)\nSalt Meridian, the long one\n"),
    ("Films/old covers.zip", "PK\x05\x06" + "\0" * 18),
    ("Series/device.xyz", "nobody knows what this is\n"),
)

_Writer = Callable[[Path], None]


def _write_text(text: str, path: Path) -> None:
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def _write_picture(draw: Callable[[], Image.Image], path: Path) -> None:
    with whole_file(path) as part:
        draw().save(part, quality=_JPEG_QUALITY, compress_level=3)


def _film_files(film: Film) -> Iterator[tuple[str, _Writer]]:
    for path, clip in (*film.videos, *film.extras):
        frame_size = (round(_FRAME_HEIGHT * clip.width * clip.sample_aspect / clip.height), _FRAME_HEIGHT)
        yield path, partial(_write_video, clip, partial(artwork.landscape, film.look, film.facts.title, frame_size))
    base = film.videos[0][0].rpartition(".")[0]
    if film.sidecar is Sidecar.FULL:
        yield f"{base}.nfo" if len(film.videos) == 1 else "movie.nfo", partial(_write_text, film_nfo(film))
    elif film.sidecar is Sidecar.URL:
        yield "movie.nfo", partial(_write_text, link_nfo(film.facts))
    for art in film.art:
        names = " · ".join(name for name, _ in film.facts.cast[:2]) or str(film.facts.year)
        yield art.value, partial(_write_picture, partial(_draw_art, art, film, names))
    for name, _ in film.facts.cast:
        yield _actor_path(name), partial(_write_picture, partial(artwork.portrait, film.look.palette, name))
    for path, text in film.texts:
        yield path, partial(_write_text, text)


def _series_files(series: Series) -> Iterator[tuple[str, _Writer]]:
    if series.sidecar is Sidecar.FULL:
        yield "tvshow.nfo", partial(_write_text, series_nfo(series))
    for art in series.art:
        yield art.value, partial(_write_picture, partial(_draw_art, art, series, series.facts.studio))
    for number, name in series.seasons:
        look = replace(series.look, seed=series.look.seed + number + 40)
        file = f"season{number:02d}-poster.jpg" if number else "season-specials-poster.jpg"
        yield file, partial(_write_picture, partial(artwork.season_poster, look, series.facts.title, name, series.facts.studio))
    for name, _ in series.facts.cast:
        yield _actor_path(name), partial(_write_picture, partial(artwork.portrait, series.look.palette, name))
    for episode in series.episodes:
        yield from _episode_files(series, episode)
    for path, text in series.texts:
        yield path, partial(_write_text, text)


def _episode_files(series: Series, episode: Episode) -> Iterator[tuple[str, _Writer]]:
    still = partial(artwork.thumb, replace(series.look, seed=crc32(episode.path.encode())))
    yield episode.path, partial(_write_video, episode.clip, partial(still, _FRAME))
    if episode.has_sidecars:
        base = episode.path.rpartition(".")[0]
        yield f"{base}.nfo", partial(_write_text, episode_nfo(series, episode))
        yield f"{base}-thumb.jpg", partial(_write_picture, still)


def _write_video(clip: Clip, still: Callable[[], Image.Image], path: Path) -> None:
    write_clip(path, clip, still())


def _actor_path(name: str) -> str:
    return f".actors/{name.replace(' ', '_')}.jpg"


def _draw_art(art: Art, title: Film | Series, names: str) -> Image.Image:
    facts, look = title.facts, title.look
    drawn: dict[Art, Callable[[], Image.Image]] = {
        Art.POSTER: partial(artwork.poster, look, facts.title, above=facts.tagline, below=names),
        Art.FANART: partial(artwork.fanart, look),
        Art.CLEARLOGO: partial(artwork.clearlogo, look, facts.title),
        Art.BANNER: partial(artwork.banner, look, facts.title),
        Art.LANDSCAPE: partial(artwork.landscape, look, facts.title),
        Art.DISCART: partial(artwork.discart, look, facts.title),
        Art.KEYART: partial(artwork.keyart, look),
    }
    return drawn[art]()
