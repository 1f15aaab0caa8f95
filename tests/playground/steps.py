"""What a person does on the page, and where things stand on it."""

import json

from tests.factories import accounts
from tests.playground.browser import Page

NAME = "marquee.lan"
ENTER = 13
TAB = 9
EDITOR = "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror"
ANSWER = "document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue()"
NOTICE = "document.getElementById('notice').textContent"


async def go(page: Page, address: str) -> None:
    """Open an address and wait for what it shows first."""
    await page.send("Page.navigate", url="about:blank")
    await page.until("location.href === 'about:blank'")
    await page.send("Page.navigate", url=address)
    await page.until("document.querySelector('#welcome:not([hidden]), .graphiql-execute-button') !== null")


async def sign_in(page: Page, password: str = accounts.PASSWORD) -> None:
    await page.fill("#sign-in-name", "anna")
    await page.fill("#sign-in-password", password)
    await page.press("Enter", ENTER, "\r")


async def inside(page: Page) -> None:
    """Wait for GraphiQL with the schema read."""
    await page.until("document.querySelector('.graphiql-execute-button') !== null")
    await page.until("document.querySelector('.graphiql-query-editor .CodeMirror')?.CodeMirror.options.lint.schema != null")


async def ask(page: Page, document: str) -> None:
    """Write an operation into the editor and run it at once."""
    await page.run(f"{EDITOR}.setValue({json.dumps(document)})")
    await page.click(".graphiql-execute-button")


def errors(form: str) -> str:
    return f"[...document.querySelectorAll('#{form} .error')].map((each) => [each.id, each.textContent]).join('; ')"
