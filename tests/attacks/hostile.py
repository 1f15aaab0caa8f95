"""Documents and bodies that mean harm: each as small as it does its work, or as large as the server takes."""

import gzip
import json
from typing import Any, Final

LOGIN: Final = 'login(input: {username: "anna", password: "wrong"}) { errors { __typename } }'
MIB: Final = 1024 * 1024
WIDE: Final = 900_000


def doubling(levels: int) -> str:
    inner = "".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }} " for n in range(levels))
    return f"{{ ...F0 }} {inner} fragment F{levels} on Query {{ __typename }}"


def many(count: int, text: str, between: str = " ") -> str:
    return between.join(text.replace("#", str(number)) for number in range(count))


DOCUMENTS: Final[dict[str, str]] = {
    # fragments
    "doubling fragments": doubling(22),
    "fragments that double 190 times": doubling(190),
    "a fragment of itself": "{ ...A } fragment A on Query { ...A }",
    "a cycle of fragments": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    "a cycle of 120 fragments": "{ ...F0 } " + many(120, "fragment F# on Query { ...G# } fragment G# on Query { ...F# }"),
    "150 fragments of one field": "{ " + many(150, "...F#") + " } "
    + many(150, "fragment F# on Query { movies { totalCount } }"),
    "unused fragments": "{ __typename } " + many(280, "fragment F# on Query { __typename }"),
    "unknown fragments": "{ " + many(900, "...F#") + " }",
    "fragments on unknown types": "{ __typename " + many(290, "... on Movi# { id }") + " }",
    "nested inline fragments": "{ " + "... on Query { " * 700 + "__typename" + " }" * 700 + " }",
    # width and depth
    "1,000 aliased logins": "mutation { " + many(1000, f"a#: {LOGIN}") + " }",
    "90 aliased logins": "mutation { " + many(90, f"a#: {LOGIN}") + " }",
    "600 aliases": "{ viewer { " + many(600, "a#: username") + " } }",
    "a field 1,990 times": "{ " + "__typename " * 1990 + "}",
    "too many tokens": "{ " + "__typename " * 40_000 + "}",
    "deep braces": "{ " + "a{" * 1400 + "a" + "}" * 1400 + " }",
    "very deep braces": "{ " + "a{" * 100_000,
    "deep lists": "{ movies(first: " + "[" * 1400 + "]" * 1400 + ") { totalCount } }",
    "deep inputs": "{ mediaItems(where: " + "{not: " * 700 + "{}" + "}" * 700 + ") { totalCount } }",
    "deep types of variables": "query A($a: " + "[" * 1400 + "Int" + "]" * 1400 + ") { __typename }",
    "a filter 18 deep, 19 times": "{ "
    + many(19, "a#: mediaItems(where: " + "{and: [" * 9 + "{}" + "]}" * 9 + ") { totalCount }") + " }",
    "a wide list": "{ nodes(ids: [" + '"itm_1" ' * 1980 + "]) { id } }",
    "many directives": "{ __typename " + "@skip(if: false) " * 280 + "}",
    "unknown directives": "{ __typename " + many(900, "@d#") + " }",
    "many arguments": "{ movies(" + many(660, "first: #") + ") { totalCount } }",
    "many variables": "query A(" + many(490, "$v#: Int") + ") { __typename }",
    "many operations": many(390, "query Q# { __typename }"),
    "many nameless operations": "{ __typename } " * 660,
    "overlapping fields": "{ " + "movies { nodes { title } } " * 280 + "}",
    "overlapping fields that differ": "{ viewer { " + many(60, "a: username b: displayName a: email") + " } }",
    "overlapping fragments": "{ movies { nodes { ...A ...B } } } fragment A on Movie { " + "parent { id title } " * 150
    + "} fragment B on Movie { " + "parent { title id } " * 150 + "}",
    "a field 240 times in a place": "{ mediaItems { nodes { parent { " + "parent { id } " * 240 + "} } } }",
    "130 fragments of the same fields": "{ mediaItems { nodes { " + many(130, "...F#") + " } } } "
    + many(130, "fragment F# on Movie { id title parent { id } }"),
    "operations that share fragments": 'query Z { node(id: "itm_9") { id } } '
    + many(18, "query Q# { ...F } ") + "fragment F on Query { " + many(65, "...F#") + " } "
    + many(65, "fragment F# on Query { __typename serverInfo { version } serverInfo { isSetUp } }"),
    "operations that share variables": 'query Z { node(id: "itm_9") { id } } '
    + many(18, "query Q#($a: ID!) { ...F0 } ") + "fragment F0 on Query { " + many(140, "a#: node(id: $a) { id }") + " }",
    "many operations, one of them chosen": 'query Z { node(id: "itm_9") { id } } ' + many(380, "query Q# { __typename }"),
    "a page of pages": "{ mediaItems(first: 500) { nodes { children(first: 500) { nodes { id } } } } }",
    # introspection
    "circular introspection": "{ __schema { types { " + "fields { type { " * 8 + "name" + " } }" * 8 + " } } }",
    "introspection 19 times": "{ " + many(19, "a#: __schema { types { name } }") + " }",
    "introspection in fragments": "{ ...A ...B } fragment A on Query { __schema { types { name } } } "
    "fragment B on Query { __type(name: \"Query\") { name } }",
    # texts and numbers
    "a string of a megabyte": '{ node(id: "' + "x" * WIDE + '") { id } nothing }',
    "a block string of a megabyte": '{ node(id: """' + " x\n" * 300_000 + '""") { id } nothing }',
    "a block string of quotes": '{ node(id: """' + '\\"""' * 200_000 + '""") { id } nothing }',
    "half a megabyte of escapes": '{ node(id: "' + "\\u0041" * 80_000 + '") { id } nothing }',
    "a lone surrogate": '{ node(id: "\\ud83d") { id } }',
    "braced escapes": '{ node(id: "\\u{110000}") { id } }',
    "a string that does not end": '{ node(id: "' + "x" * 1000,
    "a name of a megabyte": "{ " + "x" * WIDE + " }",
    "a comment of a megabyte": "#" * WIDE + "\n{ nothing }",
    "a megabyte of comments": "#\n" * 450_000 + "{ nothing }",
    "a megabyte of commas": "," * WIDE + "{ nothing }",
    "a number of 5,000 digits": f"{{ mediaItems(first: {'9' * 5000}) {{ totalCount }} }}",
    "a number of 900,000 digits": f"{{ mediaItems(first: {'9' * WIDE}) {{ totalCount }} }}",
    "a fraction without end": f"{{ mediaItems(first: 1.{'9' * 5000}e999999999) {{ totalCount }} }}",
    "an infinite number": "{ mediaItems(where: {year: {gte: 1e400}}) { totalCount } }",
    "NUL": "{ \0 }",
    "control characters": "{ a\x07b }",
    "a byte order mark within": "{ nothing \ufeff }\u2028",
    "letters of other alphabets": "{ \u0442\u0456\u0442\u043b\u0435 }",
    # mistakes
    "misspelt fields": "{ viewer { " + many(900, "usernam#") + " } }",
    "misspelt arguments": "{ movies(" + many(600, "firs#: 1") + ") { totalCount } }",
    "misspelt enum values": "{ jobs(statuses: [" + many(1400, "RUNNIN#") + "]) { totalCount } }",
    "misspelt inputs": "{ mediaItems(where: {" + many(655, "titel#: 1") + "}) { totalCount } }",
    "unknown types of variables": "query A(" + many(490, "$v#: Strin#") + ") { __typename }",
    "wrong types": "{ mediaItems(first: {a: [[1]]}, where: [[{}]], after: 5, orderBy: \"x\") { totalCount } }",
    "definitions of types": many(280, "type A# { a: Int }"),
    "a description before nothing": '"""' + "x" * 100_000 + '""" { nothing }',
    "several subscriptions in one": "subscription { " + many(19, "a#: jobProgressed { __typename }") + " }",
    "nothing": " ",
    "only a fragment": "fragment A on Query { __typename }",
}  # fmt: skip
ANSWERED: Final = {"a filter 18 deep, 19 times", "a wide list", "operations that share variables"}
"""Of these, valid as documents: answered with 200, their fields refused or harmless."""
CHOSEN: Final = "Z"
"""The operation to run of those documents that have one of this name."""


def chosen(text: str) -> str | None:
    return CHOSEN if text.startswith(f"query {CHOSEN} ") else None


def body(query: str, **more: Any) -> bytes:
    return json.dumps({"query": query, **more}).encode()


_WHERE: Final = "query($where: MediaItemWhere) { mediaItems(where: $where) { totalCount } }"
_NODE: Final = "query($id: ID!) { node(id: $id) { id } }"
_NODES: Final = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
_FIRST: Final = "query($n: Int) { movies(first: $n) { totalCount } }"


def with_hash(given: Any) -> bytes:
    return body("{ __typename }", extensions={"persistedQuery": {"version": 1, "sha256Hash": given}})


def with_variables(query: str, text: str) -> bytes:
    return f'{{"query": {json.dumps(query)}, "variables": {text}}}'.encode()


BODIES: Final[dict[str, tuple[bytes, int]]] = {
    "deep lists": (b"[" * 500_000, 400),
    "deep objects": (b'{"query":' * 100_000, 400),
    "deep lists that end": (b"[" * 100_000 + b"]" * 100_000, 400),
    "deep variables": (with_variables(_WHERE, '{"where": ' + '{"not": ' * 1500 + "{}" + "}" * 1501), 400),
    "a filter 200 deep": (with_variables(_WHERE, '{"where": ' + '{"not": ' * 200 + "{}" + "}" * 201), 200),
    "100,000 empty objects": (with_variables(_WHERE, '{"where": {"or": [' + "{}," * 100_000 + "{}]}}"), 400),
    "100,000 variables": (with_variables(_FIRST, "{" + ",".join(f'"v{n}": 1' for n in range(60_000)) + "}"), 400),
    "4,900 wrong values": (with_variables(_NODES, '{"ids": [' + "{}," * 4900 + "{}]}"), 400),
    "4,900 wrong members": (with_variables(_WHERE, '{"where": {' + ",".join(f'"a{n}": 1' for n in range(4900)) + "}}"), 400),
    "a text of a megabyte": (with_variables(_FIRST, '{"n": "' + "x" * WIDE + '"}'), 400),
    "a number of 5,000 digits": (with_variables(_FIRST, '{"n": ' + "9" * 5000 + "}"), 400),
    "an infinite number": (with_variables(_FIRST, '{"n": 1e400}'), 400),
    "no number": (with_variables(_FIRST, '{"n": NaN}'), 400),
    "a number beyond 64 bits": (with_variables(_FIRST, '{"n": 18446744073709551616}'), 400),
    "a fraction": (with_variables(_FIRST, '{"n": 1.5}'), 400),
    "wrong types": (with_variables(_FIRST, '{"n": [[{"a": []}]]}'), 400),
    "a lone surrogate": (with_variables(_NODE, '{"id": "\\ud800"}'), 400),
    "a lone surrogate in the document": (b'{"query": "{ node(id: \\"\\udfff\\") { id } }"}', 400),
    "a lone surrogate in a name": (b'{"query": "{ __typename }", "operationName": "\\ud800"}', 400),
    "bad UTF-8": (b'{"query": "{ __typename } #\xff\xfe"}', 400),
    "overlong UTF-8": (b'{"query": "{ __typename } #\xc0\x80"}', 400),
    "UTF-16": ('{"query": "{ __typename }"}'.encode("utf-16"), 400),
    "packed": (gzip.compress(body("{ __typename }")), 400),
    "NUL": (b"\0" * 1000, 400),
    "no end": (b'{"query": "{ __type', 400),
    "something behind the end": (b'{"query": "{ __typename }"} {}', 400),
    "a comma too much": (b'{"query": "{ __typename }",}', 400),
    "single quotes": (b"{'query': '{ __typename }'}", 400),
    "a batch of a thousand": (b"[" + b",".join([body("{ __typename }")] * 1000) + b"]", 400),
    "a query that is a list": (b'{"query": ["{ __typename }"]}', 400),
    "variables that are a list": (b'{"query": "{ __typename }", "variables": []}', 400),
    "an operation of half a megabyte": (body("{ __typename }", operationName="x" * 500_000), 400),
    "a hash that is an object": (with_hash({}), 400),
    "a hash of half a megabyte": (with_hash("0" * 500_000), 400),
    "an id of half a megabyte": (json.dumps({"documentId": "x" * 500_000}).encode(), 400),
    "an id with NUL": (b'{"documentId": "a\\u0000b"}', 400),
    "too much": (b" " * (MIB + 1), 413),
    "nothing": (b"", 400),
    "a query twice": (b'{"query": "{ nothing }", "query": "{ nobody }"}', 400),
    "the same key 50,000 times": (b"{" + b",".join([b'"query": "{ nothing }"'] * 40_000) + b"}", 400),
}  # fmt: skip
"""(body, status that it deserves)."""
