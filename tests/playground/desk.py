"""A newcomer at the playground: opens examples, changes their variables, runs them, reads what comes and what is documented."""

import json
import re
from typing import Any

from graphql import OperationDefinitionNode, parse
from playwright.async_api import Page

from tests.playground.steps import ANSWER, EDITOR, inside, until

_RESULT = "document.querySelector('.result-window .CodeMirror').CodeMirror"
_VARIABLES = "document.querySelectorAll('.graphiql-editor-tool .CodeMirror')[0].CodeMirror"
_RUN = ".graphiql-execute-button"
_IS_RUNNING = "document.querySelector('.graphiql-execute-button').getAttribute('aria-label').startsWith('Stop')"
_HAS_MENU = "document.querySelector('.graphiql-execute-button').getAttribute('aria-haspopup') === 'menu'"


class Desk:
    """The page of somebody who is signed in. What it does is what a mouse and a keyboard can do there."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def sign_in(self, username: str, password: str) -> None:
        """From the form to GraphiQL with its schema."""
        await self.page.fill("#sign-in-name", username)
        await self.page.fill("#sign-in-password", password)
        await self.page.click("#sign-in .primary")
        await inside(self.page)

    async def sign_out(self) -> None:
        await self.page.click("#sign-out")
        await until(self.page, "document.getElementById('sign-in')?.hidden === false")

    async def example(self, title: str) -> None:
        """Choose an example in its pane, and wait until it stands in the editor."""
        await self.press_text(".examples button", title)
        await until(self.page, f"{EDITOR}.getValue().startsWith({json.dumps('# ' + title)})")

    async def fill_in(self, **values: Any) -> None:
        """Change some of the variables that the tab holds."""
        text = await self.page.evaluate(f"{_VARIABLES}.getValue()")
        held = json.loads(text or "{}")
        assert set(values) <= set(held), f"the example has no variables {set(values) - set(held)}"
        await self.page.evaluate(f"{_VARIABLES}.setValue({json.dumps(json.dumps(held | values, indent=2, ensure_ascii=False))})")

    async def write(self, document: str, **variables: Any) -> None:
        """Type an operation of one's own."""
        await self.page.evaluate(f"{EDITOR}.setValue({json.dumps(document)})")
        await self.page.evaluate(f"{_VARIABLES}.setValue({json.dumps(json.dumps(variables))})")

    async def run(self, name: str | None = None) -> Any:
        """Press run, choose the operation where the tab has several, and read the answer."""
        await self.start(name)
        answer = await until(self.page, f"!({_IS_RUNNING}) && {ANSWER}")
        return json.loads(answer)

    async def start(self, name: str | None = None) -> None:
        """The same without waiting for an answer."""
        if await self.page.evaluate(f"Boolean({ANSWER})"):
            await self.page.evaluate(f"{_RESULT}.setValue('')")
        has_choice = await self._has_choice()
        # GraphiQL looks a moment later at what stands in the editor.
        await until(self.page, f"({_HAS_MENU}) === {json.dumps(has_choice)}")
        await self.page.click(_RUN)
        if has_choice:
            assert name is not None
            await self.press_text("[role=menuitem]", name)
            await until(self.page, "document.querySelector('[role=menu]') === null")

    async def _has_choice(self) -> bool:
        document = parse(await self.page.evaluate(f"{EDITOR}.getValue()"))
        return len([each for each in document.definitions if isinstance(each, OperationDefinitionNode)]) > 1

    async def data(self, name: str | None = None) -> Any:
        """The first root field of an answer that has no errors at all."""
        answer = await self.run(name)
        assert "errors" not in answer, answer
        found = next(iter(answer["data"].values()))
        assert not (isinstance(found, dict) and found.get("errors")), found
        return found

    async def problem(self, name: str | None = None) -> str:
        """What the newcomer is told is wrong: the first error of the request or of the mutation."""
        answer = await self.run(name)
        errors = answer.get("errors") or next(iter(answer["data"].values()))["errors"]
        return str(errors[0]["message"])

    async def stop(self) -> None:
        """Press stop, and see the button wait for the next run."""
        await until(self.page, _IS_RUNNING)
        await self.page.click(_RUN)
        await until(self.page, f"!({_IS_RUNNING})")

    async def look_up(self, word: str, choice: str) -> str:
        """Search the documentation, choose one of what it offers, and read what it says."""
        await self.page.click("[aria-label='Show Documentation Explorer']")
        await self.page.fill(".graphiql-doc-explorer-search-input input", word)
        await self.press_text("[role=option]", choice)
        await until(
            self.page,
            f"document.querySelector('.graphiql-doc-explorer-title')?.textContent === {json.dumps(choice.split('.')[-1])}",
        )
        text = await self.page.evaluate("document.querySelector('.graphiql-doc-explorer').innerText")
        await self.page.click("[aria-label='Show Examples']")
        return str(text)

    async def press_text(self, selector: str, text: str) -> None:
        """Press the one of these that reads so."""
        await self.page.locator(selector, has_text=re.compile(rf"^\s*{re.escape(text)}\s*$")).click()
