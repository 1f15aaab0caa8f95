"""A Plex media server as a player. Its players cannot be told what to play: they listen to Plex's own apps alone."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, NoReturn

from domain.kit.errors import Conflict, KeyRefused, Unexpected, Upstream
from domain.kit.http import Answer, Lan, Limits, Target
from domain.players.enums import PlayerType
from domain.players.looking import Glance
from domain.players.model import Ability, Credentials, Health, Media, Playing, Profile, Section, Told
from domain.players.plex import finding, watching
from domain.players.plex.speaking import Speaker
from domain.players.reading import accepted, flag, is_within, line, objects, place
from domain.players.tables import Player
from domain.providers.reading import Row, identifier

_CHECK_S: Final = 10.0
_SCAN: Final = ("POST", "GET")
"""As its description says, then as servers have always had it."""
_BEGINS_S: Final = 3.0
"""How long it may take until a scan that was ordered shows."""
_LOOK_S: Final = 0.5


class Plex:
    """Versions 1.40 to 1.42. `client` is what the server knows this installation by; it has to stay the same."""

    type = PlayerType.PLEX
    abilities = frozenset({Ability.SCAN_FOLDER, Ability.REFRESH, Ability.REMOVE, Ability.CLEAN, Ability.SCREENS})

    def __init__(self, target: Target, lan: Lan, *, token: str | None = None, client: str = "marquee") -> None:
        self._speaker = Speaker(target, lan, token=token, client=client)
        self._host = target.host
        self._glance = Glance()

    def check(self) -> Health:
        """Whether it is a Plex, takes our token, shows us what others play and notifies."""
        ends_at = time.monotonic() + _CHECK_S

        def left() -> Limits:
            seconds = max(0.05, ends_at - time.monotonic())
            return Limits(total_s=seconds, connect_s=min(4.0, seconds), read_s=seconds, body_bytes=2**20)

        began = time.monotonic()
        identity = self._speaker.public("/identity", limits=left())
        took_ms = round((time.monotonic() - began) * 1_000)
        version, server = line(identity.get("version")), identifier(identity.get("machineIdentifier"))
        if version is None or server is None:
            raise Unexpected(f"{self._host} is no Plex.")
        name = line(self._speaker.get("/", limits=left()).get("friendlyName"))
        trouble = None
        try:
            self._speaker.get("/status/sessions", limits=left())
        except KeyRefused:
            trouble = "This token is not the owner's: what others play is not seen, and the libraries cannot be read anew."
        notifies = self._notifies(left().total_s)
        if not notifies:
            trouble = trouble or "Its WebSocket is closed to us, as by a proxy that lets none through: playback is asked for."
        return Health(version, None, server, name, took_ms, notifies, trouble)

    def sections(self) -> Sequence[Section]:
        """Its libraries."""
        return [_section(each) for each in self._directories()]

    def profiles(self) -> Sequence[Profile]:
        """Its accounts; 1 is the owner. The one without a name is nobody."""
        found = objects(self._speaker.get("/accounts").get("Account"))
        named = ((identifier(each.get("id")), line(each.get("name"))) for each in found)
        return [Profile(key, name) for key, name in named if key is not None and name is not None]

    def sessions(self) -> Sequence[Playing]:
        """What plays on its players."""
        return watching.sessions(self._speaker)

    def find(self, wanted: Media) -> Media | None:
        """By ids, also those of legacy agents, then by path."""
        return finding.find(self._speaker, self._glance, self.sections(), wanted)

    def scan(self, folder: str | None, *, wait_s: float) -> None:
        """Let the library that the folder lies in look there; without a folder all of them everywhere."""
        self._glance.forget()
        sections = [_section(each) for each in self._directories()]
        if folder is not None:
            sections = _holding(sections, folder)
            if not sections:
                raise Conflict(f"No library of this Plex holds {folder}: see its libraries' folders and the path mappings.")
        keys = {each.key for each in sections}
        if wait_s <= 0:
            self._order(sections, folder)
            return
        is_ordered = False
        try:
            with watching.opened(self._speaker) as socket:
                self._order(sections, folder)
                is_ordered = True
                began = looked = time.monotonic()
                was_busy = False
                while (now := time.monotonic()) < began + wait_s:
                    heard = socket.receive(min(_LOOK_S, began + wait_s - now))
                    if heard is not None and time.monotonic() - looked < _LOOK_S:
                        continue
                    looked = time.monotonic()
                    is_busy = any(flag(each.get("refreshing")) for each in self._directories() if _section(each).key in keys)
                    if not is_busy and (was_busy or looked - began >= _BEGINS_S):
                        return
                    was_busy = was_busy or is_busy
        except Upstream:  # it took the order, or takes it without a WebSocket
            if not is_ordered:
                self._order(sections, folder)

    def refresh(self, found: Media) -> None:
        """Read its files and pictures anew."""
        self._glance.forget()
        self._on_item(self._speaker.ask(["PUT"], f"/library/metadata/{_key(found)}/refresh"))

    def remove(self, found: Media) -> None:
        """Let it look where the file was: an item without files goes to its trash. Its own deletion would delete the file."""
        if found.path is None:
            raise Conflict("Plex lets an item go when the folder that it was in is read; this one has no path.")
        cut = max(found.path.rstrip("/\\").rfind("/"), found.path.rstrip("/\\").rfind("\\"))
        self.scan(found.path[:cut] if cut > 0 else found.path, wait_s=0)

    def clean(self) -> None:
        """Empty the trash of each library, where items without files wait."""
        self._glance.forget()
        for each in self._directories():
            accepted(self._speaker.ask(["PUT"], f"/library/sections/{_section(each).key}/emptyTrash"))

    def notify(self, title: str, message: str, *, display_ms: int = 5_000) -> None:
        """Raises Conflict."""
        raise Conflict("Plex shows no messages of others on its screens.")

    def open(self, media: Media, *, position_ms: int = 0, session: str = "") -> None:
        """Raises Conflict."""
        _uncontrollable()

    def queue(self, media: Sequence[Media], *, session: str = "") -> None:
        """Raises Conflict."""
        _uncontrollable()

    def pause(self, session: str = "") -> None:
        """Raises Conflict."""
        _uncontrollable()

    def resume(self, session: str = "") -> None:
        """Raises Conflict."""
        _uncontrollable()

    def stop(self, session: str = "") -> None:
        """Raises Conflict."""
        _uncontrollable()

    def seek(self, position_ms: int, session: str = "") -> None:
        """Raises Conflict."""
        _uncontrollable()

    def watch(self, stop: threading.Event, told: Told, *, is_up: Callable[[bool], None]) -> None:
        """Over its WebSocket; it is asked where that is closed."""
        watching.watch(self._speaker, stop, told, is_up=is_up)

    def _notifies(self, wait_s: float) -> bool:
        try:
            with watching.opened(self._speaker, open_s=max(0.05, min(3.0, wait_s))):
                return True
        except Upstream:
            return False

    def _directories(self) -> list[Row]:
        found = objects(self._speaker.get("/library/sections").get("Directory"))
        return [each for each in found if _section(each).key.isdecimal()]

    def _order(self, sections: Sequence[Section], folder: str | None) -> None:
        for each in sections:
            query = {} if folder is None else {"path": folder}
            accepted(self._speaker.ask(_SCAN, f"/library/sections/{each.key}/refresh", query))

    def _on_item(self, answer: Answer) -> None:
        if answer.status == 404:
            raise Conflict("Plex does not have that item any more.")
        accepted(answer)


def made(player: Player, lan: Lan, seen: Credentials) -> Plex:
    """The adapter of a player's row."""
    target = Target(player.host, player.port, player.is_secure, player.verifies_certificate, player.base_path)
    return Plex(target, lan, token=seen.api_key, client=seen.client)


def _section(said: Row) -> Section:
    paths = [path for each in objects(said.get("Location")) if (path := place(each.get("path"))) is not None]
    return Section(identifier(said.get("key")) or "", line(said.get("title")) or "", line(said.get("type")), paths)


def _holding(sections: Sequence[Section], folder: str) -> list[Section]:
    """The libraries whose folder is the innermost around it; of a folder around theirs, those."""
    around = {each.key: max((len(path) for path in each.paths if is_within(folder, path)), default=0) for each in sections}
    longest = max(around.values(), default=0)
    if longest:
        return [each for each in sections if around[each.key] == longest]
    return [each for each in sections if any(is_within(path, folder) for path in each.paths)]


def _key(media: Media) -> str:
    if media.key is None or not media.key.isdecimal() or not media.key.isascii():
        raise Conflict("That is no item of Plex's: find it first.")
    return media.key


def _uncontrollable() -> NoReturn:
    raise Conflict("Players of Plex take no orders from others: control them on the device or in Plex's apps.")
