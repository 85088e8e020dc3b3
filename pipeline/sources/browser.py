"""Pages as a local Chromium draws them, for sites that hold no text until their scripts have run.

Chromium itself never reaches the network: each of its requests is answered by our own transport, with the same
checks of addresses, limits of size and time, and no cookies. Only what is asked for by GET is fetched.
"""

from __future__ import annotations

import codecs
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

from claims.errors import UsageError
from pipeline.sources.base import SourceOptions
from pipeline.sources.transport import Exchange, Headers, Transport, TransportError

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
PLACES = ("/usr/bin/chromium", "/usr/lib/chromium/chromium", "/snap/bin/chromium")
WANTED = frozenset({"document", "script", "stylesheet", "xhr", "fetch", "image", "font"})
"""Kinds of request that are answered; pings, sockets, films and the like are not."""
SETTLE_MS = 1500
"""How long a page may go on changing after it has loaded and its accordions have been opened."""
MAX_REQUESTS = 120
"""Files one page may ask for."""
MAX_CLICKS = 100
_DROPPED = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"})

_OPEN = f"""() => {{
  document.querySelectorAll('details:not([open])').forEach(e => {{ e.open = true; }});
  const closed = [...document.querySelectorAll('[aria-expanded="false"]')]
    .filter(e => !e.matches('nav *, header *, a[href]:not([href^="#"]), input, select'));
  closed.slice(0, {MAX_CLICKS}).forEach(e => {{ try {{ e.click(); }} catch (_) {{}} }});
  return true;
}}"""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as drawn: its document as HTML in UTF-8, and its picture (PNG; empty where none could be taken)."""

    html: bytes
    picture: bytes
    files: tuple[str, ...] = ()
    """Addresses that the page asked for and got."""


@dataclass(slots=True)
class Browser:
    """One Chromium, started when it is first needed. Use and close it in one thread."""

    options: SourceOptions
    transport: Transport
    agent: str
    _playwright: Any = None
    _browser: Any = None

    def render(self, exchange: Exchange) -> Rendered:
        """Draws a page that was fetched. Raises TransportError."""
        from playwright.sync_api import Error as PlaywrightError

        try:
            return self._render(exchange)
        except PlaywrightError as error:
            first = next(iter(str(error).splitlines()), "")
            raise TransportError("browser", f"the browser could not draw the page: {first[:160]}") from error

    def close(self) -> None:
        for one, how in ((self._browser, "close"), (self._playwright, "stop")):
            if one is not None:
                getattr(one, how)()
        self._browser = self._playwright = None

    def _render(self, exchange: Exchange) -> Rendered:
        limit = self.options.total_timeout * 1000
        context = self._started().new_context(
            user_agent=self.agent, service_workers="block", accept_downloads=False, java_script_enabled=True
        )
        try:
            context.set_default_timeout(limit)
            page = context.new_page()
            answers = _Answers(page, exchange, self.transport, self.agent, time.monotonic() + limit / 1000)
            page.route("**/*", lambda route: answers.answer(route))
            page.on("dialog", lambda dialog: dialog.dismiss())
            page.goto(exchange.url, wait_until="load", timeout=limit)
            answers.closed = True  # from here on the page stays where it is
            self._settle(page)
            page.wait_for_function(_OPEN, timeout=limit)
            self._settle(page)
            answers.stop()
            html = codecs.BOM_UTF8 + page.content().encode()  # whatever a meta element says
            if len(html) > self.options.max_decoded:
                raise TransportError("too_large", f"larger than {self.options.max_decoded} bytes once drawn")
            return Rendered(html, _picture(page), tuple(answers.given))
        finally:
            context.close()

    def _settle(self, page: Any) -> None:
        """Wait until the page asks for nothing more, or its time is up."""
        from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

        try:
            page.wait_for_load_state("networkidle", timeout=SETTLE_MS)
        except PlaywrightTimeoutError:
            return

    def _started(self) -> Any:
        if self._browser is None:
            from playwright.sync_api import sync_playwright

            self._playwright = sync_playwright().start()
            self._browser = self._playwright.chromium.launch(
                executable_path=executable(self.options),
                # Whatever is not answered by us leads nowhere.
                proxy={"server": "http://127.0.0.1:9", "bypass": "<-loopback>"},
                args=[
                    "--disable-background-networking",
                    "--no-first-run",
                    "--host-resolver-rules=MAP * ~NOTFOUND",
                    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
                ],
                chromium_sandbox=not _is_root(),
            )
        return self._browser


@dataclass(slots=True)
class _Answers:
    """Answers a page's requests from what was fetched already, or through the transport."""

    page: Any
    exchange: Exchange
    transport: Transport
    agent: str
    until: float
    """When the page has had its time (`time.monotonic`)."""
    closed: bool = False
    """No further document is given: a script must not lead the page away."""
    given: list[str] = field(default_factory=list)
    _asked: int = 0
    _stopped: bool = False

    def answer(self, route: Any) -> None:
        request = route.request
        url = urldefrag(request.url)[0]
        main = request.resource_type == "document" and request.frame.parent_frame is None
        self._asked += 1
        if main and url == self.exchange.url and not self.closed:
            _fulfil(route, self.exchange)
        elif main:
            route.fulfill(status=204)  # "stay where you are"
        elif request.method != "GET" or request.resource_type not in WANTED:
            route.abort()
        elif self._asked > MAX_REQUESTS or time.monotonic() > self.until:
            route.abort()
            self.stop()
        else:
            self._fetch(route, url)

    def stop(self) -> None:
        """Answer nothing more: what the page asks for from here on fails in the browser itself."""
        if not self._stopped:
            self._stopped = True
            self.page.unroute("**/*")

    def _fetch(self, route: Any, url: str) -> None:
        headers: Headers = (
            ("User-Agent", self.agent),
            ("Accept", "*/*"),
            ("Accept-Encoding", "gzip, deflate"),
        )
        try:
            got = self.transport.get(url, headers)
        except TransportError:
            route.abort()
            return
        self.given.append(url)
        _fulfil(route, got)


def _fulfil(route: Any, exchange: Exchange) -> None:
    headers = {k: v for k, v in exchange.headers if k.lower() not in _DROPPED}
    route.fulfill(status=exchange.status, headers=headers, body=exchange.body)


def _picture(page: Any) -> bytes:
    from playwright.sync_api import Error as PlaywrightError

    take: Callable[..., bytes] = page.screenshot
    try:
        return take(full_page=True, type="png", animations="disabled")
    except PlaywrightError:
        return b""


def executable(options: SourceOptions) -> str:
    """Path of the browser. Raises UsageError where there is none, or the extra is not installed."""
    try:
        import playwright  # noqa: F401
    except ImportError as error:
        raise UsageError("drawing pages needs an extra: pip install 'claims-audit[browser]'") from error
    if options.chromium:
        if Path(options.chromium).is_file():
            return options.chromium
        raise UsageError(
            f"{options.chromium}: no browser there; set chromium under [web] in claims-audit.toml"
        )
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    found = found or next((path for path in PLACES if Path(path).is_file()), None)
    if found is None:
        raise UsageError("no Chromium found; install one, or set chromium under [web] in claims-audit.toml")
    return found


def _is_root() -> bool:
    """Chromium's own sandbox does not work for root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
