"""Time limits for tests that hold what is answered, not how fast: a machine many times slower gives the same results."""

from typing import Any, Final

LONG_S: Final = 1500.0
"""What takes a minute of one core here: the demo household drawn, scanned and served."""

SETTINGS: Final[dict[str, Any]] = {
    "query_deadline_s": LONG_S,
    "mutation_deadline_s": LONG_S,
    "body_deadline_s": LONG_S,
    "queue_wait_s": LONG_S,
    "probe_timeout_s": 300.0,
    "lease_s": 600.0,
}
"""Settings that end or refuse work by the clock on the wall."""

ENVIRONMENT: Final = {f"MARQUEE_{name.upper()}": f"{value:g}" for name, value in SETTINGS.items()}
"""The same for a process of its own."""

STATEMENT_MS: Final = int(LONG_S * 1000)
"""For one statement on PostgreSQL."""
