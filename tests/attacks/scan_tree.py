"""Seeded changes to the folders of a library, as people and download tools make them."""

import itertools
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

_NFO: Final = (
    "<{0}><title>{1}</title><plot>Plot {2}.</plot><genre>Genre {3}</genre>"
    "<actor><name>Actor {3}</name><role>Role {2}</role></actor></{0}>"
)
_JUNK: Final = ("notes.txt", "sample.mkv", "back cover.jpg", "Thumbs.db", "a\nb.mkv", "żółć.txt")
_PICTURES: Final = ("poster.jpg", "folder.jpg", "fanart.jpg", "fanart1.jpg", "fanart2.jpg", "banner.jpg", "clearlogo.png")


class Tree:
    """A root with films or series that changes by chance; every name that identifies something is used once."""

    def __init__(self, root: Path, away: Path, seed: int) -> None:
        self.root, self.away = root, away
        self.chance = random.Random(seed)
        self.counter = itertools.count(1)
        self.log: list[str] = []
        away.mkdir()
        (root / "keep").mkdir(parents=True)
        self.write(root / "keep" / "notes.txt")

    def write(self, path: Path, content: str | None = None) -> None:
        """Other bytes and another time than any file before."""
        number = next(self.counter)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content {number}" + "." * (number % 7) if content is None else content)
        os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))

    def some(self, pattern: str) -> Path | None:
        """A file or folder below the root by chance."""
        found = sorted(self.root.glob(pattern))
        return self.chance.choice(found) if found else None

    def act(self) -> None:
        """One change, noted in `log`; a change that finds nothing to change is another one."""
        while True:
            change = self.chance.choice(self.changes())
            said = change()
            if said is not None:
                self.log.append(f"{change.__name__.strip('_')}: {said}")
                return

    def changes(self) -> list[Callable[[], object]]:
        """What may happen to any folder."""
        return [
            self._touch,
            self._replace,
            self._picture,
            self._rename_picture,
            self._remove_sidecar,
            self._subtitle,
            self._trailer,
            self._take_away,
            self._take_away,
            self._bring_back,
            self._bring_back,
            self._junk,
            self._hide_nfo,
            self._swap,
            self._edit_nfo,
            self._rename_subtitle,
            self._extra,
            self._upgrade,
            self._take_one,
            self._move_nfo,
        ]

    def video(self) -> Path | None:
        return self.some("**/*.mkv")

    def folder(self) -> Path | None:
        found = [path for path in sorted(self.root.iterdir()) if path.is_dir() and path.name != "keep"]
        return self.chance.choice(found) if found else None

    def move(self, path: Path, to: Path) -> str | None:
        if to.exists() or not path.exists():
            return None
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, to)
        return f"{self._short(path)} -> {self._short(to)}"

    def _short(self, path: Path) -> str:
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else f"away/{path.name}"

    def _touch(self) -> str | None:
        path = self.some("**/*.*")
        if path is None or not path.is_file():
            return None
        number = 1_800_000_000 + next(self.counter)
        os.utime(path, (number, number))
        return self._short(path)

    def _replace(self) -> str | None:
        if path := self.video():
            self.write(path)
            return self._short(path)
        return None

    def _picture(self) -> str | None:
        if folder := self.folder():
            path = folder / self.chance.choice(_PICTURES)
            self.write(path)
            return self._short(path)
        return None

    def _rename_picture(self) -> str | None:
        path = self.some("*/*.jpg")
        return self.move(path, path.with_name(self.chance.choice(_PICTURES))) if path else None

    def _remove_sidecar(self) -> str | None:
        if path := self.some(self.chance.choice(["**/*.jpg", "**/*.srt", "**/*.nfo", "**/*-trailer.mkv"])):
            path.unlink()
            return self._short(path)
        return None

    def _subtitle(self) -> str | None:
        if video := self.video():
            path = video.with_suffix(f".{self.chance.choice(['en', 'de.forced', 'pl', 'pt-BR'])}.srt")
            self.write(path)
            return self._short(path)
        return None

    def _rename_subtitle(self) -> str | None:
        path = self.some("**/*.srt")
        return self.move(path, path.with_name(path.name.rsplit(".", 2)[0] + ".fr.srt")) if path else None

    def _trailer(self) -> str | None:
        video = self.video()
        if video is None or "-trailer" in video.name:
            return None
        path = video.with_name(f"{video.stem}-trailer.mkv")
        self.write(path)
        return self._short(path)

    def _extra(self) -> str | None:
        if folder := self.folder():
            path = folder / "Featurettes" / f"Extra {next(self.counter)}.mkv"
            self.write(path)
            return self._short(path)
        return None

    def _take_away(self) -> str | None:
        folder = self.folder()
        return self.move(folder, self.away / folder.name) if folder else None

    def _bring_back(self) -> str | None:
        found = sorted(self.away.iterdir())
        if not found:
            return None
        path = self.chance.choice(found)
        if not path.is_file():
            return self.move(path, self.root / path.name)
        return self.move(path, self.root / path.name.replace("|", "/"))

    def _take_one(self) -> str | None:
        path = self.video()
        if path is None or any(" - " in other.name for other in path.parent.glob("*.mkv")):
            return None  # whether a lost copy comes back to a film that has another name by then is a matter of its history
        return self.move(path, self.away / str(path.relative_to(self.root)).replace("/", "|"))

    def _junk(self) -> str | None:
        if folder := self.folder():
            path = folder / self.chance.choice(_JUNK)
            self.write(path)
            return self._short(path)
        return None

    def _hide_nfo(self) -> str | None:
        path = self.some("**/*.nfo*")
        if path is None:
            return None
        return self.move(path, path.with_name(path.name[:-4] if path.name.endswith(".bak") else f"{path.name}.bak"))

    def _move_nfo(self) -> str | None:
        path, folder = self.some("*/*.nfo"), self.folder()
        return self.move(path, folder / path.name) if path and folder else None

    def _edit_nfo(self) -> str | None:
        if path := self.some("**/*.nfo"):
            self.write(path, self.nfo(path))
            return self._short(path)
        return None

    def nfo(self, path: Path) -> str:
        """An NFO of the sort that its name says."""
        number = next(self.counter)
        root = "tvshow" if path.name == "tvshow.nfo" else "episodedetails" if "S0" in path.name else "movie"
        return _NFO.format(root, f"Said {number}", number, number % 5)

    def _swap(self) -> str | None:
        one, other = self.video(), self.video()
        if (
            one is None
            or other is None
            or one == other
            or any(" - " in path.name or "-trailer" in path.name for path in (one, other))
        ):
            return None  # of a film with two copies it is not said which film takes which name
        aside = self.away.parent / "aside"
        one.rename(aside)
        other.rename(one)
        aside.rename(other)
        return f"{self._short(one)} <-> {self._short(other)}"

    def _upgrade(self) -> str | None:
        path = self.video()
        if path is None or "1080p" in path.name or "-trailer" in path.name:
            return None
        path.unlink()
        self.write(path.with_name(f"{path.stem} - 1080p.mkv"))
        return self._short(path)
