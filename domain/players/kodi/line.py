"""Kodi's WebSocket: calls and notifications over one connection, without ping frames, deaf to what is no JSON."""

import contextlib
from collections import deque
from collections.abc import Iterator
from time import monotonic
from typing import Any, Final

from domain.kit.errors import Unreachable, Upstream
from domain.kit.http import Lan, Socket, Target
from domain.players.kodi.wire import PATH, Notification, Params, notification, parsed, request, result

_ANSWER_S: Final = 5.0
_MOST_WAITING: Final = 256
"""Notifications that wait to be taken: a scan tells of every item, and older ones are of no use then."""
_QUIET: Final = ("GUI", "Input", "System", "Application", "Playlist", "PVR", "Other")
"""What nobody here listens to."""


class Talk:
    """An open connection; used by one thread."""

    def __init__(self, socket: Socket, host: str) -> None:
        self._socket = socket
        self._host = host
        self._waiting: deque[Notification] = deque(maxlen=_MOST_WAITING)

    def call(self, method: str, params: Params | None = None, *, wait_s: float = _ANSWER_S) -> Any:
        """The result of a method; notifications that come before it are kept. Raises as `Http.call` does."""
        number, text = request(method, params)
        self._socket.send(text)
        deadline = monotonic() + wait_s
        while (left := deadline - monotonic()) > 0:
            message = self._message(left)
            if message is None:
                continue
            if message.get("id") == number:
                return result(message, method, self._host)
            if (told := notification(message)) is not None:
                self._waiting.append(told)
        raise Unreachable(f"Kodi at {self._host} did not answer {method} in {wait_s:g} s.")

    def next(self, wait_s: float) -> Notification | None:
        """The next notification; None if none comes in time."""
        if self._waiting:
            return self._waiting.popleft()
        deadline = monotonic() + wait_s
        while (left := deadline - monotonic()) > 0:
            message = self._message(left)
            if message is not None and (told := notification(message)) is not None:
                return told
        return None

    def _message(self, wait_s: float) -> dict[str, Any] | None:
        received = self._socket.receive(wait_s)
        return None if received is None else parsed(received)


class Line:
    """Where the WebSocket is. It asks for no password."""

    def __init__(self, lan: Lan, target: Target) -> None:
        self._lan = lan
        self._target = target

    @contextlib.contextmanager
    def open(self, *, is_quiet: bool = True) -> Iterator[Talk]:
        """A connection that tells of players and libraries. Raises Upstream where there is none."""
        with self._lan.websocket(self._target, PATH) as socket:
            talk = Talk(socket, self._target.host)
            if is_quiet:
                with contextlib.suppress(Upstream):  # a version that knows other names tells us more than we need
                    talk.call("JSONRPC.SetConfiguration", {"notifications": dict.fromkeys(_QUIET, False)})
            yield talk

    def trouble(self) -> str | None:
        """Why nothing can be heard there; None if it can."""
        try:
            with self.open(is_quiet=False) as talk:
                talk.call("JSONRPC.Ping")
        except Upstream as error:
            return (
                f"Its WebSocket (port {self._target.port}) cannot be had, so it is asked again and again. {error.message} "
                'In Kodi: Settings, Services, Control, "Allow remote control from applications on other systems".'
            )
        return None
