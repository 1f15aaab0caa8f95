"""The schema: committed, described, named and shaped by rule, and never broken by accident."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

from api.kit.access import Needs, Permission
from api.kit.planner.specs import Children
from tests.rules.schema import SDL, objects, ours, parts, roots, schema, types

VERBS = (
    "add|assign|block|bulk|cancel|capture|change|choose|clean|clear|confirm|copy|create|delete|disable|enable|enrich|export|"
    "follow|identify|import|link|lock|log|login|logout|mark|merge|move|notify|pause|pin|play|publish|rate|refresh|register|"
    "reject|remove|rename|reopen|reorder|repair|replay|reset|resolve|restore|resume|retry|revoke|rotate|run|save|scan|"
    "schedule|seek|select|send|set|share|skip|split|start|stop|sync|test|track|undo|unidentify|unlink|unlock|unmark|untrack|"
    "update|upload|verify"
)


def undescribed(of: GraphQLSchema) -> list[str]:
    """Everything has a description: a sentence, or for arguments and fields at least words."""
    return [name for name, part in parts(of) if not (part.description or "").strip()]


def misnamed(of: GraphQLSchema) -> list[str]:
    """Types are PascalCase, enum values SCREAMING_CASE, everything else camelCase; booleans say what is, not what is not."""
    found = []
    for name, part in parts(of):
        last = re.split(r"[.(]", name.rstrip(")"))[-1]
        if "." not in name:
            wanted = r"[A-Z][A-Za-z0-9]*"
        elif isinstance(of.type_map[name.partition(".")[0]], GraphQLEnumType):
            wanted = r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*"
        else:
            wanted = r"[a-z][a-zA-Z0-9]*"
        type_ = getattr(part, "type", None)
        is_negated = type_ is not None and get_named_type(type_).name == "Boolean" and re.match(r"(not|isNot|no)[A-Z]", last)
        if not re.fullmatch(wanted, last) or is_negated or last in ("data", "info", "type1"):
            found.append(name)
    return found


def malformed_mutations(of: GraphQLSchema) -> list[str]:
    """`verbNoun(input: VerbNounInput!): VerbNounPayload!` with `errors: [VerbNounError!]!` and `clientMutationId`."""
    found = []
    assert of.mutation_type is not None
    for name, field in of.mutation_type.fields.items():
        pascal = name[0].upper() + name[1:]
        payload, input_ = get_named_type(field.type), field.args.get("input")
        inputs = {} if input_ is None else get_named_type(input_.type).fields
        errors = _members(of.type_map.get(f"{pascal}Error"))
        wanted = {
            "a verb first": re.match(rf"({VERBS})([A-Z]|$)", name),
            "one input": list(field.args) == ["input"] and str(field.args["input"].type) == f"{pascal}Input!",
            "a payload": str(field.type) == f"{pascal}Payload!",
            "errors": str(getattr(payload.fields.get("errors"), "type", "")) == f"[{pascal}Error!]!",
            "errors that are UserErrors": all("UserError" in [each.name for each in member.interfaces] for member in errors),
            "clientMutationId": "clientMutationId" in payload.fields and "clientMutationId" in inputs,
            "expectedVersion": "expectedVersion" in inputs or not name.startswith("update"),
        }
        found += [f"{name} lacks {what}" for what, is_there in wanted.items() if not is_there]
    return found


def _members(type_: Any) -> list[Any]:
    return list(type_.types) if isinstance(type_, GraphQLUnionType) else []


PAGE_ARGUMENTS = {"first": "Int", "after": "String", "last": "Int", "before": "String"}


def malformed_connections(of: GraphQLSchema) -> list[str]:
    """Relay's connections: edges of cursor and node, pageInfo, our `nodes` and `totalCount`, and the four arguments."""
    found = []
    for type_ in objects(of):
        if type_.name.endswith("Connection"):
            base = type_.name.removesuffix("Connection")
            edge = getattr(of.type_map.get(f"{base}Edge"), "fields", {})
            shape = {name: str(field.type) for name, field in type_.fields.items()}
            if shape != {"edges": f"[{base}Edge!]!", "nodes": f"[{base}!]!", "pageInfo": "PageInfo!", "totalCount": "Int!"}:
                found.append(f"{type_.name}: {shape}")
            if {name: str(field.type) for name, field in edge.items()} != {"cursor": "String!", "node": f"{base}!"}:
                found.append(f"{base}Edge")
        for name, field in type_.fields.items():
            given = {each: str(argument.type) for each, argument in field.args.items() if each in PAGE_ARGUMENTS}
            is_connection = get_named_type(field.type).name.endswith("Connection")
            if given != PAGE_ARGUMENTS if is_connection else {"first", "last"} & set(given):
                found.append(f"{type_.name}.{name}: {given}")
    return found


COMPUTED = {
    "DownloaderSettings.rootFolders": "a downloader has a handful, and says them itself",
    "DownloaderItems.items": "a page of at most 200",
    "DownloaderItem.ids": "one of each catalogue",
    "DownloaderComparison.differences": "a page of at most 200",
    "DownloaderComparison.counts": "one of each kind",
    "DownloaderDifference.theirIds": "one of each catalogue",
    "DownloaderDifference.ourIds": "one of each catalogue",
    "BulkRow.errors": "an edit has at most a hundred fields",
    "BulkRow.fields": "an edit has at most a hundred fields",
    "IdentificationCandidate.reasons": "there are five kinds of them",
    "IdentificationCandidates.candidates": "the ten likeliest",
    "IdentificationCandidates.failures": "there are as many as providers",
    "KindCompleteness.missing": "there are thirteen facts",
    "ProviderSearch.candidates": "a provider answers with one page",
    "ProviderSearch.failures": "there are as many as providers",
    "PublishPlan.files": "an NFO and at most ten pictures of a type, for each copy",
    "SearchHit.highlights": "a thing has at most three names",
    "SearchHighlight.fragments": "a query has at most twelve words",
    "EnrichmentPreview.fields": "a thing has some forty fields",
    "EnrichmentPreview.providers": "there are as many as providers",
    "PlayerProfiles.profiles": "a household has a few people",
    "PlayerSections.sections": "a player has a few libraries",
    "PlayerSection.folders": "a library has a few folders",
    "PlayerFolder.libraries": "there are as many as libraries of ours",
    "PathMappingTest.steps": "there are at most a hundred rules",
    "FieldProvenance.words": "there are as many as sources",
}
"""Lists made in Python, with what bounds them."""


def unbounded(of: GraphQLSchema) -> list[str]:
    """A list of things that grow in number is a connection, or declares how many it has at most."""
    found = []
    for type_ in objects(of):
        if type_.name.endswith(("Connection", "Payload")) or type_ in (of.query_type, of.mutation_type):
            continue
        for name, field in type_.fields.items():
            if not (is_list_type(get_nullable_type(field.type)) and is_composite_type(get_named_type(field.type))):
                continue
            spec = getattr(field.extensions["strawberry-definition"], "spec", None)
            is_bounded = isinstance(spec, Children) and spec.limit is not None
            if not is_bounded and f"{type_.name}.{name}" not in COMPUTED:
                found.append(f"{type_.name}.{name}")
    return found


def unguarded(of: GraphQLSchema) -> list[str]:
    """Every root field declares its permission, exactly one."""
    return [
        f"{type_}.{name}"
        for type_, fields in roots(of).items()
        for name, field in fields.items()
        if len([each for each in field.extensions["strawberry-definition"].extensions if isinstance(each, Needs)]) != 1
    ]


def brittle(of: GraphQLSchema) -> list[str]:
    """Root query fields are nullable (one that fails leaves the others), list elements are not (but of `nodes`)."""
    assert of.query_type is not None
    found = [f"Query.{name}" for name, field in of.query_type.fields.items() if is_non_null_type(field.type)]
    for type_ in types(of):
        for name, field in getattr(type_, "fields", {}).items():
            listed = get_nullable_type(field.type)
            if is_list_type(listed) and not is_non_null_type(listed.of_type) and f"{type_.name}.{name}" != "Query.nodes":
                found.append(f"{type_.name}.{name}")
    return found


def amounts(of: GraphQLSchema) -> list[str]:
    """Money and ratings are never Float without a unit in the description."""
    return [
        name
        for name, part in parts(of)
        if getattr(part, "type", None) is not None
        and get_named_type(part.type).name == "Float"
        and not re.search(r"\d|unit|second|fraction|percent|dollar|per ", part.description or "")
    ]


def unfinished_deprecations(of: GraphQLSchema) -> list[str]:
    """`Use X. Removed after DATE.`"""
    reasons = ((name, getattr(part, "deprecation_reason", None)) for name, part in parts(of))
    return [
        name
        for name, reason in reasons
        if reason is not None and not re.fullmatch(r"Use .+\. Removed after \d{4}-\d\d-\d\d\.", reason)
    ]


RULES: list[Callable[[GraphQLSchema], list[str]]] = [
    undescribed, misnamed, malformed_mutations, malformed_connections, unbounded, unguarded, brittle, amounts,
    unfinished_deprecations,
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_schema_keeps_the_rule(rule: Callable[[GraphQLSchema], list[str]]) -> None:
    assert rule(schema()) == []


def planted() -> GraphQLSchema:
    """A schema that breaks every rule which can be broken in SDL."""
    return build_schema("""
        "A" type Query { "B" a: Int!  "C" bs(first: Int): [B]  "D" notGood: Boolean  "E" rating: Float }
        "F" type Mutation { "G" things(id: ID): Int }
        type B_C { "H" x: Int @deprecated(reason: "Old.") }
        "I" enum E { low }
        "J" type B { "K" data: Int }
        "L" type BConnection { "M" nodes: [B!]! }
    """)


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (undescribed, ["Query.bs(first)", "Mutation.things(id)", "B_C", "E.low"]),
        (misnamed, ["Query.notGood", "B_C", "E.low", "B.data"]),
        (malformed_connections, ["Query.bs: {'first': 'Int'}", "BConnection: {'nodes': '[B!]!'}", "BEdge"]),
        (brittle, ["Query.a", "Query.bs"]),
        (amounts, ["Query.rating"]),
        (unfinished_deprecations, ["B_C.x"]),
    ],
)
def test_a_broken_rule_is_found(rule: Callable[[GraphQLSchema], list[str]], found: list[str]) -> None:
    assert sorted(rule(planted())) == sorted(found)


def test_a_mutation_of_another_shape_is_found() -> None:
    mutation = "type Mutation { things(id: ID): Payload } type Payload { x: Int } type Query { a: Int }"
    lacking = [line.removeprefix("things lacks ") for line in malformed_mutations(build_schema(mutation))]
    assert lacking == ["a verb first", "one input", "a payload", "errors", "clientMutationId"]


def test_the_committed_schema_is_current() -> None:
    assert SDL.exists(), "run `make sdl`"
    assert SDL.read_text(encoding="utf-8") == ours(), "run `make sdl` and commit api/schema.graphql"


def test_permissions_are_a_closed_set() -> None:
    declared = {
        each.permission
        for fields in roots(schema()).values()
        for field in fields.values()
        for each in field.extensions["strawberry-definition"].extensions
        if isinstance(each, Needs)
    }
    assert declared <= set(Permission)
    assert {Permission.ANYONE, Permission.READ, Permission.WRITE, Permission.ADMIN} <= declared


def test_inputs_are_inputs() -> None:
    """An input of a mutation belongs to it alone, so that it can grow by itself."""
    named = [get_named_type(field.args["input"].type).name for field in roots(schema())["Mutation"].values()]
    assert len(named) == len(set(named))
    assert all(isinstance(schema().type_map[name], GraphQLInputObjectType) for name in named)
