"""GraphiQL in a real Chromium: operations, subscriptions, tokens, panes."""

import json
from datetime import datetime, timedelta

import pytest
from playwright.async_api import Page

from api.playground.examples import examples
from domain.accounts.tables import User
from domain.kit.secrets import is_token
from tests.playground.steps import ANSWER, EDITOR, ask, errors, inside, sign_in, until

pytestmark = pytest.mark.slow


async def test_queries_and_subscriptions_run_as_the_signed_in_user(anna: User, page: Page) -> None:
    await sign_in(page)
    await inside(page)
    await ask(page, "{ viewer { username } }")
    answer = json.loads(await until(page, ANSWER))
    assert answer["data"] == {"viewer": {"username": "anna"}}
    await ask(page, "subscription Jobs { jobProgressed { __typename } }")
    await until(page, f"{ANSWER}.includes('Subscribed')")
    assert json.loads(await page.evaluate(ANSWER))["data"] == {"jobProgressed": {"__typename": "Subscribed"}}


async def test_pointing_at_a_word_of_the_answer_shows_no_empty_box(anna: User, page: Page) -> None:
    await sign_in(page)
    await inside(page)
    await ask(page, "{ viewer { username } }")
    word = "[...document.querySelectorAll('.result-window .cm-string')].find((each) => each.textContent === '\"anna\"')"
    await until(page, f"{word} !== undefined")
    box = await page.evaluate(f"{word}.getBoundingClientRect().toJSON()")
    for step in (4, 8):
        await page.mouse.move(box["x"] + step, box["y"] + box["height"] / 2)
    await until(page, "document.querySelector('.CodeMirror-info') !== null")
    assert await page.evaluate("document.querySelector('.CodeMirror-info').checkVisibility()") is False


async def test_a_server_that_went_away_is_said_in_the_answer(anna: User, page: Page, address: str, complaints: list[str]) -> None:
    await sign_in(page)
    await inside(page)
    await page.route("**/graphql", lambda route: route.abort("connectionrefused"))
    await ask(page, "{ viewer { username } }")
    answer = json.loads(await until(page, ANSWER))
    message = "No answer came. Is the server running, and is this device on its network?"
    assert answer == {"errors": [{"message": message}]}
    assert complaints == [f"Failed to load resource: net::ERR_CONNECTION_REFUSED {address}graphql"]
    complaints.clear()


async def test_a_token_in_the_headers_counts_for_subscriptions_too(anna: User, page: Page) -> None:
    await sign_in(page)
    await inside(page)
    await page.click("[data-name=headers]")
    await page.evaluate(
        'document.querySelectorAll(\'.graphiql-editor-tool .CodeMirror\')[1].CodeMirror.setValue(`{"Authorization": "Bearer x"}`)'
    )
    await ask(page, "subscription Jobs { jobProgressed { __typename } }")
    await until(page, f"{ANSWER}.includes('errors')")
    assert json.loads(await page.evaluate(ANSWER))["errors"][0]["message"].startswith("The server refused: the token is wrong")


async def test_an_ended_session_leads_back_to_signing_in(anna: User, page: Page) -> None:
    await sign_in(page)
    await inside(page)
    await page.context.clear_cookies()
    await ask(page, "{ viewer { username } }")
    await until(page, "document.getElementById('sign-in')?.hidden === false")


async def test_a_token_is_shown_once(anna: User, page: Page) -> None:
    await sign_in(page)
    await inside(page)
    await page.click("#new-token")
    await until(page, "document.activeElement.id === 'token-name'")
    await page.click("#token [value=READ]")
    await page.fill("#token-name", "Kitchen tablet")
    await page.keyboard.press("Enter")
    assert await until(page, errors("token-form")) == "token-scopes-error,Choose at least one thing."
    await page.click("#token [value=WRITE]")
    await page.evaluate("document.getElementById('token-life').value = '30'")
    await page.click("#token-form .primary")
    await until(page, "!document.getElementById('token-made').hidden")
    token = await page.evaluate("document.getElementById('token-text').value")
    assert is_token(token)
    assert token in await page.evaluate("document.getElementById('token-try').value")
    await page.click("[data-copies=token-text]")
    await until(page, "document.querySelector('[data-copies=token-text]').textContent === 'Copied'")
    assert await pasted(page) == token

    await page.click("#token-made .close")
    await until(page, "!document.getElementById('token').open")
    values = "[...document.querySelectorAll('#token input, #token textarea')].map((each) => each.value).join()"
    await until(page, f"!{values}.includes({json.dumps(token)})")
    await ask(page, "{ viewer { tokens { nodes { name hint scopes createdAt expiresAt } } } }")
    [made] = json.loads(await until(page, ANSWER))["data"]["viewer"]["tokens"]["nodes"]
    assert (made["name"], made["hint"], made["scopes"]) == ("Kitchen tablet", token[-4:], ["WRITE"])
    life = datetime.fromisoformat(made["expiresAt"]) - datetime.fromisoformat(made["createdAt"])
    assert timedelta(days=30) - timedelta(minutes=1) < life < timedelta(days=30, minutes=1)


async def pasted(page: Page) -> str:
    """What the clipboard holds, pasted into a field of its own."""
    await page.evaluate(
        "document.getElementById('token').append(Object.assign(document.createElement('input'), {id: 'scratch'}))"
    )
    await page.fill("#scratch", "")
    await page.keyboard.press("Control+V")
    found = await until(page, "document.getElementById('scratch').value")
    await page.evaluate("document.getElementById('scratch').remove()")
    return str(found)


async def test_every_pane_opens_and_examples_open_in_tabs(anna: User, page: Page) -> None:
    await sign_in(page)
    await inside(page)
    for pane in ("Documentation Explorer", "History", "GraphiQL Explorer", "Examples"):
        await page.click(f"[aria-label='Show {pane}']")
        await until(page, f"document.querySelector(\"[aria-label='Hide {pane}']\") !== null")
    for dialog in ("short keys", "settings"):
        await page.click(f"[aria-label='Open {dialog} dialog']")
        await page.click(".graphiql-dialog-close")
        await until(page, "document.querySelector('.graphiql-dialog') === null")
    last, row = len(examples()), f".examples [data-example={examples()[-1].name}]"
    await page.click(row)
    await until(page, f"{EDITOR}.getValue() === {json.dumps(examples()[-1].document)}")
    assert await page.evaluate("document.querySelectorAll('.graphiql-tab').length") == last
    await page.evaluate(f"{EDITOR}.setValue('query Mine {{ __typename }}')")
    await until(page, "localStorage.getItem('marquee:usr_1:graphiql:tabState')?.includes('query Mine')")
    await page.click(row)
    await until(page, f"document.querySelectorAll('.graphiql-tab').length === {last + 1}")
    await until(page, f"{EDITOR}.getValue() === {json.dumps(examples()[-1].document)}")


async def test_on_a_phone_a_pane_covers_the_editor_and_an_example_closes_it(anna: User, phone: Page) -> None:
    await sign_in(phone)
    await inside(phone)
    height = "document.querySelector('.graphiql-plugin').getBoundingClientRect().height"
    for example in (examples()[3], examples()[0]):
        await phone.click("[aria-label='Show Examples']")
        await until(phone, f"{height} > 600")
        assert await phone.evaluate("document.querySelector('.graphiql-execute-button').getBoundingClientRect().right") < 0
        await phone.click(f".examples [data-example={example.name}]")
        await until(phone, f"{EDITOR}.getValue() === {json.dumps(example.document)} && {height} === 0")
        assert await phone.evaluate("document.querySelector('.graphiql-execute-button').getBoundingClientRect().right") > 300
    assert await phone.evaluate("document.documentElement.scrollWidth") == 360
