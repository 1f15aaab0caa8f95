"""What the whole corpus must have touched: every field of every type that a query reaches, and every argument."""

from collections.abc import Container, Iterable, Iterator
from typing import Any, Final

from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_input_object_type,
)

_ON_DISK: Final = "It looks at files on the disk, and the corpus' world has none; tests/publish asks it on both engines."
_COUNTED: Final = "A resolver counts it; tests/artwork asks it on both engines."
_AT_PROVIDERS: Final = "A provider answers it; tests/providers asks a server that speaks for one."
_AT_IDENTIFICATION: Final = "A provider answers it; tests/identify asks a server that speaks for one."
_ASKED_OF_PROVIDERS: Final = "A provider answers it; tests/enrich asks a server that speaks for one."
_AT_PLAYERS: Final = "A player answers it; tests/players asks one that speaks for it."
_AT_DOWNLOADERS: Final = "A downloader answers it; tests/downloaders asks one that speaks for it."
_NETWORK: Final = "The network answers it; tests/players asks one on loopback."
_BY_RULES: Final = "Worked out from rules that are given with it, and from the disk; tests/players asks it on both engines."
_BY_SOURCE: Final = "Resolved in Python from the sources' words, whose shapes random rows have not; tests/enrich asks it."
_FOUND: Final = "Only what a search finds has it, and random words seldom find anything; tests/api/test_search.py asks it."
NEVER_ASKED: Final[dict[str, str]] = {
    "Query.publishPreview": _ON_DISK, "PublishPlan": _ON_DISK, "PlannedFile": _ON_DISK, "ProviderCandidate": _AT_PROVIDERS,
    "IdentificationCandidate": _AT_IDENTIFICATION, "IdentificationReason": _AT_IDENTIFICATION,
    "Query.libraryCompleteness": _COUNTED, "KindCompleteness": _COUNTED, "MissingCount": _COUNTED,
    "Query.enrichmentPreview": _ASKED_OF_PROVIDERS, "EnrichmentPreview": _ASKED_OF_PROVIDERS,
    "EnrichmentDiff": _ASKED_OF_PROVIDERS, "EnrichmentAnswer": _ASKED_OF_PROVIDERS, "Query.fieldProvenance": _BY_SOURCE,
    "FieldProvenance": _BY_SOURCE, "SourceWord": _BY_SOURCE,
    "Query.playerProfiles": _AT_PLAYERS, "PlayerProfiles": _AT_PLAYERS, "PlayerProfile": _AT_PLAYERS,
    "Query.playerSections": _AT_PLAYERS, "PlayerSections": _AT_PLAYERS, "PlayerSection": _AT_PLAYERS,
    "PlayerFolder": _AT_PLAYERS, "PlayerFailure": _AT_PLAYERS,
    "DownloaderDifference": _AT_DOWNLOADERS, "DownloaderDifferenceCount": _AT_DOWNLOADERS, "DownloaderId": _AT_DOWNLOADERS,
    "DownloaderItem": _AT_DOWNLOADERS, "DownloaderRootFolder": _AT_DOWNLOADERS,
    "Query.discoverPlayers": _NETWORK, "DiscoveredPlayer": _NETWORK,
    "Query.pathMappingTest": _BY_RULES, "PathMappingTest": _BY_RULES, "PathMappingStep": _BY_RULES, "PathRule": _BY_RULES,
    "SearchHighlight.fragments": _FOUND, "HighlightFragment": _FOUND,
    "SimilarImages": "Computed from hashes, which hardly any two pictures of the world share; tests/artwork asks it.",
}  # fmt: skip
"""Type, field, argument (`Type.field(argument)`) or input field that no operation of the corpus has to use -> why."""
NEVER_VALUED: Final[dict[str, str]] = {
    "ProviderSearch": _AT_PROVIDERS, "ProviderFailure": _AT_PROVIDERS,
    "IdentificationCandidates": _AT_IDENTIFICATION,
    "DownloaderComparison.counts": _AT_DOWNLOADERS, "DownloaderComparison.differences": _AT_DOWNLOADERS,
    "DownloaderItems.items": _AT_DOWNLOADERS, "DownloaderSettings.qualityProfiles": _AT_DOWNLOADERS,
    "DownloaderSettings.rootFolders": _AT_DOWNLOADERS, "DownloaderSettings.tags": _AT_DOWNLOADERS,
    "Source.pathMappings": "The world's mappings belong to groups of players; tests/downloaders asks it.",
    "Query.similarImages": "As SimilarImages.",
    "Query.libraryCompleteness": _COUNTED, "KindCompleteness": _COUNTED, "MissingCount": _COUNTED,
}  # fmt: skip
"""Type or field that may always be null or empty in the corpus' world -> why."""
FALLBACKS: Final[dict[str, str]] = {}
"""What the planner leaves to graphql-core (its words) -> why that is right."""


def reachable(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    """Every object type that a query leads to, the introspection's aside."""
    found: dict[str, Any] = {}
    todo: list[Any] = [schema.query_type]
    while todo:
        type_ = todo.pop()
        if type_.name in found:
            continue
        found[type_.name] = type_
        if is_abstract_type(type_):
            todo += schema.get_possible_types(type_)
        for field in getattr(type_, "fields", {}).values():
            if is_composite_type(get_named_type(field.type)):
                todo.append(get_named_type(field.type))
    return [each for each in found.values() if isinstance(each, GraphQLObjectType)]


def fields(schema: GraphQLSchema) -> set[str]:
    """`Type.field` of them all."""
    return {f"{type_.name}.{name}" for type_ in reachable(schema) for name in type_.fields}


def without_value(schema: GraphQLSchema, valued: Container[str]) -> list[str]:
    """Fields that never had a value; of a field that an interface declares, one of its types is enough."""
    found = []
    for type_ in reachable(schema):
        for name in type_.fields:
            wider = [each for each in type_.interfaces if name in each.fields]
            alike = {type_.name, *(each.name for one in wider for each in schema.get_possible_types(one))}
            if all(f"{each}.{name}" not in valued for each in alike):
                found.append(f"{type_.name}.{name}")
    return found


def arguments(schema: GraphQLSchema) -> Iterator[tuple[str, set[str]]]:
    """`Type.field(argument)` of them all, each with the names under which an interface declares it too."""
    for type_ in reachable(schema):
        for name, field in type_.fields.items():
            for each in field.args:
                owners = [type_, *(one for one in type_.interfaces if name in one.fields)]
                yield f"{type_.name}.{name}({each})", {f"{one.name}.{name}({each})" for one in owners}


def inputs(schema: GraphQLSchema) -> set[str]:
    """`Input.field` of every input type that an argument of theirs takes."""
    asked = [field for type_ in reachable(schema) for field in type_.fields.values()]
    todo: list[Any] = [get_named_type(argument.type) for field in asked for argument in field.args.values()]
    seen: dict[str, GraphQLInputObjectType] = {}
    while todo:
        type_ = todo.pop()
        if is_input_object_type(type_) and type_.name not in seen:
            seen[type_.name] = type_
            todo += [get_named_type(field.type) for field in type_.fields.values()]
    return {f"{type_.name}.{name}" for type_ in seen.values() for name in type_.fields}


def missing(wanted: Iterable[str], found: Iterable[str], excused: Container[str]) -> list[str]:
    """What was wanted, is not there and has no excuse."""
    gaps = set(wanted) - set(found)
    return sorted(each for each in gaps if each not in excused and each.partition(".")[0] not in excused)
