"""What a person does on the page, and where things stand on it."""

import asyncio
import contextlib
import json
import time
from typing import Any

from playwright.async_api import Error, Page

from tests.factories import accounts
from tests.playground.browser import PATIENCE_S

NAME = "marquee.lan"
EDITOR = "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror"
ANSWER = "document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue()"
NOTICE = "document.getElementById('notice').textContent"


async def until(page: Page, script: str) -> Any:
    """Wait until the expression is true, and return it.

    Playwright's own `wait_for_function` makes a function of the text within the page, which the page's policy forbids.
    """
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with contextlib.suppress(Error):  # the page may be just loading
            if value := await page.evaluate(script):
                return value
        await asyncio.sleep(0.05)
    raise AssertionError(f"{script} was not true in {PATIENCE_S:.0f} s; the page shows: {await page.inner_text('body')}")


async def go(page: Page, address: str) -> None:
    """Open an address and wait for what it shows first."""
    await page.goto("about:blank")
    await page.goto(address)
    await until(page, "document.querySelector('#welcome:not([hidden]), .graphiql-execute-button') !== null")


async def sign_in(page: Page, password: str = accounts.PASSWORD) -> None:
    await page.fill("#sign-in-name", "anna")
    await page.fill("#sign-in-password", password)
    await page.keyboard.press("Enter")


async def inside(page: Page) -> None:
    """Wait for GraphiQL with the schema read."""
    await until(page, "document.querySelector('.graphiql-execute-button') !== null")
    await until(page, "document.querySelector('.graphiql-query-editor .CodeMirror')?.CodeMirror.options.lint.schema != null")


async def ask(page: Page, document: str) -> None:
    """Write an operation into the editor and run it at once."""
    await page.evaluate(f"{EDITOR}.setValue({json.dumps(document)})")
    await page.click(".graphiql-execute-button")


def errors(form: str) -> str:
    return f"[...document.querySelectorAll('#{form} .error')].map((each) => [each.id, each.textContent]).join('; ')"
