"""Manifests of documents: the forms that programs write them in, and the check that each document would be answered."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from graphql import GraphQLError, GraphQLSchema, parse, validate

from api.kit.limits import check, operations_of
from api.kit.measuring import measure
from domain.documents.service import NewDocument
from domain.kit.errors import Invalid
from domain.settings import Settings

FORMS: Final = "a JSON object of ids and texts (Relay, GraphQL Code Generator), or an Apollo manifest with `operations`"


def read_manifest(data: Any) -> list[NewDocument]:
    """The documents of a manifest file. Raises Invalid."""
    if isinstance(data, dict) and isinstance(data.get("operations"), list):
        found = [_operation(each) for each in data["operations"]]
    elif isinstance(data, dict) and data and all(isinstance(each, str) for each in data.values()):
        found = [NewDocument(text, id=str(key)) for key, text in data.items()]
    else:
        raise Invalid(f"The file is neither of the known forms: {FORMS}.")
    return found


def _operation(entry: Any) -> NewDocument:
    if not isinstance(entry, dict) or not isinstance(entry.get("body"), str):
        raise Invalid(f"An operation without a `body`. A manifest is {FORMS}.")
    key, name = entry.get("id"), entry.get("name")
    return NewDocument(entry["body"], id=None if key is None else str(key), name=None if name is None else str(name))


def checked(schema: GraphQLSchema, documents: Iterable[NewDocument], settings: Settings) -> Sequence[NewDocument]:
    """The documents, each with a name. Takes some 2 ms each: not for the event loop.

    Raises Invalid for one that is not valid, asks for the schema, or is beyond a limit (with its variables left out).
    """
    return [_checked(schema, document, settings, number) for number, document in enumerate(documents)]


def _checked(schema: GraphQLSchema, document: NewDocument, settings: Settings, number: int) -> NewDocument:
    path = ("documents", str(number))
    try:
        parsed = parse(document.text, max_tokens=settings.token_limit)
        operations = operations_of(parsed)
    except (GraphQLError, RecursionError, UnicodeEncodeError) as error:
        raise Invalid(_words(document, number, error), path=path) from None
    if not operations:
        raise Invalid(_words(document, number, "it has no operation"), path=path)
    for operation in operations:
        size, _ = measure(schema, parsed, operation, {})
        if size.introspections:
            raise Invalid(_words(document, number, "it asks for the schema"), path=path)
        refusal = check(size, operation.operation, settings)
        if refusal is not None:
            raise Invalid(_words(document, number, refusal), path=path)
    for mistake in validate(schema, parsed, max_errors=1)[:1]:
        raise Invalid(_words(document, number, mistake), path=path)
    name = document.name or next((each.name.value for each in operations if each.name is not None), None)
    return NewDocument(document.text, document.id, name)


def _words(document: NewDocument, number: int, why: Any) -> str:
    reason = getattr(why, "message", None) or str(why)
    return f"Document {document.id or document.name or number} cannot be registered: {reason}"
