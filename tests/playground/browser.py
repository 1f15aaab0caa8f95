"""A real Chromium over its DevTools protocol (chromedevtools.github.io/devtools-protocol), without any driver package."""

import asyncio
import contextlib
import itertools
import json
import os
import re
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

PATIENCE_S = 20.0


def executable() -> str | None:
    """Where Chromium is installed; None when it is not."""
    return next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


class Page:
    """One tab. `complaints` collects what stands in its console as an error: exceptions, policy violations, failed loads."""

    def __init__(self, socket: ClientConnection) -> None:
        self.complaints: list[str] = []
        self._socket = socket
        self._session: str | None = None
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._listener = asyncio.create_task(self._listen())

    async def open(self) -> None:
        """Make the tab and listen to it."""
        target = await self.send("Target.createTarget", url="about:blank")
        session = await self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = session["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            await self.send(f"{domain}.enable")

    async def close(self) -> None:
        """Stop listening."""
        self._listener.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._listener

    async def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command and its result."""
        number = next(self._numbers)
        waiting = self._answers[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        await self._socket.send(json.dumps(message))
        answer = await asyncio.wait_for(waiting, PATIENCE_S)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    async def run(self, script: str) -> Any:
        """The value of a JavaScript expression; a promise is awaited."""
        answer = await self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    async def until(self, script: str) -> Any:
        """Wait until the expression is true, and return it."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with contextlib.suppress(AssertionError):  # the page may be just loading
                if value := await self.run(script):
                    return value
            await asyncio.sleep(0.05)
        raise AssertionError(f"{script} was not true in {PATIENCE_S:.0f} s; the page shows: {await self.text()}")

    async def text(self) -> str:
        """What can be read on the page."""
        return str(await self.run("document.body.innerText"))

    async def fill(self, selector: str, text: str) -> None:
        """Type into an empty or filled field, once it can be seen."""
        await self.until(f"document.querySelector({json.dumps(selector)})?.checkVisibility()")
        await self.run(f"document.querySelector({json.dumps(selector)}).focus(), document.activeElement.select()")
        await self.send("Input.insertText", text=text)

    async def click(self, selector: str) -> None:
        """Press the middle of something with the mouse."""
        found = f"document.querySelector({json.dumps(selector)})"
        await self.until(f"{found}?.getBoundingClientRect().width > 0")
        await self.run(f"{found}.scrollIntoView({{block: 'nearest'}})")
        where = await self.run(f"{found}.getBoundingClientRect().toJSON()")
        point = {"x": where["x"] + where["width"] / 2, "y": where["y"] + where["height"] / 2}
        for kind in ("mousePressed", "mouseReleased"):
            await self.send("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **point)

    async def press(self, key: str, code: int, text: str = "") -> None:
        """Press and release a key."""
        for kind in ("keyDown", "keyUp"):
            await self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, text=text)

    async def _listen(self) -> None:
        async for text in self._socket:
            message = json.loads(text)
            if "id" in message:
                if (waiting := self._answers.pop(message["id"], None)) and not waiting.done():
                    waiting.set_result(message)
            elif message["method"] == "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(message["params"]["exceptionDetails"])[:500])
            elif message["method"] == "Runtime.consoleAPICalled" and message["params"]["type"] in ("error", "warning"):
                self.complaints.append(json.dumps(message["params"]["args"])[:500])
            elif message["method"] == "Log.entryAdded" and message["params"]["entry"]["level"] in ("error", "warning"):
                entry = message["params"]["entry"]
                self.complaints.append(f"{entry['text']} {entry.get('url', '')}")


@contextlib.asynccontextmanager
async def chromium(folder: Path, *, names: str) -> AsyncIterator[Page]:
    """A tab of a new browser with its profile in `folder`. It knows no network but `names`, which lead to this machine."""
    program = executable()
    assert program is not None, "There is no Chromium on this machine."
    process = await asyncio.create_subprocess_exec(
        program, "--headless=new", "--disable-gpu", "--remote-debugging-port=0", f"--user-data-dir={folder}", "--no-first-run",
        "--disable-background-networking", f"--host-resolver-rules=MAP {names} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        *(["--no-sandbox"] if os.geteuid() == 0 else []), "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not (found := re.search(rb"DevTools listening on (ws://\S+)", await process.stderr.readline())):
                assert process.returncode is None, "Chromium did not start."
        drain = asyncio.create_task(process.stderr.read())
        async with connect(found[1].decode(), max_size=None) as socket:
            page = Page(socket)
            await page.open()
            yield page
            await page.close()
        drain.cancel()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
