"""Plants a tree of films and series with what real libraries hold: small but real videos, NFO files, pictures, subtitles."""

import os
from pathlib import Path

from PIL import Image

from workers.libraries.demo.clip_specs import Clip, Sound
from workers.libraries.demo.clips import write_clip

PER_FILM = 5
PER_EPISODE = 3


def plant(root: Path, files: int) -> int:
    """Make about `files` files under root/Films and root/Series (half each), once; returns their number."""
    done = root / ".planted"
    if done.exists():
        return int(done.read_text())
    root.mkdir(parents=True, exist_ok=True)
    video, picture = small_video(root), _picture(root)
    count = _films(root / "Films", files // 2 // PER_FILM, video, picture)
    count += _series(root / "Series", files // 2 // PER_EPISODE, video, picture)
    done.write_text(str(count))
    return count


def _films(root: Path, number: int, video: bytes, picture: bytes) -> int:
    for film in range(number):
        name = f"Film {film:06d} of the Generated Tree ({1950 + film % 75})"
        folder = root / f"{film // 1000:03d}" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.mkv").write_bytes(video)
        (folder / f"{name}.nfo").write_text(_film_nfo(film), encoding="utf-8")
        (folder / "poster.jpg").write_bytes(picture)
        (folder / "fanart.jpg").write_bytes(picture)
        (folder / f"{name}.en.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHello.\n", encoding="utf-8")
    return number * PER_FILM


def _series(root: Path, number: int, video: bytes, picture: bytes) -> int:
    count = 0
    for episode in range(number):
        series, rest = divmod(episode, 200)
        season, place = divmod(rest, 20)
        show = root / f"Series {series:04d} of the Generated Tree ({1960 + series % 60})"
        folder = show / f"Season {season + 1:02d}"
        if rest % 20 == 0:
            folder.mkdir(parents=True, exist_ok=True)
        if rest == 0:
            (show / "tvshow.nfo").write_text(f"<tvshow><title>Series {series:04d} of the Generated Tree</title></tvshow>")
            count += 1
        name = f"Series {series:04d} of the Generated Tree - S{season + 1:02d}E{place + 1:02d}"
        (folder / f"{name}.mkv").write_bytes(video)
        (folder / f"{name}-thumb.jpg").write_bytes(picture)
        (folder / f"{name}.en.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHello.\n", encoding="utf-8")
        count += PER_EPISODE
    return count


def _film_nfo(film: int) -> str:
    actors = "".join(
        f"<actor><name>Actor {(film * 7 + n) % 5000}</name><role>Role {n}</role><order>{n}</order></actor>" for n in range(5)
    )
    return (
        f"<movie><title>Film {film:06d} of the Generated Tree</title><year>{1950 + film % 75}</year><plot>Nothing happens.</plot>"
        f'<uniqueid type="tmdb" default="true">{90_000_000 + film}</uniqueid><genre>Genre {film % 20}</genre>{actors}</movie>'
    )


def _picture(root: Path) -> bytes:
    path = root / "picture.jpg"
    Image.new("RGB", (64, 96), (30, 60, 90)).save(path, quality=60)
    data = path.read_bytes()
    os.unlink(path)
    return data


def small_video(root: Path) -> bytes:
    """The bytes of a playable clip of half a second; `root` is where it is made."""
    path = root / "clip.mkv"
    clip = Clip(width=64, height=36, seconds=0.6, sounds=(Sound("eng"),))
    write_clip(path, clip, Image.new("RGB", (64, 36), (20, 20, 20)))
    data = path.read_bytes()
    os.unlink(path)
    return data
