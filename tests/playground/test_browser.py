"""Signing in, in a real Chromium under a name that is not this machine's, over plain HTTP: as a phone in the house sees it."""

import json
from typing import Literal

import pytest
from playwright.async_api import Page

from api.playground.examples import examples
from domain.accounts import service
from domain.accounts.queries import user_by_name
from domain.accounts.tables import User
from tests.factories import accounts
from tests.playground.conftest import Home
from tests.playground.steps import EDITOR, NOTICE, errors, go, inside, sign_in, until

pytestmark = pytest.mark.slow

WRONG_CODE = "That is not the setup code that the server printed at its last start."
WRONG_RESET = "That reset code is wrong, used or too old. Ask for a new one."


async def test_the_first_start(page: Page, home: Home) -> None:
    code = home.setup_code()
    await until(page, "document.activeElement.id === 'set-up-code'")
    await page.click("#set-up .primary")
    assert await page.evaluate("document.querySelectorAll('#set-up .error').length") == 3
    await page.fill("#set-up-code", "NOPE")
    await page.fill("#set-up-name", "anna")
    await page.fill("#set-up-password", "short")
    await page.keyboard.press("Enter")
    assert await until(page, errors("set-up")) == f"set-up-code-error,{WRONG_CODE}"
    assert await page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "set-up-code-error"
    await page.fill("#set-up-code", f" {code.lower()} ")
    await page.keyboard.press("Enter")
    await until(page, errors("set-up") + " === 'set-up-password-error,A password has at least 8 characters.'")
    await page.fill("#set-up-password", accounts.PASSWORD)
    await page.keyboard.press("Enter")
    await inside(page)
    assert await page.evaluate("document.getElementById('who').textContent") == "anna"
    assert await page.evaluate("document.querySelectorAll('.graphiql-tab').length") == len(examples())
    assert await page.evaluate(f"{EDITOR}.getValue()") == examples()[0].document
    with home.database.read() as session:
        user = user_by_name(session, "anna")
        assert user is not None
        assert user.is_admin


async def test_a_code_in_the_link_is_filled_in_and_wiped(page: Page, address: str) -> None:
    await go(page, f"{address}#setup=ABCD-EFGH-JKMN")
    await until(page, "document.activeElement.id === 'set-up-name'")
    assert await page.evaluate("document.getElementById('set-up-code').value") == "ABCD-EFGH-JKMN"
    assert await page.evaluate("location.href") == address


async def test_a_server_that_was_set_up_meanwhile_asks_to_sign_in(page: Page, home: Home) -> None:
    await until(page, "document.activeElement.id === 'set-up-code'")
    accounts.make_admin(home.database, "anna")
    for field in ("code", "name", "password"):
        await page.fill(f"#set-up-{field}", "whatever it is")
    await page.keyboard.press("Enter")
    await until(page, "!document.getElementById('sign-in').hidden")
    assert await page.evaluate(NOTICE) == "This server is set up already. Sign in instead."


async def test_wrong_passwords_a_reset_code_and_signing_out(anna: User, page: Page, home: Home, address: str) -> None:
    for _ in range(5):
        await sign_in(page, "forgotten")
        assert await until(page, errors("sign-in")) == ",The user name or the password is wrong."
        await until(page, "!document.querySelector('#sign-in .primary').disabled")
    await sign_in(page, "forgotten")
    await until(page, errors("sign-in") + ".includes('Too many attempts. Try again at')")
    assert "in 15 minutes." in await page.evaluate(errors("sign-in"))

    with home.database.transaction() as uow:
        code = service.offer_password_reset(uow, user_id=anna.id, key=accounts.KEY)
    await page.click("a[href='#reset']")
    await page.fill("#reset-code", "WRONG")
    await page.fill("#reset-password", "another horse")
    await page.keyboard.press("Enter")
    assert await until(page, errors("reset")) == f"reset-code-error,{WRONG_RESET}"
    await page.fill("#reset-code", code)
    await page.keyboard.press("Enter")
    await until(page, "!document.getElementById('sign-in').hidden")
    assert await page.evaluate(NOTICE) == "The new password is set. Sign in with it."

    accounts.make_admin(home.database, "bert")  # anna is still throttled: that another user is not is part of the matter
    await page.fill("#sign-in-name", "bert")
    await page.fill("#sign-in-password", accounts.PASSWORD)
    await page.keyboard.press("Enter")
    await inside(page)
    assert await page.evaluate("[...document.querySelectorAll('[type=password]')].map((each) => each.value).join('')") == ""

    await go(page, address)
    await inside(page)
    await page.click("#sign-out")
    await until(page, "document.getElementById('sign-in')?.hidden === false")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_page_fits_a_phone_and_has_enough_contrast(
    anna: User, phone: Page, address: str, theme: Literal["light", "dark"]
) -> None:
    await phone.emulate_media(color_scheme=theme)
    await go(phone, address)
    for selector in ("#sign-in h2", "#sign-in label", "#sign-in .primary", "#sign-in a", "#welcome .version"):
        assert await contrast(phone, selector) >= 4.5, selector
    assert await phone.evaluate("document.documentElement.scrollWidth") == 360
    await sign_in(phone)
    await inside(phone)
    assert await phone.evaluate("document.documentElement.scrollWidth") == 360
    assert await phone.evaluate("document.querySelector('.result-window').getBoundingClientRect().height") > 150
    await phone.click("#new-token")
    for selector in ("#token .muted", "#token .choice", "#token .primary"):
        assert await contrast(phone, selector) >= 4.5, selector


async def contrast(page: Page, selector: str) -> float:
    """Contrast of a text to what is behind it, 1 to 21 (WCAG 2.2, 1.4.3)."""
    colours = await page.evaluate(
        f"""(() => {{
          const canvas = new OffscreenCanvas(1, 1).getContext("2d", {{ willReadFrequently: true }});
          const bytes = (colour) => {{
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data];
          }};
          let element = document.querySelector({json.dumps(selector)});
          const text = bytes(getComputedStyle(element).color);
          while (getComputedStyle(element).backgroundColor === "rgba(0, 0, 0, 0)") element = element.parentElement;
          return [text, bytes(getComputedStyle(element).backgroundColor)];
        }})()"""
    )
    light, dark = sorted((_luminance(colour[:3]) for colour in colours), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: list[int]) -> float:
    parts = [value / 255 for value in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


async def test_signing_in_needs_no_mouse(anna: User, page: Page) -> None:
    await until(page, "document.activeElement.id === 'sign-in-name'")
    await page.keyboard.insert_text("anna")
    await page.keyboard.press("Tab")
    await page.keyboard.insert_text(accounts.PASSWORD)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Sign in"
    await page.keyboard.press("Enter")
    await inside(page)
    await page.evaluate("document.getElementById('new-token').focus()")
    await page.keyboard.press("Enter")
    await until(page, "document.getElementById('token').open")
    await page.keyboard.press("Escape")
    await until(page, "!document.getElementById('token').open")
    assert await page.evaluate("document.activeElement.id") == "new-token"


async def test_a_server_that_is_away_is_said_in_words(page: Page, address: str, complaints: list[str]) -> None:
    await page.route("**/graphql", lambda route: route.abort("connectionrefused"))
    await go(page, address)
    await until(page, "!document.getElementById('offline').hidden")
    assert "No answer came." in await page.inner_text("body")
    assert complaints == [f"Failed to load resource: net::ERR_CONNECTION_REFUSED {address}graphql"]
    complaints.clear()


async def test_whatever_the_console_says_is_a_complaint(page: Page, address: str, complaints: list[str]) -> None:
    """The guard of every test here: what the driver does not tell, they would not notice."""
    await page.evaluate("console.log('said'), console.warn('warned'), console.error('reported')")
    await page.evaluate("setTimeout(() => { throw new Error('thrown'); }), null")
    await page.evaluate("Promise.reject(new Error('rejected')), null")
    await page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'inline'}))")
    image = "document.body.append(Object.assign(document.createElement('img'), {src: '%s'}))"
    await page.evaluate(image % "http://elsewhere.lan/")
    async with page.expect_event("console", lambda message: "404" in message.text):
        await page.evaluate(image % "/nothing")
    heard = {text: [each for each in complaints if each.startswith(text)] for text in (
        "warned", "reported", "thrown", "rejected",
        "Executing inline script violates", "Loading the image 'http://elsewhere.lan/' violates",
        f"Failed to load resource: the server responded with a status of 404 (Not Found) {address}nothing",
    )}  # fmt: skip
    assert [text for text, found in heard.items() if len(found) != 1] == []
    assert len(complaints) == len(heard)
    complaints.clear()
