"""JSON-RPC 2.0 as Kodi speaks it: requests, answers, errors, notifications; over HTTP one request at a time."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import orjson

from domain.kit.errors import Conflict, KeyRefused, Unexpected
from domain.kit.http import Lan, Limits, Target

Params = Mapping[str, Any]
PATH: Final = "/jsonrpc"
_TYPE: Final = "application/json"
"""Kodi compares the whole header: with a charset behind it, it answers 415."""
_USUAL: Final = Limits(total_s=15.0, connect_s=4.0, read_s=10.0)
_CANNOT: Final = -32100
"""The method ran but failed: nothing plays, for one."""
_MISSING: Final = frozenset({-32602, -32098})
"""What it answers for an id that is not there; also for parameters that its version does not know."""
_numbers = count(1)


class Refused(Unexpected):
    """Kodi did not do it. `number` is JSON-RPC's code; `parameter` the name of the one that it did not like."""

    def __init__(self, message: str, *, number: int, parameter: str | None = None) -> None:
        super().__init__(message)
        self.number = number
        self.parameter = parameter

    @property
    def is_gone(self) -> bool:
        """Whether it may be that the thing named is not there any more."""
        return self.number in _MISSING


@dataclass(frozen=True, slots=True)
class Notification:
    """What Kodi tells by itself. `method` is `Player.OnPlay`; `data` is empty where it sends none."""

    method: str
    data: Mapping[str, Any]


def request(method: str, params: Params | None = None) -> tuple[int, str]:
    """A request and its number. Parameters that are None are left out."""
    number = next(_numbers)
    named = {name: value for name, value in (params or {}).items() if value is not None}
    body: dict[str, Any] = {"jsonrpc": "2.0", "id": number, "method": method}
    if named:
        body["params"] = named
    return number, orjson.dumps(body).decode()


def parsed(text: str | bytes) -> dict[str, Any] | None:
    """A message as an object; None for what is none: Kodi answers a ping with two stray bytes."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def notification(message: Mapping[str, Any]) -> Notification | None:
    """The notification that a message is; None if it is something else."""
    method, params = message.get("method"), message.get("params")
    if not isinstance(method, str) or "id" in message:
        return None
    data = params.get("data") if isinstance(params, dict) else None
    return Notification(method, data if isinstance(data, dict) else {})


def result(message: Mapping[str, Any], method: str, host: str) -> Any:
    """The result in an answer. Raises Conflict (nothing plays), Refused, Unexpected."""
    if "result" in message:
        return message["result"]
    error = message.get("error")
    if not isinstance(error, dict) or not isinstance(error.get("code"), int):
        raise Unexpected(f"{host} answered {method} with neither a result nor an error.")
    number = error["code"]
    if number == _CANNOT:
        raise Conflict(f"Kodi at {host} cannot do that at the moment: {method}.")
    data = error.get("data")
    stack = data.get("stack") if isinstance(data, dict) else None
    name = stack.get("name") if isinstance(stack, dict) else None
    said = str(error.get("message", "")).strip()[:200]
    about = f" ({name})" if isinstance(name, str) else ""
    raise Refused(
        f"Kodi at {host} refused {method}: {said or number}{about}",
        number=number, parameter=name if isinstance(name, str) else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Http:
    """Requests over HTTP."""

    lan: Lan
    target: Target
    username: str | None = None
    password: str | None = None

    def call(self, method: str, params: Params | None = None, *, limits: Limits = _USUAL) -> Any:
        """The result of a method. Raises Upstream (KeyRefused, Refused, Unexpected …), Conflict."""
        number, body = request(method, params)
        headers = {"content-type": _TYPE}
        if self.username or self.password:
            pair = f"{self.username or 'kodi'}:{self.password or ''}"
            headers["authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        answer = self.lan.request(self.target, "POST", PATH, headers=headers, body=body.encode(), limits=limits)
        host = self.target.host
        if answer.status in (401, 403):
            raise KeyRefused(f"Kodi at {host} does not accept the user name and password.")
        if answer.status != 200:
            raise Unexpected(f"Kodi at {host} answered {method} with status {answer.status}: is that its web server's port?")
        message = parsed(answer.body)
        if message is None or message.get("id") not in (number, None):
            raise Unexpected(f"{host} answered {method} with what is no JSON-RPC: is that Kodi's port?")
        return result(message, method, host)


def mapping(value: Any, what: str) -> Mapping[str, Any]:
    """`value` as an object. Raises Unexpected."""
    if not isinstance(value, dict):
        raise Unexpected(f"Kodi answered {what} with what is no object.")
    return value


def rows(value: Any, name: str) -> list[Mapping[str, Any]]:
    """The objects in the list `name` of a result; Kodi leaves an empty one out. Raises Unexpected."""
    found = mapping(value, name).get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise Unexpected(f"Kodi's {name} are no list.")
    return [each for each in found if isinstance(each, dict)]
