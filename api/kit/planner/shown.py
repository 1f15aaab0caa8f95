"""Conversions of a column that both back ends know: one in Python, the other in SQL."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prefixed:
    """`column(t.Asset.token, as_=Prefixed("/images/"))`: the text with something before it."""

    prefix: str

    def __call__(self, value: str) -> str:
        return self.prefix + value
