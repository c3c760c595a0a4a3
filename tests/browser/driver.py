"""A browser driven over the WebDriver protocol: Debian's chromium by its chromedriver.

The one decision made here: no client library and no environment of its own; the few calls that the tests need are
JSON over HTTP on localhost. What the pages log and what they ask of a network is read from the browser's logs.
"""

import base64
import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

_PATIENCE: Final = 30.0
_ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
"""Under this key the protocol names an element."""
_ARGUMENTS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
)
T = TypeVar("T")


class Browser:
    """One browser window."""

    def __init__(self, server: str, session: str) -> None:
        self._address = f"{server}/session/{session}"

    def open(self, path: Path, fragment: str = "") -> None:
        """Open a file from disk, as if it had never been open."""
        self._call("POST", "/url", {"url": "about:blank"})
        self.messages()
        self._call("POST", "/url", {"url": path.resolve().as_uri() + (f"#{fragment}" if fragment else "")})

    def resize(self, width: int, height: int = 900) -> None:
        """Give the page this many pixels to lay itself out in."""
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )

    def colours(self, scheme: str) -> None:
        """Prefer `light` or `dark`."""
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def run(self, script: str, *arguments: object) -> Any:
        """What a script in the page returns."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def type(self, selector: str, text: str) -> None:
        """Type into the element that a CSS selector finds."""
        self._call("POST", f"/element/{self._find(selector)}/value", {"text": text})

    def click(self, selector: str) -> None:
        """Click on the element that a CSS selector finds."""
        self._call("POST", f"/element/{self._find(selector)}/click", {})

    def press(self, key: str) -> None:
        """Press a key of the keyboard."""
        for kind in ("rawKeyDown", "keyUp"):
            self.command("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode={"Tab": 9}[key])

    def text(self, selector: str) -> str:
        """The text shown in the element that a CSS selector finds."""
        return str(self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector))

    def count(self, selector: str) -> int:
        """How many elements a CSS selector finds."""
        return int(self.run("return document.querySelectorAll(arguments[0]).length", selector))

    def wait(self, condition: Callable[[], T]) -> T:
        """Wait until a condition holds, and return it."""
        until = time.monotonic() + _PATIENCE
        while True:
            found = condition()
            if found:
                return found
            assert time.monotonic() < until, f"waited in vain; the page says: {self.text('main')[:400]}"
            time.sleep(0.05)

    def messages(self) -> list[str]:
        """What the console got since it was last asked: errors, warnings, refused scripts."""
        return [str(entry["message"]) for entry in self._log("browser")]

    def requests(self) -> list[str]:
        """Addresses asked for since last asked."""
        events = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        return [
            str(event["params"]["request"]["url"]) for event in events if event["method"] == "Network.requestWillBeSent"
        ]

    def screenshot(self, path: Path) -> None:
        """Keep a picture of the whole page for a person to look at."""
        size = self.command("Page.getLayoutMetrics")["cssContentSize"]
        picture = self.command(
            "Page.captureScreenshot",
            captureBeyondViewport=True,
            clip={"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1},
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(picture["data"]))

    def command(self, name: str, **parameters: Any) -> Any:
        """A command of the browser's own protocol."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def quit(self) -> None:
        """Close the window."""
        self._call("DELETE", "")

    def _find(self, selector: str) -> str:
        found = self._call("POST", "/element", {"using": "css selector", "value": selector})
        return str(found[_ELEMENT])

    def _log(self, kind: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self._call("POST", "/se/log", {"type": kind})
        return entries

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return _ask(method, self._address + path, body)


@contextmanager
def browser(chromium: str, chromedriver: str, profile: Path) -> Iterator[Browser]:
    """A browser window for as long as the block lasts.

    Args:
        chromium: The browser's program.
        chromedriver: Its driver's program, of the same version.
        profile: Folder for the browser's own files.
    """
    profile.mkdir(parents=True, exist_ok=True)
    with (profile / "chromedriver.log").open("w+") as log:
        process = subprocess.Popen([chromedriver, "--port=0"], stdout=log, stderr=subprocess.STDOUT)
        try:
            server = f"http://127.0.0.1:{_port(profile / 'chromedriver.log')}"
            options = {"binary": chromium, "args": [*_ARGUMENTS, f"--user-data-dir={profile / 'profile'}"]}
            asked = {
                "browserName": "chrome",
                "goog:chromeOptions": options,
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            }
            session = _ask("POST", f"{server}/session", {"capabilities": {"alwaysMatch": asked}})["sessionId"]
            window = Browser(server, session)
            try:
                yield window
            finally:
                window.quit()
        finally:
            process.terminate()
            process.wait(timeout=30)


def _port(log: Path) -> int:
    """The port the driver says it listens on."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        _, found, rest = log.read_text().partition("successfully on port ")
        if found and "." in rest:
            return int(rest.partition(".")[0])
        time.sleep(0.05)
    raise AssertionError(f"chromedriver did not start: {log.read_text()[:500]}")


def _ask(method: str, url: str, body: dict[str, Any] | None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=120) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        with error:
            told = json.load(error)["value"]
        raise AssertionError(f"{method} {url.rpartition('/session/')[2]}: {told['error']}: {told['message']}") from None
