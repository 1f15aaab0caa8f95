"""Parse and validate once per text: one bounded cache, and the extension that uses it.

Strawberry's own ValidationCache hashes the whole syntax tree on every hit; a text's hash is kept by the text itself.
"""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from graphql import DocumentNode
from strawberry.extensions import SchemaExtension

MAX_DOCUMENTS: Final = 1000
MAX_BYTES: Final = 4 * 1024 * 1024
"""Of query text; the syntax trees weigh some fifty times as much."""


class DocumentCache:
    """Valid documents of one schema by text; the longest unused leaves first."""

    def __init__(self, *, max_documents: int = MAX_DOCUMENTS, max_bytes: int = MAX_BYTES) -> None:
        self._documents: OrderedDict[str, DocumentNode] = OrderedDict()
        self._max_documents = max_documents
        self._max_bytes = max_bytes
        self._bytes = 0
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        return len(self._documents)

    def get(self, text: str) -> DocumentNode | None:
        """The document of a text that was valid before."""
        found = self.peek(text)
        self.misses += found is None
        return found

    def peek(self, text: str) -> DocumentNode | None:
        """The same, for who will ask again if it is not there."""
        found = self._documents.get(text)
        if found is not None:
            self.hits += 1
            self._documents.move_to_end(text)
        return found

    def put(self, text: str, document: DocumentNode) -> None:
        """Keep a valid document; one that alone exceeds the bytes is not kept."""
        size = len(text.encode(errors="surrogatepass"))
        if size > self._max_bytes or text in self._documents:
            return
        self._documents[text] = document
        self._bytes += size
        while len(self._documents) > self._max_documents or self._bytes > self._max_bytes:
            old, _ = self._documents.popitem(last=False)
            self._bytes -= len(old.encode(errors="surrogatepass"))


class Documents(SchemaExtension):
    """`Schema(extensions=[lambda: Documents(cache), …])`, one cache per schema, before extensions that look at the document.

    An extension that refuses documents for good (limits) must add its errors while validating: refused ones are not kept.
    """

    def __init__(self, cache: DocumentCache) -> None:
        self._cache = cache
        self._is_known = False

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        if context.query is not None and context.graphql_document is None:
            known = self._cache.get(context.query)
            if known is not None:
                self._is_known = True
                context.graphql_document = known
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        if self._is_known and context.pre_execution_errors is None:
            context.pre_execution_errors = []  # Strawberry validates only where this is None
        yield
        is_new = not self._is_known and not context.pre_execution_errors
        if is_new and context.query is not None and context.graphql_document is not None:
            self._cache.put(context.query, context.graphql_document)
