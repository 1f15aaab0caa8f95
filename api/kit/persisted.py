"""Documents by id: automatic persisted queries, registered documents, and the mode that takes registered ones only."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from api.kit.reading import GraphQLRequest, Refused
from domain.documents.queries import PREFIX, digest_of, find_text
from domain.kit.database import Database

MAX_DOCUMENTS: Final = 1000
MAX_BYTES: Final = 4 * 1024 * 1024
"""Of text, in each of the two stores."""
LIFE_S: Final = 5.0
"""For which a registered document is remembered: so long may one that was taken back be answered by another process."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_OWN_ID: Final = re.compile(r"[A-Za-z0-9_.\-/]{1,100}")


class Texts:
    """Texts by id, bounded by number and bytes; the longest unused leaves first."""

    def __init__(self, *, max_documents: int = MAX_DOCUMENTS, max_bytes: int = MAX_BYTES) -> None:
        self._known: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._max_documents, self._max_bytes, self._bytes = max_documents, max_bytes, 0

    def __len__(self) -> int:
        return len(self._known)

    def get(self, name: str, *, younger_than_s: float = float("inf")) -> str | None:
        """The text of an id, if it is kept and young enough."""
        found = self._known.get(name)
        if found is None or time.monotonic() - found[1] > younger_than_s:
            return None
        self._known.move_to_end(name)
        return found[0]

    def put(self, name: str, text: str) -> None:
        """Keep a text, or the fact that it is still so."""
        self._forget(name)
        self._known[name] = (text, time.monotonic())
        self._bytes += len(text)
        while self._known and (len(self._known) > self._max_documents or self._bytes > self._max_bytes):
            self._forget(next(iter(self._known)))

    def clear(self) -> None:
        """Keep nothing."""
        self._known.clear()
        self._bytes = 0

    def _forget(self, name: str) -> None:
        known = self._known.pop(name, None)
        if known is not None:
            self._bytes -= len(known[0])


class PersistedDocuments:
    """What one process knows of documents that were not sent along."""

    def __init__(self, database: Database, *, registered_only: bool, most_characters: int) -> None:
        self._database = database
        self._most_characters = most_characters
        self.registered_only = registered_only
        self._automatic = Texts()
        self._registered = Texts()
        self._own: set[str] = set()
        self._generation = 0

    def allow(self, texts: Iterable[str]) -> None:
        """Documents of our own page and command line: they count as registered."""
        self._own.update(map(digest_of, texts))

    def forget(self) -> None:
        """Registered documents have changed."""
        self._generation += 1
        self._registered.clear()

    async def text_of(self, request: GraphQLRequest, *, is_signed_in: bool) -> str:
        """The document that a request means. Raises Refused: none, unknown, another than its hash says, not registered.

        A text that is sent with its hash is remembered for those who send the hash alone; strangers fill no memory.
        """
        digest = _sent_digest(request.extensions)
        if request.query is None or (not request.query and (digest or request.document_id)):
            return await self._named(request.document_id, digest)
        if not request.query:
            raise Refused(400, "BAD_REQUEST", "The request has no `query`.")
        if len(request.query) > self._most_characters:
            message = f"A document has at most {self._most_characters:,} characters; this one has {len(request.query):,}."
            raise Refused(400, "LIMIT_EXCEEDED", message, is_about_document=True)
        if request.document_id is not None:
            raise Refused(400, "BAD_REQUEST", "Send `query` or `documentId`, not both.")
        if digest is not None and digest_of(request.query) != digest:
            raise Refused(400, "PERSISTED_QUERY_MISMATCH", "`sha256Hash` is not the SHA-256 of `query`.")
        if self.registered_only:
            await self._must_be_registered(request.query)
        elif digest is not None and is_signed_in:
            self._automatic.put(digest, request.query)
        return request.query

    async def _named(self, document_id: str | None, digest: str | None) -> str:
        if document_id is None and digest is None:
            raise Refused(400, "BAD_REQUEST", "The request has no `query`.")
        if document_id is not None:
            if not (_DIGEST.fullmatch(document_id.removeprefix(PREFIX)) or _OWN_ID.fullmatch(document_id)):
                message = "A `documentId` is `sha256:` with 64 hex digits, or the id that a manifest gave."
                raise Refused(400, "BAD_REQUEST", message)
            if _DIGEST.fullmatch(document_id):
                document_id = PREFIX + document_id
        found = None
        if digest is not None and not self.registered_only:
            found = self._automatic.get(digest)
        if found is None:
            found = await self._find(document_id if document_id is not None else f"{PREFIX}{digest}")
        if found is not None:
            return found
        if document_id is not None:
            raise Refused(400, "DOCUMENT_NOT_FOUND", "No such document is registered.", is_about_document=True)
        # these very words and this code tell clients to send the text too
        raise Refused(400, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound", is_about_document=True)

    async def _must_be_registered(self, text: str) -> None:
        digest = digest_of(text)
        if digest not in self._own and await self._find(PREFIX + digest) is None:
            message = "This server takes registered documents only: register it, or send the `documentId` of one."
            raise Refused(400, "DOCUMENT_NOT_REGISTERED", message, is_about_document=True)

    async def _find(self, document_id: str) -> str | None:
        found = self._registered.get(document_id, younger_than_s=LIFE_S)
        if found is not None:
            return found
        generation = self._generation

        def look_up() -> str | None:
            with self._database.read() as session:
                return find_text(session, document_id)

        found = await asyncio.to_thread(look_up)
        if found is not None and generation == self._generation:  # what was forgotten meanwhile stays forgotten
            self._registered.put(document_id, found)
        return found


def _sent_digest(extensions: Mapping[str, Any] | None) -> str | None:
    """`extensions.persistedQuery.sha256Hash`; None when there is no such extension. Raises Refused for a wrong one."""
    given = (extensions or {}).get("persistedQuery")
    if given is None:
        return None
    if not isinstance(given, dict) or given.get("version") != 1 or not isinstance(given.get("sha256Hash"), str):
        raise Refused(400, "BAD_REQUEST", "`persistedQuery` is {version: 1, sha256Hash}.")
    digest: str = given["sha256Hash"].lower()
    if not _DIGEST.fullmatch(digest):
        raise Refused(400, "BAD_REQUEST", "`sha256Hash` is a SHA-256 in 64 hex digits.")
    return digest
