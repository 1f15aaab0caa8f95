"""GraphiQL in a real Chromium: operations, subscriptions, tokens, panes."""

import json
from datetime import datetime, timedelta

import pytest

from api.playground.examples import examples
from domain.accounts.tables import User
from domain.kit.secrets import is_token
from tests.playground.browser import Page
from tests.playground.steps import ANSWER, EDITOR, ENTER, ask, errors, inside, sign_in

pytestmark = pytest.mark.slow


async def test_queries_and_subscriptions_run_as_the_signed_in_user(anna: User, page: Page) -> None:
    await sign_in(page)
    await inside(page)
    await ask(page, "{ viewer { username } }")
    answer = json.loads(await page.until(ANSWER))
    assert answer["data"] == {"viewer": {"username": "anna"}}
    await ask(page, "subscription Jobs { jobProgressed { __typename } }")
    await page.until(f"{ANSWER}.includes('Subscribed')")
    assert json.loads(await page.run(ANSWER))["data"] == {"jobProgressed": {"__typename": "Subscribed"}}


async def test_a_token_in_the_headers_counts_for_subscriptions_too(anna: User, page: Page) -> None:
    await sign_in(page)
    await inside(page)
    await page.click("[data-name=headers]")
    await page.run(
        'document.querySelectorAll(\'.graphiql-editor-tool .CodeMirror\')[1].CodeMirror.setValue(`{"Authorization": "Bearer x"}`)'
    )
    await ask(page, "subscription Jobs { jobProgressed { __typename } }")
    await page.until(f"{ANSWER}.includes('errors')")
    assert json.loads(await page.run(ANSWER))["errors"][0]["message"].startswith("The server refused: the token is wrong")


async def test_an_ended_session_leads_back_to_signing_in(anna: User, page: Page) -> None:
    await sign_in(page)
    await inside(page)
    await page.send("Network.clearBrowserCookies")
    await ask(page, "{ viewer { username } }")
    await page.until("document.getElementById('sign-in')?.hidden === false")


async def test_a_token_is_shown_once(anna: User, page: Page) -> None:
    await sign_in(page)
    await inside(page)
    await page.click("#new-token")
    await page.until("document.activeElement.id === 'token-name'")
    await page.click("#token [value=READ]")
    await page.fill("#token-name", "Kitchen tablet")
    await page.press("Enter", ENTER, "\r")
    assert await page.until(errors("token-form")) == "token-scopes-error,Choose at least one thing."
    await page.click("#token [value=WRITE]")
    await page.run("document.getElementById('token-life').value = '30'")
    await page.click("#token-form .primary")
    await page.until("!document.getElementById('token-made').hidden")
    token = await page.run("document.getElementById('token-text').value")
    assert is_token(token)
    assert token in await page.run("document.getElementById('token-try').value")
    await page.click("[data-copies=token-text]")
    await page.until("document.querySelector('[data-copies=token-text]').textContent === 'Copied'")
    assert await pasted(page) == token

    await page.click("#token-made .close")
    await page.until("!document.getElementById('token').open")
    values = "[...document.querySelectorAll('#token input, #token textarea')].map((each) => each.value).join()"
    await page.until(f"!{values}.includes({json.dumps(token)})")
    await ask(page, "{ viewer { tokens { nodes { name hint scopes createdAt expiresAt } } } }")
    [made] = json.loads(await page.until(ANSWER))["data"]["viewer"]["tokens"]["nodes"]
    assert (made["name"], made["hint"], made["scopes"]) == ("Kitchen tablet", token[-4:], ["WRITE"])
    life = datetime.fromisoformat(made["expiresAt"]) - datetime.fromisoformat(made["createdAt"])
    assert timedelta(days=30) - timedelta(minutes=1) < life < timedelta(days=30, minutes=1)


async def pasted(page: Page) -> str:
    """What the clipboard holds, pasted into a field of its own."""
    await page.run("document.getElementById('token').append(Object.assign(document.createElement('input'), {id: 'scratch'}))")
    await page.fill("#scratch", "")
    await page.send("Input.dispatchKeyEvent", type="keyDown", commands=["paste"])
    found = await page.until("document.getElementById('scratch').value")
    await page.run("document.getElementById('scratch').remove()")
    return str(found)


async def test_every_pane_opens_and_examples_open_in_tabs(anna: User, page: Page) -> None:
    await sign_in(page)
    await inside(page)
    for pane in ("Documentation Explorer", "History", "GraphiQL Explorer", "Examples"):
        await page.click(f"[aria-label='Show {pane}']")
        await page.until(f"document.querySelector(\"[aria-label='Hide {pane}']\") !== null")
    for dialog in ("short keys", "settings"):
        await page.click(f"[aria-label='Open {dialog} dialog']")
        await page.click(".graphiql-dialog-close")
        await page.until("document.querySelector('.graphiql-dialog') === null")
    last = len(examples())
    await page.click(f".examples li:nth-child({last}) button")
    await page.until(f"{EDITOR}.getValue() === {json.dumps(examples()[-1].document)}")
    assert await page.run("document.querySelectorAll('.graphiql-tab').length") == last
    await page.run(f"{EDITOR}.setValue('{{ __typename }}')")
    await page.until(f"localStorage.getItem('marquee:usr_1:graphiql:tabState')?.includes('__typename') && {last}")
    await page.click(f".examples li:nth-child({last}) button")
    await page.until(f"document.querySelectorAll('.graphiql-tab').length === {last + 1}")
    await page.until(f"{EDITOR}.getValue() === {json.dumps(examples()[-1].document)}")


async def test_on_a_phone_a_pane_covers_the_editor_and_an_example_closes_it(anna: User, page: Page) -> None:
    await page.send("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=2, mobile=True)
    await sign_in(page)
    await inside(page)
    height = "document.querySelector('.graphiql-plugin').getBoundingClientRect().height"
    for number in (4, 1):
        await page.click("[aria-label='Show Examples']")
        await page.until(f"{height} > 600")
        assert await page.run("document.querySelector('.graphiql-execute-button').getBoundingClientRect().right") < 0
        await page.click(f".examples li:nth-child({number}) button")
        await page.until(f"{EDITOR}.getValue() === {json.dumps(examples()[number - 1].document)} && {height} === 0")
        assert await page.run("document.querySelector('.graphiql-execute-button').getBoundingClientRect().right") > 300
    assert await page.run("document.documentElement.scrollWidth") == 360
