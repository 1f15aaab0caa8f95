"""Documents are parsed and validated once, within bounds; wrong ones are never kept."""

import pytest
import strawberry.schema.schema as strawberry_schema

from api.kit.planner.documents import DocumentCache
from tests.planner.conftest import ADMIN, Lab
from tests.planner.schema import Context, make_schema


async def test_a_known_text_is_neither_parsed_nor_validated_again(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = DocumentCache()
    schema = make_schema(cache)
    done: list[str] = []
    for name in ("parse", "validate_document"):
        real = getattr(strawberry_schema, name)
        monkeypatch.setattr(
            strawberry_schema, name, lambda *a, _real=real, _name=name, **k: (done.append(_name), _real(*a, **k))[1]
        )
    for _ in range(3):
        result = await schema.execute("{ server { version } }", context_value=Context(ADMIN, lab.database, lab.planner))
        assert result.data == {"server": {"version": "1"}}
    assert done == ["parse", "validate_document"]
    assert (cache.hits, cache.misses, len(cache)) == (2, 1, 1)


@pytest.mark.parametrize("query", ["{ server { nope } }", "{ server", ""])
async def test_wrong_documents_are_not_kept(lab: Lab, query: str) -> None:
    cache = DocumentCache()
    schema = make_schema(cache)
    for _ in range(2):
        if query:
            result = await schema.execute(query, context_value=Context(ADMIN, lab.database, lab.planner))
            assert result.errors
    assert len(cache) == 0


def test_the_cache_is_bounded_by_count_and_bytes() -> None:
    from graphql import parse

    node = parse("{ a }")
    cache = DocumentCache(max_documents=3, max_bytes=20)
    for text in ("{ a }", "{ b }", "{ c }", "{ d }"):
        cache.put(text, node)
    assert [text for text in ("{ a }", "{ b }", "{ c }", "{ d }") if cache.get(text)] == ["{ b }", "{ c }", "{ d }"]
    cache.get("{ b }")
    cache.put("{ long }", node)
    assert len(cache) == 3
    assert cache.get("{ c }") is None
    assert cache.get("{ b }") is node
    cache.put("{ eleven }", node)
    assert [text for text in ("{ b }", "{ long }", "{ eleven }") if cache.get(text)] == ["{ b }", "{ eleven }"]
    cache.put("{ far too long for this }", node)
    assert cache.get("{ far too long for this }") is None
    assert len(cache) == 2
