"""Signing in, in a real Chromium under a name that is not this machine's, over plain HTTP: as a phone in the house sees it."""

import json

import pytest

from api.playground.examples import examples
from domain.accounts import service
from domain.accounts.queries import user_by_name
from domain.accounts.tables import User
from tests.factories import accounts
from tests.playground.browser import Page
from tests.playground.conftest import Home
from tests.playground.steps import EDITOR, ENTER, NOTICE, TAB, errors, go, inside, sign_in

pytestmark = pytest.mark.slow

WRONG_CODE = "That is not the setup code that the server printed at its last start."
WRONG_RESET = "That reset code is wrong, used or too old. Ask for a new one."


async def test_the_first_start(page: Page, home: Home) -> None:
    code = home.setup_code()
    await page.until("document.activeElement.id === 'set-up-code'")
    await page.click("#set-up .primary")
    assert await page.run("document.querySelectorAll('#set-up .error').length") == 3
    await page.fill("#set-up-code", "NOPE")
    await page.fill("#set-up-name", "anna")
    await page.fill("#set-up-password", "short")
    await page.press("Enter", ENTER, "\r")
    assert await page.until(errors("set-up")) == f"set-up-code-error,{WRONG_CODE}"
    assert await page.run("document.activeElement.getAttribute('aria-describedby')") == "set-up-code-error"
    await page.fill("#set-up-code", f" {code.lower()} ")
    await page.press("Enter", ENTER, "\r")
    await page.until(errors("set-up") + " === 'set-up-password-error,A password has at least 8 characters.'")
    await page.fill("#set-up-password", accounts.PASSWORD)
    await page.press("Enter", ENTER, "\r")
    await inside(page)
    assert await page.run("document.getElementById('who').textContent") == "anna"
    assert await page.run("document.querySelectorAll('.graphiql-tab').length") == len(examples())
    assert await page.run(f"{EDITOR}.getValue()") == examples()[0].document
    with home.database.read() as session:
        user = user_by_name(session, "anna")
        assert user is not None
        assert user.is_admin


async def test_a_code_in_the_link_is_filled_in_and_wiped(page: Page, address: str) -> None:
    await go(page, f"{address}#setup=ABCD-EFGH-JKMN")
    await page.until("document.activeElement.id === 'set-up-name'")
    assert await page.run("document.getElementById('set-up-code').value") == "ABCD-EFGH-JKMN"
    assert await page.run("location.href") == address


async def test_a_server_that_was_set_up_meanwhile_asks_to_sign_in(page: Page, home: Home) -> None:
    await page.until("document.activeElement.id === 'set-up-code'")
    accounts.make_admin(home.database, "anna")
    for field in ("code", "name", "password"):
        await page.fill(f"#set-up-{field}", "whatever it is")
    await page.press("Enter", ENTER, "\r")
    await page.until("!document.getElementById('sign-in').hidden")
    assert await page.run(NOTICE) == "This server is set up already. Sign in instead."


async def test_wrong_passwords_a_reset_code_and_signing_out(anna: User, page: Page, home: Home, address: str) -> None:
    for _ in range(5):
        await sign_in(page, "forgotten")
        assert await page.until(errors("sign-in")) == ",The user name or the password is wrong."
        await page.until("!document.querySelector('#sign-in .primary').disabled")
    await sign_in(page, "forgotten")
    await page.until(errors("sign-in") + ".includes('Too many attempts. Try again at')")
    assert "in 15 minutes." in await page.run(errors("sign-in"))

    with home.database.transaction() as uow:
        code = service.offer_password_reset(uow, user_id=anna.id, key=accounts.KEY)
    await page.click("a[href='#reset']")
    await page.fill("#reset-code", "WRONG")
    await page.fill("#reset-password", "another horse")
    await page.press("Enter", ENTER, "\r")
    assert await page.until(errors("reset")) == f"reset-code-error,{WRONG_RESET}"
    await page.fill("#reset-code", code)
    await page.press("Enter", ENTER, "\r")
    await page.until("!document.getElementById('sign-in').hidden")
    assert await page.run(NOTICE) == "The new password is set. Sign in with it."

    accounts.make_admin(home.database, "bert")  # anna is still throttled: that another user is not is part of the matter
    await page.fill("#sign-in-name", "bert")
    await page.fill("#sign-in-password", accounts.PASSWORD)
    await page.press("Enter", ENTER, "\r")
    await inside(page)
    assert await page.run("[...document.querySelectorAll('[type=password]')].map((each) => each.value).join('')") == ""

    await go(page, address)
    await inside(page)
    await page.click("#sign-out")
    await page.until("document.getElementById('sign-in')?.hidden === false")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_page_fits_a_phone_and_has_enough_contrast(anna: User, page: Page, address: str, theme: str) -> None:
    await page.send("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=2, mobile=True)
    await page.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
    await go(page, address)
    for selector in ("#sign-in h2", "#sign-in label", "#sign-in .primary", "#sign-in a", "#welcome .version"):
        assert await contrast(page, selector) >= 4.5, selector
    assert await page.run("document.documentElement.scrollWidth") == 360
    await sign_in(page)
    await inside(page)
    assert await page.run("document.documentElement.scrollWidth") == 360
    assert await page.run("document.querySelector('.result-window').getBoundingClientRect().height") > 150
    await page.click("#new-token")
    for selector in ("#token .muted", "#token .choice", "#token .primary"):
        assert await contrast(page, selector) >= 4.5, selector


async def contrast(page: Page, selector: str) -> float:
    """Contrast of a text to what is behind it, 1 to 21 (WCAG 2.2, 1.4.3)."""
    colours = await page.run(
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
    await page.until("document.activeElement.id === 'sign-in-name'")
    await page.send("Input.insertText", text="anna")
    await page.press("Tab", TAB)
    await page.send("Input.insertText", text=accounts.PASSWORD)
    await page.press("Tab", TAB)
    assert await page.run("document.activeElement.textContent") == "Sign in"
    await page.press("Enter", ENTER, "\r")
    await inside(page)
    await page.run("document.getElementById('new-token').focus()")
    await page.press("Enter", ENTER, "\r")
    await page.until("document.getElementById('token').open")
    await page.press("Escape", 27)
    await page.until("!document.getElementById('token').open")
    assert await page.run("document.activeElement.id") == "new-token"


async def test_a_server_that_is_away_is_said_in_words(page: Page, address: str) -> None:
    await page.send("Network.enable")
    await page.send("Network.setBlockedURLs", urls=["*/graphql"])
    await go(page, address)
    await page.until("!document.getElementById('offline').hidden")
    assert "No answer came." in await page.text()
    page.complaints.clear()  # the browser reports the blocked request
