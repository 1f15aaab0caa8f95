"""A loopback Kodi: JSON-RPC over HTTP and WebSocket, a small library, playback by a clock of the test's, faults.

It is as strict as the real one (unknown or doubled properties, another Content-Type, ids that are not there) and has its
habits: a stale cache of listings, ids that change with a refresh, notifications in two shapes, no position at the end.
"""

import base64
import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from domain.kit.http import Lan, Target
from domain.players.kodi.adapter import Kodi
from tests.peers.kodi_screen import Screen
from tests.peers.kodi_shelves import LISTS, Row, RpcError
from tests.peers.web import Asked, Given, Peer, json_answer


class KodiPlayer(Screen):
    """A running one."""

    def __init__(self, *, username: str | None = None, password: str | None = None) -> None:
        super().__init__()
        self.http = Peer(self._answer)
        self.username, self.password = username, password
        self.asked: list[tuple[str, Row]] = []
        """Every method with its parameters, over HTTP and WebSocket alike, in their order."""
        self.shown: list[Row] = []
        """Messages on its screen."""
        self.version = (20, 1)
        self.refuses_websocket = False
        self.is_deaf = False
        """It takes what comes over its WebSocket and answers nothing."""
        self.is_scanning = False
        self.scans_forever = False
        self.heard = threading.Condition()
        """Notified with every request: `wait_for` it, and for no wall time."""
        self._sockets: set[ServerConnection] = set()
        self._server: Server | None = None

    @property
    def port(self) -> int:
        """Of HTTP."""
        return self.http.port

    @property
    def websocket_port(self) -> int:
        assert self._server is not None
        return int(self._server.socket.getsockname()[1])

    @contextlib.contextmanager
    def running(self) -> Iterator["KodiPlayer"]:
        with self.http.running(), serve(
            self._talk, "127.0.0.1", 0, process_request=self._admit, ping_interval=None, compression=None
        ) as self._server:  # fmt: skip
            thread = threading.Thread(target=self._server.serve_forever, daemon=True)
            thread.start()
            try:
                yield self
            finally:
                self.hang_up()
                self._server.shutdown()
                thread.join(10)

    def adapter(self, lan: Lan, *, websocket: bool = True) -> Kodi:
        """Our side of it."""
        port = self.websocket_port if websocket else None
        target = Target("127.0.0.1", self.port)
        return Kodi(lan, target, username=self.username, password=self.password, websocket_port=port)

    def methods(self) -> list[str]:
        """What it was asked, in order."""
        return [method for method, _ in self.asked]

    def wait_for(self, condition: Callable[[], bool], *, timeout_s: float = 20.0) -> bool:
        """Until the condition holds; it is looked at with every request that comes."""
        with self.heard:
            return self.heard.wait_for(condition, timeout_s)

    # --- what goes wrong ----------------------------------------------------------------------------------------------

    def hang_up(self) -> None:
        """Close every WebSocket."""
        for socket in list(self._sockets):
            with contextlib.suppress(Exception):
                socket.close()

    def break_off(self) -> None:
        """Cut every WebSocket without a word of farewell."""
        for socket in list(self._sockets):
            with contextlib.suppress(OSError):
                socket.socket.shutdown(2)

    def stray(self) -> None:
        """Send what the real one answers to a ping: a text frame with two bytes that are no text."""
        for socket in list(self._sockets):
            socket.socket.sendall(b"\x81\x02\x8a\x00")

    def tell(self, method: str, data: Any) -> None:
        """Notify everybody."""
        text = json.dumps({"jsonrpc": "2.0", "method": method, "params": {"sender": "xbmc", "data": data}})
        for socket in list(self._sockets):
            with contextlib.suppress(Exception):
                socket.send(text)

    # --- the wires ----------------------------------------------------------------------------------------------------

    def _admit(self, _: ServerConnection, request: Request) -> Response | None:

        if self.refuses_websocket or request.path != "/jsonrpc":
            return Response(403, "Forbidden", Headers({"Content-Length": "0"}), b"")
        return None

    def _talk(self, socket: ServerConnection) -> None:
        self._sockets.add(socket)
        with self.heard:
            self.heard.notify_all()
        try:
            for text in socket:
                answer = self._respond(json.loads(text))
                if not self.is_deaf:
                    socket.send(json.dumps(answer))
        finally:
            self._sockets.discard(socket)

    def _answer(self, asked: Asked) -> Given:
        if self.password is not None:
            pair = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
            if asked.headers.get("authorization") != f"Basic {pair}":
                return Given(401, b"<html>Unauthorized", {"content-type": "text/html"})
        if asked.path != "/jsonrpc":
            return Given(404, b"<html>not here", {"content-type": "text/html"})
        if asked.headers.get("content-type") not in ("application/json", "application/json-rpc", "application/jsonrequest"):
            return Given(415, b"", {"content-type": "text/plain"})
        if len(asked.body) > 20_000:
            return Given(413, b"", {"content-type": "text/plain"})
        return json_answer(json.dumps(self._respond(json.loads(asked.body))).encode(), **{"content-type": "application/json"})

    def _respond(self, request: Row) -> Row:
        method, params = request["method"], request.get("params", {})
        with self.heard:
            self.asked.append((method, params))
        try:
            with self._guard:
                found = self._do(method, params)
            answer: Row = {"jsonrpc": "2.0", "id": request["id"], "result": found}
        except RpcError as error:
            data = {"method": method, "stack": {"name": error.parameter, "type": "string", "message": "…"}}
            told = {"code": error.code, "message": str(error), **({"data": data} if error.parameter else {})}
            answer = {"jsonrpc": "2.0", "id": request["id"], "error": told}
        with self.heard:
            self.heard.notify_all()
        return answer

    # --- the methods --------------------------------------------------------------------------------------------------

    def _do(self, method: str, params: Row) -> Any:
        space, _, name = method.partition(".")
        if space == "Player" and name not in ("GetActivePlayers", "Open"):
            return self._control(name, params)
        if space == "VideoLibrary" or space == "AudioLibrary":
            return self._library(space, name, params)
        match method:
            case "JSONRPC.Ping":
                return "pong"
            case "JSONRPC.Version":
                return {"version": {"major": 13, "minor": 0, "patch": 0}}
            case "JSONRPC.SetConfiguration":
                return {"notifications": params["notifications"]}
            case "Application.GetProperties":
                return {"name": "Kodi", "version": {"major": self.version[0], "minor": self.version[1], "tag": "stable"}}
            case "Player.GetActivePlayers":
                return [] if self.playing is None else [{"playerid": 1, "type": "video", "playertype": "internal"}]
            case "Player.Open":
                self._open(params)
                return "OK"
            case "Files.GetSources":
                found = self.shelves.sources[params["media"]]
                return {"sources": found, "limits": {"start": 0, "end": len(found), "total": len(found)}}
            case "Files.GetDirectory":
                return {"files": list(self.shelves.listed(params["directory"]))[:1]}
            case "XBMC.GetInfoBooleans":
                return dict.fromkeys(params["booleans"], self.is_scanning)
            case "GUI.ShowNotification":
                if params["displaytime"] < 1500:
                    raise RpcError(-32602, "Invalid params.", "displaytime")
                self.shown.append(params)
                return "OK"
            case "Playlist.Clear":
                self.playlists[params["playlistid"]] = []
                return "OK"
            case "Playlist.Add":
                self.playlists[params["playlistid"]].append(params["item"])
                return "OK"
        raise RpcError(-32601, "Method not found.")

    def _library(self, space: str, name: str, params: Row) -> Any:
        types = {"Movie": "movie", "TVShow": "tvshow", "Episode": "episode", "MusicVideo": "musicvideo", "Song": "song"}
        verb = next((verb for verb in ("Get", "Refresh", "Remove", "Set") if name.startswith(verb)), "")
        type_ = types.get(name.removeprefix(verb).removesuffix("Details").removesuffix("s"))
        if verb == "Get" and type_ is not None:
            return self.shelves.details(type_, params) if name.endswith("Details") else self.shelves.list(type_, params)
        if verb == "Remove" and type_ is not None:
            key = params[LISTS[type_][1]]
            self.shelves.one(type_, key)
            del self.shelves.rows[type_][key]
            self.tell(f"{space}.OnRemove", {"id": key, "type": type_})
            return "OK"
        if verb == "Refresh" and type_ is not None:
            now = self.shelves.refresh(type_, params[LISTS[type_][1]])
            self.tell(f"{space}.OnUpdate", {"item": {"id": now, "type": type_}, "added": True})
            return "OK"
        if verb == "Set" and type_ is not None:
            row = self.shelves.one(type_, params[LISTS[type_][1]])
            row |= params
            echo = {"item": {"id": row[LISTS[type_][1]], "type": type_}}
            self.tell(f"{space}.OnUpdate", {**echo, **({"playcount": params["playcount"]} if "playcount" in params else {})})
            return "OK"
        if name in ("Scan", "Clean"):
            return self._read(space, name, params)
        raise RpcError(-32601, "Method not found.")

    def _read(self, space: str, name: str, params: Row) -> str:
        if self.is_scanning:  # a second scan stops the first one
            self.is_scanning = False
            return "OK"
        self.tell(f"{space}.On{name}Started", None)
        if self.scans_forever:
            self.is_scanning = True
            return "OK"
        if name == "Clean":
            gone = [] if params.get("directory") else self.shelves.clean()
            for type_, key in gone:
                self.tell(f"{space}.OnRemove", {"id": key, "type": type_})
        else:
            for type_, key in self.shelves.scan(params.get("directory", "")):
                for more in ({}, {"added": True, "transaction": True}):
                    self.tell(f"{space}.OnUpdate", {"item": {"id": key, "type": type_}, **more})
        self.tell(f"{space}.On{name}Finished", None)
        return "OK"
