"""Sets our webhook up in a downloader: its connection is made, or brought up to date if there is one already."""

from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import col, select

from domain.downloaders import service
from domain.downloaders.client import Api, record, records
from domain.downloaders.queries import downloader
from domain.kit.database import Database, UnitOfWork
from domain.kit.errors import Unexpected, Upstream
from domain.kit.http import Lan
from domain.kit.ids import global_id
from domain.kit.secrets import keyed_hash
from domain.libraries.tables import Source

NAME: Final = "Marquee"
USER: Final = "marquee"
_POST: Final = 1
"""What their setting `method` calls it."""


def set_up(database: Database, lan: Lan, source_id: int, url: str, *, key: bytes, actor: str) -> tuple[int, bool]:
    """(their id of the connection, whether it is new). Its webhooks carry a new token, which nobody has to see.

    They try the connection while they save it, so the token has to be good before; if they do not save it, the one before is
    good again. Raises NotFound, Conflict, Upstream.
    """
    with database.read() as session:
        api = Api(lan, downloader(session, source_id, key=key))
    known = _ours(api, source_id)
    document = dict(known) if known is not None else _schema(api)
    before, token = database.perform(lambda uow: _other_token(uow, source_id, key), actor=actor)
    try:
        _fill(document, url, token)
        method, path = ("POST", "/notification") if known is None else ("PUT", f"/notification/{document['id']}")
        saved = record(api.send(method, path, document), api.downloader.target.host)
    except Upstream:
        database.perform(lambda uow: _put_back(uow, source_id, before, keyed_hash(key, service.TOKEN, token)), actor=actor)
        raise
    made = saved.get("id")
    return made if isinstance(made, int) else 0, known is None


def _ours(api: Api, source_id: int) -> Mapping[str, Any] | None:
    """Our connection in it, by where it leads; else by its name."""
    found = [
        one for one in records(api.get("/notification"), api.downloader.target.host)
        if one.get("implementation") == "Webhook" and isinstance(one.get("id"), int)
    ]  # fmt: skip
    end = f"/webhooks/{global_id('sources', source_id)}"
    leads = (one for one in found if any(str(each.get("value")).rstrip("/").endswith(end) for each in _fields(one)))
    return next(leads, next((one for one in found if one.get("name") == NAME), None))


def _schema(api: Api) -> dict[str, Any]:
    """What a new connection is made of, as this version of theirs has it. Raises Unexpected."""
    host = api.downloader.target.host
    for one in records(api.get("/notification/schema"), host):
        if one.get("implementation") == "Webhook":
            return {**one, "name": NAME}
    raise Unexpected(f"{host} knows no connection called Webhook.")


def _fill(document: dict[str, Any], url: str, token: str) -> None:
    values = {"url": url, "method": _POST, "username": USER, "password": token}
    for each in _fields(document):
        if each.get("name") in values:
            each["value"] = values[each["name"]]
    for name in [name for name in document if name.startswith("on") and isinstance(document[name], bool)]:
        document[name] = document.get(f"supports{name[0].upper()}{name[1:]}", True) is True
    document["name"] = document.get("name") or NAME


def _fields(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    given = document.get("fields")
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


_Token = tuple[str | None, str | None, Any]


def _other_token(uow: UnitOfWork, source_id: int, key: bytes) -> tuple[_Token, str]:
    row = uow.session.exec(select(Source).where(col(Source.id) == source_id)).one()  # unguarded: only administrators do
    before = row.webhook_hash, row.webhook_hint, row.webhook_made_at
    return before, service.rotate_token(uow, source_id=source_id, secret=key)[1]


def _put_back(uow: UnitOfWork, source_id: int, before: _Token, made: str) -> None:
    """Unless somebody has given it another meanwhile, or revoked or deleted it: that stands."""
    ours = (col(Source.id) == source_id, col(Source.webhook_hash) == made)
    row = uow.session.exec(select(Source).where(*ours).with_for_update()).first()  # unguarded: only administrators do
    if row is None:
        return
    row.webhook_hash, row.webhook_hint, row.webhook_made_at = before
    row.version += 1
