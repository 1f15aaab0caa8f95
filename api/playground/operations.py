"""The operations of the page itself, read out of its own files: a server that takes registered documents only knows them."""

import re
from functools import cache
from typing import Final

from api.playground.assets import FOLDER

_FILES: Final = ("main.js", "token.js")
_OPERATION: Final = re.compile(r'([`"])((?:query|mutation) [A-Z].*?)\1', re.DOTALL)
_ERRORS: Final = re.compile(r'export const ERRORS = "([^"]*)"')


@cache
def operations() -> tuple[str, ...]:
    """The texts that the page sends before and beside GraphiQL: setting up, signing in and out, making a token."""
    static = FOLDER / "static"
    errors = _ERRORS.search((static / "server.js").read_text(encoding="utf-8"))
    assert errors is not None
    found = [each for name in _FILES for each in _OPERATION.findall((static / name).read_text(encoding="utf-8"))]
    return tuple(text.replace("${ERRORS}", errors[1]) for _, text in found)
