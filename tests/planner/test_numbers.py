"""What the planner did stands in /metrics: positions planned, and those left to the plain resolvers with the reason."""

import pytest

from api.kit.planner import Planner
from api.kit.planner.selection import Unsupported
from tests.api.conftest import Client, House, client, empty_house, house, settings

__all__ = ["client", "empty_house", "house", "settings"]

TITLES = "{ movies { nodes { title } } }"


async def test_planned_positions_are_counted_and_none_falls_back(client: Client) -> None:
    await client.data(TITLES)
    await client.data(TITLES)
    text = (await client.http.get("/metrics")).text
    assert 'marquee_planner_positions_total{how="planned"} 2.0' in text
    assert 'marquee_planner_positions_total{how="fallback"} 0.0' in text
    assert "marquee_planner_plans_total 1.0" in text
    assert "marquee_planner_fallbacks_total{" not in text


async def test_a_fallback_is_counted_with_its_reason(client: Client, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Unsupported("a directive of its own")

    monkeypatch.setattr(Planner, "finish", refuse)
    data = await client.data(TITLES)
    assert [each["title"] for each in data["movies"]["nodes"]] == ["Alien", "Brazil", "Paddington"]
    text = (await client.http.get("/metrics")).text
    assert 'marquee_planner_positions_total{how="fallback"} 1.0' in text
    assert 'marquee_planner_fallbacks_total{reason="a directive of its own"} 1.0' in text
