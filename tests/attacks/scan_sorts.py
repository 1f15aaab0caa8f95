"""Seeded changes that only libraries of films, or only those of series, know."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.attacks.scan_tree import Tree

_SEASON_POSTERS: Final = ("season01-poster.jpg", "season02-poster.jpg", "season-all-poster.jpg", "Season 01/poster.jpg")


class Films(Tree):
    """A library of films."""

    def changes(self) -> list[Callable[[], object]]:
        own = [
            self._add,
            self._add,
            self._add,
            self._copy,
            self._edition,
            self._rename_folder,
            self._rename_film,
            self._write_nfo,
            self._loose,
        ]
        return super().changes() + own

    def _film(self) -> str:
        return f"Film {next(self.counter):03} ({1950 + self.chance.randrange(70)})"

    def _add(self) -> str:
        film = self._film()
        self.write(self.root / film / f"{film}.mkv")
        return film

    def _copy(self) -> str | None:
        path = self.some("Film*/Film*.mkv")
        if path is None or " - " in path.name:
            return None
        other = path.with_name(f"{path.stem} - {self.chance.choice(['720p', '2160p'])}.mkv")
        self.write(other)
        return self._short(other)

    def _edition(self) -> str | None:
        path = self.some("Film*/Film*).mkv")
        if path is None:
            return None
        other = path.with_name(f"{path.stem} {{edition-Extended}}.mkv")
        self.write(other)
        return self._short(other)

    def _rename_folder(self) -> str | None:
        folder = self.folder()
        return self.move(folder, self.root / self._film()) if folder else None

    def _rename_film(self) -> str | None:
        folder = self.folder()
        if folder is None:
            return None
        film = self._film()
        for path in sorted(folder.iterdir()):
            if path.name.startswith(folder.name):
                path.rename(folder / path.name.replace(folder.name, film))
        return self.move(folder, self.root / film)

    def _write_nfo(self) -> str | None:
        path = self.some("Film*/Film*.mkv")
        if path is None:
            return None
        path = path.with_name("movie.nfo") if self.chance.random() < 0.5 else path.with_suffix(".nfo")
        self.write(path, self.nfo(path))
        return self._short(path)

    def _loose(self) -> str | None:
        path = self.some("Film*/Film*).mkv")
        return self.move(path, self.root / path.name) if path else None


class Series(Tree):
    """A library of series."""

    def changes(self) -> list[Callable[[], object]]:
        own = [
            self._add,
            self._add,
            self._episode,
            self._episode,
            self._rename_show,
            self._renumber,
            self._double,
            self._season_poster,
            self._write_nfo,
            self._show_nfo,
            self._daily,
            self._absolute,
            self._copy,
            self._shift,
        ]
        return super().changes() + own

    def _add(self) -> str:
        show = f"Show {next(self.counter):03} ({1950 + self.chance.randrange(70)})"
        for number in range(1, self.chance.randint(2, 5)):
            self.write(self.root / show / "Season 01" / f"S01E{number:02}.mkv")
        return show

    def _show(self) -> Path | None:
        return self.some("Show*")

    def _new(self, folder: str, name: str) -> str | None:
        show = self._show()
        if show is None or (path := show / folder / name).exists() or not show.is_dir():
            return None
        self.write(path)
        return self._short(path)

    def _episode(self) -> str | None:
        season = self.chance.randint(0, 3)
        folder = (
            "Specials" if season == 0 else self.chance.choice([f"Season {season:02}", f"Staffel {season}", f"Season {season:02}"])
        )
        return self._new(folder, f"S{season:02}E{self.chance.randint(1, 12):02}.mkv")

    def _daily(self) -> str | None:
        return self._new("", f"2013-10-{self.chance.randint(1, 28):02}.mkv")

    def _absolute(self) -> str | None:
        show = self._show()
        return self._new("", f"[Group] {show.name} - {self.chance.randint(100, 200)} [1080p].mkv") if show else None

    def _rename_show(self) -> str | None:
        show = self._show()
        return self.move(show, self.root / f"Show {next(self.counter):03} (2001)") if show else None

    def _renumber(self) -> str | None:
        path = self.some("**/S0*E??.mkv")
        if path is None:
            return None
        season = self.chance.randint(1, 3)
        return self.move(path, path.parents[1] / f"Season {season:02}" / f"S{season:02}E{self.chance.randint(1, 20):02}.mkv")

    def _shift(self) -> str | None:
        """Every episode of a season is the next one from now on."""
        season = self.some("Show*/Season*")
        if season is None:
            return None
        for path in sorted(season.glob("S0?E??.mkv"), reverse=True):
            number = int(path.stem[4:6]) + 1
            self.move(path, path.with_name(f"{path.stem[:4]}{number:02}.mkv"))
        return self._short(season)

    def _double(self) -> str | None:
        path = self.some("**/S0*E??*.mkv")
        if path is None or "-trailer" in path.name or " - " in path.name:
            return None
        if len(path.stem) > 6:
            return self.move(path, path.with_name(f"{path.stem[:6]}.mkv"))
        number = int(path.stem[4:6]) + 1
        return self.move(path, path.with_name(f"{path.stem}E{number:02}.mkv"))

    def _copy(self) -> str | None:
        path = self.some("**/S0*E??.mkv")
        if path is None:
            return None
        other = path.with_name(f"{path.stem} - 720p.mkv")
        self.write(other)
        return self._short(other)

    def _season_poster(self) -> str | None:
        show = self._show()
        if show is None or not show.is_dir():
            return None
        path = show / self.chance.choice(_SEASON_POSTERS)
        self.write(path)
        return self._short(path)

    def _write_nfo(self) -> str | None:
        path = self.some("**/S0*E??.mkv")
        if path is None:
            return None
        path = path.with_suffix(".nfo")
        self.write(path, self.nfo(path))
        return self._short(path)

    def _show_nfo(self) -> str | None:
        show = self._show()
        if show is None or not show.is_dir():
            return None
        self.write(show / "tvshow.nfo", self.nfo(show / "tvshow.nfo"))
        return self._short(show / "tvshow.nfo")
