"""Every setting stands in docs/operations.md, and nothing stands there that is no setting."""

import re

from domain.settings import Settings
from tests.rules.sources import ROOT


def variables() -> set[str]:
    """Environment variables that the server reads."""
    prefix = Settings.model_config["env_prefix"]
    return {str(field.validation_alias or f"{prefix}{name}".upper()) for name, field in Settings.model_fields.items()}


def documented(text: str) -> set[str]:
    """Variables in the first column of a table's rows."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `") and line.count("|") >= 4]
    return {name for row in rows for name in re.findall(r"`([A-Z][A-Z_]+)`", row)}


def test_every_setting_is_documented() -> None:
    assert documented((ROOT / "docs" / "operations.md").read_text(encoding="utf-8")) == variables()


def test_variables_are_read_from_tables_only() -> None:
    assert documented("Set `MARQUEE_X`.\n| `MARQUEE_A`, `MARQUEE_B` | 1 | by `MARQUEE_C` |\n") == {"MARQUEE_A", "MARQUEE_B"}
    assert {"DATABASE_URL", "MARQUEE_PORT"} <= variables()
