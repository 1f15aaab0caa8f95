"""Two real Kodis in a group: what Marquee finds and writes comes to them by itself, and what they play is heard."""

import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.kit.http import Lan, Target
from domain.players.enums import MediaKind
from domain.players.kodi.adapter import Kodi as Adapter
from domain.players.model import Media
from tests.kodi import as_kodi, as_marquee, listening
from tests.kodi.comparing import PUBLISHED, compare
from tests.kodi.files import Content, Picture, write_library
from tests.kodi.server import Server, marquee
from tests.peers.kodi.player import Kodi, running
from tests.peers.kodi.profile import Source
from tests.peers.kodi.programs import Programs
from workers.libraries.demo.clip_specs import Clip

_PATIENCE_S = 120.0
_TURN_S = 0.05
_SECONDS = 60
_ERRORS = "errors { ... on UserError { code message } }"
_GROUP = f"mutation($input: CreatePlayerGroupInput!) {{ createPlayerGroup(input: $input) {{ playerGroup {{ id }} {_ERRORS} }} }}"
_PLAYER = f"mutation($input: CreatePlayerInput!) {{ createPlayer(input: $input) {{ player {{ id }} {_ERRORS} }} }}"
_SOURCE = f"""mutation($input: CreateSourceInput!) {{
  createSource(input: $input) {{ source {{ id }} webhookUrl webhookToken {_ERRORS} }} }}"""
_MAPPINGS = f"mutation($input: SetPathMappingsInput!) {{ setPathMappings(input: $input) {{ {_ERRORS} }} }}"
_JOBS = "{ jobs(first: 50) { nodes { kind status result } } }"
_FILMS = "{ movies(first: 50) { nodes { id title } } }"


def film(title: str, year: int, tmdb: str) -> dict[str, Content]:
    """A film as Radarr leaves it: a video, an NFO with its id, a poster."""
    name = f"Films/{title} ({year})/{title} ({year})"
    nfo = f"""<movie><title>{title}</title><year>{year}</year><plot>Nobody knows who lit it.</plot>
      <uniqueid type="tmdb" default="true">{tmdb}</uniqueid><genre>Drama</genre></movie>"""
    clip = Clip(width=320, height=180, seconds=_SECONDS)
    return {f"{name}.mkv": clip, f"{name}.nfo": nfo, f"{name}-poster.jpg": Picture("poster", title)}


@dataclass
class Evening:
    """What was seen, and what should not have been."""

    server: Server
    root: Path
    seen: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        print(f"   {text}", flush=True)
        self.seen.append(text)

    def check(self, holds: bool, text: str) -> None:
        if not holds:
            self.wrong.append(text)

    def within(self, what: str, condition: Callable[[], Any], *, since: float) -> None:
        """Wait for something and note how long it took."""
        while not condition():
            if time.monotonic() - since > _PATIENCE_S:
                self.wrong.append(f"{what}: not after {_PATIENCE_S:.0f} s; jobs: {self.synced()}")
                return
            time.sleep(_TURN_S)
        self.note(f"{what}: {time.monotonic() - since:.1f} s")

    def synced(self) -> list[dict[str, Any]]:
        """The groups in the results of the synchronizations, the newest first."""
        jobs = [job for job in self.server.ask(_JOBS)["jobs"]["nodes"] if job["kind"] == "players.sync"]
        return [group for job in jobs for group in (job["result"] or {"groups": [{"status": job["status"]}]})["groups"]]


def spend(programs: Programs, scratch: Path) -> int:
    """Run it; 0 if everything was as it should be."""
    print("\n== two Kodis in one group, each with a database of its own (no MySQL here): one is told, so one knows", flush=True)
    root, theirs = scratch / "library", scratch / "nas"
    root.mkdir(parents=True)
    write_library(root, {**film("Paper Lanterns", 2019, "900101")})
    (root / "Series").mkdir()
    theirs.symlink_to(root)  # they call the folder otherwise: the group's path mapping says so
    sources = [Source(theirs / "Films", "movies"), Source(theirs / "Series", "tvshows")]
    with ExitStack() as stack:
        living = stack.enter_context(running(programs, scratch / "living", sources))
        study = stack.enter_context(running(programs, scratch / "study", sources))
        for kodi in (living, study):
            kodi.know(sources)
        server = stack.enter_context(marquee(scratch / "marquee"))
        evening = Evening(server, root)
        library = server.library("Films", "movie", root / "Films")
        group = server.done(
            "createPlayerGroup", _GROUP,
            {"name": "House", "type": "KODI", "libraries": [library],
             "pathMappings": [{"remotePath": str(theirs), "localPath": str(root)}]},
        )["playerGroup"]["id"]  # fmt: skip
        for name, kodi in (("Living", living), ("Study", study)):
            where = {"host": "127.0.0.1", "port": kodi.ports.http, "websocketPort": kodi.ports.tcp}
            server.done("createPlayer", _PLAYER, {"playerGroup": group, "name": name, **where})
        _new_film(evening, library, living, study, theirs)
        _edited(evening, library, living)
        send = _webhook(evening, living, theirs)
        _heard(evening, living, theirs)
        _upgraded(evening, living, study, theirs, send)
        _killed(evening, library, living, study)
        _gone(evening, library, study)
    for line in evening.wrong:
        print(f"- {line}")
    return 1 if evening.wrong else 0


def _new_film(evening: Evening, library: str, living: Kodi, study: Kodi, theirs: Path) -> None:
    since = time.monotonic()
    evening.server.scan(library)
    evening.within("a new film, from the scan's request to the first Kodi", lambda: _titles(living), since=since)
    since = time.monotonic()
    evening.server.publish(library)
    told = evening.synced
    evening.within("published, to the end of the synchronization", lambda: told() and told()[0].get("refreshed"), since=since)
    evening.within("until it is read anew", lambda: not _differences(evening, living, theirs), since=since)
    for line in _differences(evening, living, theirs):
        evening.check(False, line)
    evening.check(_titles(study) == [], "the other member was told, too")
    evening.check(told()[0].get("name") == "Living", f"not the first member: {told()[0]}")


def _edited(evening: Evening, library: str, kodi: Kodi) -> None:
    (item,) = (each["id"] for each in evening.server.ask(_FILMS)["movies"]["nodes"])
    plot = "The younger sister did."
    evening.server.edit(item, plot=plot)
    since = time.monotonic()
    evening.server.publish(library)
    evening.within("a plot that a person wrote, from publishing to Kodi", lambda: _plots(kodi) == [plot], since=since)


def _webhook(evening: Evening, kodi: Kodi, theirs: Path) -> Callable[..., None]:
    """Radarr brought a film, and says so: no NFO lies there, its ids are in the webhook."""
    name = "Lighthouse Keepers (2022)"
    written = film("Lighthouse Keepers", 2022, "900103")
    write_library(evening.root, {path: content for path, content in written.items() if not path.endswith(".nfo")})
    source = evening.server.done("createSource", _SOURCE, {"kind": "RADARR", "name": "Radarr"})
    mapping = {"remotePath": "/srv/films", "localPath": str(evening.root / "Films")}
    evening.server.done("setPathMappings", _MAPPINGS, {"owner": {"source": source["source"]["id"]}, "mappings": [mapping]})

    def send(name: str, file: str, **more: Any) -> None:
        movie = {"id": 41, "title": name[:-7], "year": int(name[-5:-1]), "folderPath": f"/srv/films/{name}", **more["movie"]}
        brought = {"id": 1, "relativePath": file, "path": f"/srv/films/{name}/{file}", "quality": "WEBDL", "size": 1}
        told = {"eventType": "Download", "instanceName": "Radarr", "isUpgrade": False, "downloadId": file, **more}
        told |= {"movie": movie, "movieFile": brought}
        evening.server.post(f"{source['webhookUrl']}/{source['webhookToken']}", told)

    since = time.monotonic()
    send(name, f"{name}.mkv", movie={"tmdbId": 900103, "imdbId": "tt9900103"})
    evening.within("a webhook of Radarr, to the film in Kodi", lambda: "Lighthouse Keepers" in _titles(kodi), since=since)
    evening.within("with title, ids and art as ours", lambda: not _differences(evening, kodi, theirs), since=since)
    for line in _differences(evening, kodi, theirs):
        evening.check(False, line)
    return send


def _upgraded(evening: Evening, kodi: Kodi, study: Kodi, theirs: Path, send: Callable[..., None]) -> None:
    """A better file takes the place of the one that plays: that player is spared, the other one reads it."""
    lan = Lan()
    adapter = Adapter(lan, Target("127.0.0.1", kodi.ports.http), websocket_port=kodi.ports.tcp)
    name = "Paper Lanterns (2019)"
    folder, better = evening.root / "Films" / name, f"{name} - 2160p.mkv"
    adapter.open(Media(MediaKind.MOVIE, name, path=f"{theirs}/Films/{name}/{name}.mkv"), position_ms=20_000)
    time.sleep(3)
    write_library(evening.root, {f"Films/{name}/{better}": Clip(width=640, height=360, seconds=_SECONDS)})
    (folder / f"{name}.mkv").unlink()
    (at,) = (one.position_ms for one in adapter.sessions())
    since = time.monotonic()
    gone = {"id": 1, "relativePath": f"{name}.mkv", "path": f"/srv/films/{name}/{name}.mkv", "quality": "WEBDL", "size": 1}
    send(name, better, isUpgrade=True, deletedFiles=[gone], movie={"tmdbId": 900101})
    evening.within("an upgrade of what plays, to the new file in the other Kodi", lambda: better in _files(study), since=since)
    time.sleep(5)  # whatever is to be taken up again is by then
    off = [one.position_ms / 1000 - at / 1000 - (time.monotonic() - since) for one in adapter.sessions()]
    evening.check(len(off) == 1 and abs(off[0]) <= 5, f"the playback was not kept: {off}")
    evening.note(f"the playback goes on, {off[0] if off else 0:+.1f} s from where it would have been")
    adapter.stop()
    lan.close()


def _files(kodi: Kodi) -> set[str]:
    rows = kodi.call("VideoLibrary.GetMovies", properties=["file"]).get("movies", [])
    return {row["file"].rpartition("/")[2] for row in rows}


def _killed(evening: Evening, library: str, living: Kodi, study: Kodi) -> None:
    living.kill()
    write_library(evening.root, film("Harbour Lights", 2021, "900102"))
    since = time.monotonic()
    evening.server.scan(library)
    evening.within("one Kodi killed: a new film on the other", lambda: "Harbour Lights" in _titles(study), since=since)
    told = evening.synced()[0]
    evening.within("and its synchronization", lambda: evening.synced()[0].get("name") == "Study", since=since)
    told = evening.synced()[0]
    evening.check([one["name"] for one in told.get("skipped", [])] == ["Living"], f"not skipped: {told}")


def _gone(evening: Evening, library: str, study: Kodi) -> None:
    shutil.rmtree(evening.root / "Films" / "Harbour Lights (2021)")
    since = time.monotonic()
    evening.server.scan(library)
    evening.within("a film deleted from the disk leaves it", lambda: "Harbour Lights" not in _titles(study), since=since)


def _heard(evening: Evening, kodi: Kodi, theirs: Path) -> None:
    name = "Paper Lanterns (2019)"
    media = Media(MediaKind.MOVIE, "Paper Lanterns", path=f"{theirs}/Films/{name}/{name}.mkv")
    found = listening.compare(evening.server, kodi, media)
    for line in found.lines():
        evening.note(line)
    evening.wrong += found.wrong()


def _titles(kodi: Kodi) -> list[str]:
    return [row["title"] for row in kodi.call("VideoLibrary.GetMovies", properties=["title"]).get("movies", [])]


def _plots(kodi: Kodi) -> list[str]:
    return [row["plot"] for row in kodi.call("VideoLibrary.GetMovies", properties=["plot"]).get("movies", [])]


def _differences(evening: Evening, kodi: Kodi, theirs: Path) -> list[str]:
    """Every field of the film, art and ids too, that Kodi shows otherwise than we do."""
    shown = as_kodi.read(kodi, theirs)
    return compare(shown, as_marquee.read(evening.server, evening.root), PUBLISHED).differences if shown else ["no film"]
