"""A Jellyfin server as a player. Its items are its own; what plays, plays on the devices that are signed in to it."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from domain.kit import clock
from domain.kit.errors import Conflict, Unexpected, Upstream
from domain.kit.http import Answer, Lan, Limits, Target
from domain.players.enums import PlayerType
from domain.players.jellyfin import finding, watching
from domain.players.jellyfin.items import TICKS, is_controllable, shows_messages
from domain.players.jellyfin.speaking import Speaker
from domain.players.looking import Glance
from domain.players.model import Ability, Credentials, Health, Media, Playing, Profile, Section, Told
from domain.players.reading import accepted, line, objects, place
from domain.players.tables import Player
from domain.providers.reading import Row, identifier, row, text

_CHECK_S: Final = 10.0
_OLD: Final = (404, 405)
_LIBRARY_TASK: Final = "RefreshLibrary"


class Jellyfin:
    """Versions 10.9 to 12. `client` is what the server knows this installation by."""

    type = PlayerType.JELLYFIN
    abilities = frozenset(Ability)

    def __init__(
        self, target: Target, lan: Lan, *, username: str | None = None, password: str | None = None,
        api_key: str | None = None, client: str = "marquee",
    ) -> None:  # fmt: skip
        self._speaker = Speaker(target, lan, username=username, password=password, api_key=api_key, client=client)
        self._host = target.host
        self._glance = Glance()

    def check(self) -> Health:
        """Whether it is a Jellyfin, takes our credentials, lets us administer it and notifies."""
        ends_at = time.monotonic() + _CHECK_S

        def left() -> Limits:
            seconds = max(0.05, ends_at - time.monotonic())
            return Limits(total_s=seconds, connect_s=min(4.0, seconds), read_s=seconds, body_bytes=2**20)

        began = time.monotonic()
        info = row(self._speaker.public("/System/Info/Public", limits=left()))
        took_ms = round((time.monotonic() - began) * 1_000)
        version, server = line(info.get("Version")), identifier(info.get("Id"))
        if version is None or server is None or "jellyfin" not in (text(info.get("ProductName")) or "jellyfin").lower():
            raise Unexpected(f"{self._host} is no Jellyfin.")
        self._speaker.get("/System/Info", limits=left())
        trouble = None
        if not self._speaker.is_administrator(left()):
            trouble = "This user is no administrator of it: libraries cannot be read and items not refreshed."
        notifies = self._notifies(left().total_s)
        if not notifies:
            trouble = trouble or "Its WebSocket is closed to us, as by a proxy that lets none through: playback is asked for."
        name = line(info.get("ServerName"))
        return Health(version, None, server, name, took_ms, notifies, trouble)

    def sections(self) -> Sequence[Section]:
        """Its virtual folders. Administrators alone see them."""
        found = []
        for each in objects(self._speaker.get("/Library/VirtualFolders")):
            name = line(each.get("Name")) or ""
            said = each.get("Locations")
            paths = [path for one in said if (path := place(one)) is not None] if isinstance(said, list) else []
            found.append(Section(identifier(each.get("ItemId")) or name, name, line(each.get("CollectionType")), paths))
        return found

    def profiles(self) -> Sequence[Profile]:
        """Its users."""
        found = objects(self._speaker.get("/Users"))
        return [Profile(key, line(each.get("Name"))) for each in found if (key := identifier(each.get("Id"))) is not None]

    def sessions(self) -> Sequence[Playing]:
        """What plays on its devices."""
        return watching.sessions_of(self._speaker.get("/Sessions"), clock.now())

    def find(self, wanted: Media) -> Media | None:
        """By ids, then by path; it has no filter for either, so that a miss reads the whole library."""
        return finding.find(self._speaker, self._glance, wanted)

    def scan(self, folder: str | None, *, wait_s: float) -> None:
        """Tell it of the folder, or of everything. It waits a minute by itself (its "library monitor delay") before it looks."""
        if wait_s <= 0:
            self._scan(folder)
            return
        ends_at, is_told = time.monotonic() + wait_s, False
        try:
            with watching.opened(self._speaker) as socket:
                line = watching.Line(self._speaker, socket)
                self._scan(folder)
                is_told = True
                while (left := ends_at - time.monotonic()) > 0:
                    heard = socket.receive(min(left, line.wait_s()))
                    if heard is not None and self._is_done(line.heard(heard), is_whole=folder is None):
                        return
                    line.keep()
        except Upstream:  # it took the word, or takes it without a WebSocket
            if not is_told:
                self._scan(folder)

    def refresh(self, found: Media) -> None:
        """Read its files and pictures anew. Nothing that a person chose there is replaced."""
        query = {
            "metadataRefreshMode": "FullRefresh", "imageRefreshMode": "FullRefresh", "replaceAllMetadata": "false",
            "replaceAllImages": "false",
        }  # fmt: skip
        self._glance.forget()
        self._on_item(self._speaker.ask("POST", f"/Items/{_key(found)}/Refresh", query))

    def remove(self, found: Media) -> None:
        """Tell it that the file is gone: it looks, and forgets the item. Its own deletion would delete the file."""
        if found.path is None:
            raise Conflict("Jellyfin forgets an item when it is told the path that is gone; this one has none.")
        self._tell(found.path, "Deleted")

    def clean(self) -> None:
        """Let it go through its libraries, in which it forgets what is not there any more."""
        accepted(self._speaker.ask("POST", "/Library/Refresh"))

    def notify(self, title: str, message: str, *, display_ms: int = 5_000) -> None:
        """A message on every device that shows any."""
        said = {"Header": title, "Text": message, "TimeoutMs": display_ms}
        screens = [str(each["Id"]) for each in self._devices() if shows_messages(each)]
        if not screens:
            raise Conflict("No device of this Jellyfin shows messages at the moment.")
        for screen in screens:
            answer = self._speaker.ask("POST", f"/Sessions/{screen}/Message", said=said)
            if answer.status != 404:  # it left between the two
                accepted(answer)

    def open(self, media: Media, *, position_ms: int = 0, session: str = "") -> None:
        """Play something on a device that lets itself be told."""
        self._play([media], session, {"startPositionTicks": max(0, position_ms) * TICKS})

    def queue(self, media: Sequence[Media], *, session: str = "") -> None:
        """Play these."""
        if not media:
            raise Conflict("There is nothing to play.")
        self._play(media, session, {})

    def pause(self, session: str = "") -> None:
        """Hold."""
        self._command("Pause", session)

    def resume(self, session: str = "") -> None:
        """Go on."""
        self._command("Unpause", session)

    def stop(self, session: str = "") -> None:
        """End."""
        self._command("Stop", session)

    def seek(self, position_ms: int, session: str = "") -> None:
        """Go to a position."""
        self._command("Seek", session, {"seekPositionTicks": max(0, position_ms) * TICKS})

    def watch(self, stop: threading.Event, told: Told, *, is_up: Callable[[bool], None]) -> None:
        """Over its WebSocket; it is asked where that is closed."""
        watching.watch(self._speaker, stop, told, is_up=is_up, first=lambda: list(self.sessions()))

    def _notifies(self, wait_s: float) -> bool:
        try:
            with watching.opened(self._speaker, open_s=max(0.05, min(3.0, wait_s))) as socket:
                return socket.receive(max(0.05, min(2.0, wait_s))) is not None
        except Upstream:
            return False

    def _scan(self, folder: str | None) -> None:
        self._glance.forget()
        if folder is None:
            accepted(self._speaker.ask("POST", "/Library/Refresh"))
        else:
            self._tell(folder, "Created")

    def _tell(self, path: str, kind: str) -> None:
        self._glance.forget()
        said = {"Updates": [{"Path": path, "UpdateType": kind}]}
        answer = self._speaker.ask("POST", "/Library/Media/Updated", said=said)
        if answer.status in _OLD:
            answer = self._speaker.ask("POST", "/Library/Refresh")
        accepted(answer)

    def _is_done(self, said: Row, *, is_whole: bool) -> bool:
        data = row(said.get("Data"))
        if said.get("MessageType") == "ScheduledTaskEnded":
            return data.get("Key") == _LIBRARY_TASK
        changes = ("ItemsAdded", "ItemsUpdated", "ItemsRemoved")
        return said.get("MessageType") == "LibraryChanged" and not is_whole and any(data.get(name) for name in changes)

    def _devices(self) -> list[Row]:
        return [each for each in objects(self._speaker.get("/Sessions")) if is_controllable(each)]

    def _device(self, session: str, *, is_playing: bool) -> str:
        if session:
            return _segment(session)
        found = [each for each in self._devices() if not is_playing or row(each.get("NowPlayingItem"))]
        if not found:
            what = "plays anything that can be controlled" if is_playing else "lets itself be told what to play"
            raise Conflict(f"No device of this Jellyfin {what} at the moment.")
        if len(found) > 1:
            raise Conflict("Several devices of this Jellyfin could be meant: name the session.")
        return str(found[0]["Id"])

    def _play(self, media: Sequence[Media], session: str, more: dict[str, int]) -> None:
        keys = [_key(self._known(each)) for each in media]
        query: dict[str, str | int] = {"playCommand": "PlayNow", "itemIds": ",".join(keys), **more}
        device = self._device(session, is_playing=False)
        self._on_device(self._speaker.ask("POST", f"/Sessions/{device}/Playing", query))

    def _known(self, media: Media) -> Media:
        found = media if media.key is not None else self.find(media)
        if found is None:
            raise Conflict(f"Jellyfin does not have {media.title or media.path} in its library.")
        return found

    def _command(self, name: str, session: str, query: dict[str, int] | None = None) -> None:
        device = self._device(session, is_playing=True)
        self._on_device(self._speaker.ask("POST", f"/Sessions/{device}/Playing/{name}", query))

    def _on_item(self, answer: Answer) -> None:
        if answer.status == 404:
            raise Conflict("Jellyfin does not have that item any more.")
        accepted(answer)

    def _on_device(self, answer: Answer) -> None:
        if answer.status == 404:
            raise Conflict("That session of Jellyfin is not there any more.")
        accepted(answer)


def _key(media: Media) -> str:
    if media.key is None:
        raise Conflict("That is no item of Jellyfin's: find it first.")
    return _segment(media.key)


def _segment(said: str) -> str:
    """What stands in a path for itself alone."""
    if identifier(said) is None or set(said) <= {"."}:
        raise Conflict("Jellyfin calls nothing so.")
    return said


def made(player: Player, lan: Lan, seen: Credentials) -> Jellyfin:
    """The adapter of a player's row."""
    target = Target(player.host, player.port, player.is_secure, player.verifies_certificate, player.base_path)
    return Jellyfin(target, lan, username=seen.username, password=seen.password, api_key=seen.api_key, client=seen.client)
