"""Numbers for Prometheus: what the API counts, and what it looks up when it is asked."""

from collections.abc import Iterable
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

DURATION: Final = Histogram(
    "marquee_operation_duration_seconds",
    "Queries and mutations from the wish to run until their result is there, waiting for a place included.",
    ["kind"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
ERRORS: Final = Counter("marquee_errors", "Errors told to clients, by their code.", ["code"])
SHED: Final = Counter("marquee_shed", "Operations sent away because too many ran.")
DEADLINES: Final = Counter("marquee_deadlines", "Operations given up because they took too long.", ["kind"])


class _Present(Collector):
    """What the services of one application know of themselves."""

    def __init__(self, services: Any) -> None:
        self._services = services

    def collect(self) -> Iterable[Metric]:
        gate, planner = self._services.gate, self._services.planner
        yield GaugeMetricFamily("marquee_operations_in_flight", "Operations that run now.", value=gate.in_flight)
        yield GaugeMetricFamily("marquee_operations_waiting", "Operations that wait for a place.", value=gate.waiting)
        positions = CounterMetricFamily(
            "marquee_planner_positions", "Planned positions answered, by how (fallback: by the plain resolvers).", labels=["how"]
        )
        for how in ("planned", "fallback", "settled"):
            positions.add_metric([how], getattr(planner.counters, how))
        yield positions
        counters = planner.counters
        written = CounterMetricFamily(
            "marquee_planner_back_ends",
            "Planned positions, by what wrote their objects: json the database, rows we.",
            labels=["back_end"],
        )
        for name, count in (
            ("json", counters.json), ("both", counters.both), ("rows", counters.planned - counters.json - counters.both)
        ):  # fmt: skip
            written.add_metric([name], count)
        yield written
        reasons = CounterMetricFamily(
            "marquee_planner_fallbacks",
            "Positions left to the plain resolvers, by what the planner could not do.",
            labels=["reason"],
        )
        for reason, count in counters.reasons.items():
            reasons.add_metric([reason], count)
        yield reasons
        yield CounterMetricFamily("marquee_planner_plans", "Plans made.", value=planner.counters.compiled)


def exposition(services: Any) -> bytes:
    """Everything in Prometheus' text format."""
    own = CollectorRegistry()
    own.register(_Present(services))
    return generate_latest() + generate_latest(own)
