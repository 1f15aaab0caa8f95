"""What the planner did since the start, told by /metrics."""

from dataclasses import dataclass, field

from api.kit.planner.rows.running import Plan


@dataclass(slots=True)
class Counters:
    """What happened since the start."""

    planned: int = 0
    """Positions answered by a plan."""
    json: int = 0
    """Of these, positions whose every object the database wrote as JSON."""
    both: int = 0
    """Of these, positions of which it wrote parts."""
    fallback: int = 0
    """Positions left to graphql-core."""
    reasons: dict[str, int] = field(default_factory=dict)
    """Why they were: words of the planner about the schema -> how often."""
    settled: int = 0
    """Planned positions that held an error."""
    compiled: int = 0
    """Plans made."""

    def count(self, plan: Plan) -> None:
        """Count a position answered by a plan."""
        self.planned += 1
        self.json += plan.way == "json"
        self.both += plan.way == "both"

    def fell_back(self, reason: str) -> None:
        """Count a position left to graphql-core."""
        self.fallback += 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1
