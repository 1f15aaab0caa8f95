"""A real Chromium, the one that is installed on this machine, driven by Playwright (playwright.dev/python)."""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, WebError, async_playwright, expect

PATIENCE_S = 120.0
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True}

expect.set_options(timeout=PATIENCE_S * 1000)


def executable() -> str | None:
    """Where Chromium is installed; None when it is not."""
    return next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


@contextlib.asynccontextmanager
async def chromium(*, names: str) -> AsyncIterator[Browser]:
    """A new browser with a profile of its own. It knows no network but `names`, which lead to this machine."""
    program = executable()
    assert program is not None, "There is no Chromium on this machine."
    async with async_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=program,
            chromium_sandbox=os.geteuid() != 0,  # Chromium refuses to be root in its sandbox
            args=[f"--host-resolver-rules=MAP {names} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
            ignore_default_args=["--hide-scrollbars"],  # people have them, and they take room
            timeout=PATIENCE_S * 1000,
        )
        async with await launched as browser:
            yield browser


@contextlib.asynccontextmanager
async def tab(browser: Browser, complaints: list[str], **device: Any) -> AsyncIterator[Page]:
    """A tab in a session of its own.

    `complaints` collects what stands in its console as an error or a warning: exceptions, policy violations, failed loads.
    Whoever clears it has expected them; any other fails the test.
    """
    async with await browser.new_context(**device) as context:
        context.set_default_timeout(PATIENCE_S * 1000)
        _listen(context, complaints)
        page = await context.new_page()
        yield page
        await page.evaluate("null")  # what the console said before this has come by now
        assert complaints == []


def _listen(context: BrowserContext, complaints: list[str]) -> None:
    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            complaints.append(f"{message.text} {message.location['url']}")

    def thrown(error: WebError) -> None:
        complaints.append(str(error.error))

    context.on("console", said)
    context.on("weberror", thrown)
