"""Keys, tokens and passwords of Jellyfin and Plex stand in no log line, whatever its level, and in no error."""

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from domain.kit.errors import DomainError
from domain.kit.http import Lan
from domain.kit.logs import configure_logging
from domain.players.enums import MediaKind
from domain.players.jellyfin.adapter import Jellyfin
from domain.players.model import Adapter, Credentials, Media
from domain.players.plex.adapter import Plex
from tests.peers import web
from tests.peers.house import DROP, HouseServer
from tests.peers.jellyfin import KEY, jellyfin
from tests.peers.plex import HTML, TOKEN, plex
from tests.players.servers import watching

PASSWORD = "secret of ana"
SECRETS = (KEY, TOKEN, PASSWORD, "token-of-ana", "planted")
FILM = Media(MediaKind.MOVIE, "Paper Lanterns", ids={"tmdb": "900101"})


@pytest.fixture
def output() -> Iterator[io.StringIO]:
    """Everything that is logged, at the lowest level there is."""
    root = logging.getLogger()
    handlers, level, configured = list(root.handlers), root.level, structlog.get_config()
    stream = io.StringIO()
    configure_logging("json", "DEBUG", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.configure(**configured)


def exercised(player: Adapter, peer: HouseServer) -> Iterator[str]:
    """The words of every failure."""
    acts: list[Callable[[], Any]] = [
        player.check, player.sections, player.profiles, player.sessions, player.clean, player.pause,
        lambda: player.find(FILM), lambda: player.scan("/srv/films", wait_s=0.01), lambda: player.refresh(FILM),
        lambda: player.open(FILM), lambda: player.notify("a", "b"),
    ]  # fmt: skip
    for fault in (None, web.HTML, web.TRUNCATED, HTML, DROP):
        for act in acts:
            peer.faults = [fault] if fault is not None else []
            try:
                act()
            except DomainError as error:
                yield f"{error!r} {error.message} {error.__cause__!r}"
    peer.faults = []
    with watching(player) as listener:
        listener.last(1)
        peer.tell("{broken")
        listener.wait(lambda: listener.is_over)
        yield repr(listener.failure)


@pytest.mark.parametrize("kind", ["key", "login", "refused", "plex", "plex refused"])
def test_no_secret_is_told(kind: str, output: io.StringIO) -> None:
    lan = Lan()
    with jellyfin() as one, plex() as other:
        players: dict[str, tuple[Adapter, HouseServer]] = {
            "key": (Jellyfin(one.target, lan, api_key=KEY), one),
            "login": (Jellyfin(one.target, lan, username="ana", password=PASSWORD), one),
            "refused": (Jellyfin(one.target, lan, api_key="planted"), one),
            "plex": (Plex(other.target, lan, token=TOKEN), other),
            "plex refused": (Plex(other.target, lan, token="planted"), other),
        }
        player, peer = players[kind]
        if "refused" in kind:
            told = []
            for act in (player.check, player.sessions):
                with pytest.raises(DomainError) as failed:
                    act()
                told.append(repr(failed.value))
            with watching(player) as listener:
                listener.wait(lambda: listener.is_over)
                told.append(repr(listener.failure))
        else:
            told = list(exercised(player, peer))
            assert len(peer.of("GET", ".*")) > 5
    lan.close()
    logged = output.getvalue()
    assert "GET /" in logged  # the WebSocket's own library does log its requests at that level
    for secret in SECRETS:
        assert secret not in logged
        assert not [each for each in told if secret in each]
        assert secret not in repr(player)


def test_what_it_takes_is_not_shown() -> None:
    assert "planted" not in repr(Credentials("ana", "planted", "planted"))
