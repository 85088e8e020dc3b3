"""Pages of the web, one address at a time: redirects, retries, and every failure as a `Skipped`."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from importlib import metadata
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from claims.model import Skipped, Snapshot
from pipeline.sources.base import (
    PAGE_TYPES,
    SourceOptions,
    World,
    header,
    media_type,
    one_line,
)
from pipeline.sources.browser import Rendered
from pipeline.sources.politeness import Gate
from pipeline.sources.transport import Exchange, Headers, Transport, TransportError, UnwantedError

REDIRECTS = frozenset({301, 302, 303, 307, 308})
AGAIN = frozenset({429, 500, 502, 503, 504})

DOCUMENT_TYPES = (
    "application/pdf",
    "application/msword",
    "application/rtf",
    "application/epub",
    "application/vnd.",
)
ACCEPT = "text/html,application/xhtml+xml,text/markdown;q=0.8,text/plain;q=0.7,*/*;q=0.1"


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask it later whether a page has changed."""

    etag: str = ""
    last_modified: str = ""

    @classmethod
    def of(cls, headers: Headers) -> Validators:
        return cls(header(headers, "ETag"), header(headers, "Last-Modified"))

    def headers(self) -> Headers:
        pairs = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return tuple((name, value) for name, value in pairs if value)

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class Fetched:
    """The last response for an address, and the redirects that led to it, first one first."""

    url: str
    exchange: Exchange
    redirects: tuple[Exchange, ...] = ()
    rendered: Rendered | None = None
    """The page as a browser drew it, where one did."""

    @property
    def unchanged(self) -> bool:
        return self.exchange.status == 304


Permit = Callable[[str], Skipped | None]
"""An address → why it is not to be asked for, or None."""


class FetchError(Exception):
    """An address that cannot be had; `skipped` says why."""

    def __init__(self, skipped: Skipped, exchanges: tuple[Exchange, ...] = ()) -> None:
        super().__init__(skipped.reason)
        self.skipped, self.exchanges = skipped, exchanges


class _AgainError(Exception):
    """A response that asks to come back later."""

    def __init__(self, exchange: Exchange, wait: float | None) -> None:
        super().__init__(exchange.status)
        self.exchange, self.wait = exchange, wait


class Fetcher:
    """Fetches addresses for everything above: single pages, robots.txt, sitemaps, crawls."""

    def __init__(self, options: SourceOptions, transport: Transport | None = None) -> None:
        self.options = options
        self.transport = transport or Transport(options)
        self.gate = Gate(options.world, options.crawl.delay if options.crawl else 0.0)
        self.agent = user_agent(options)

    def fetch(
        self,
        url: str,
        validators: Mapping[str, Validators] | None = None,
        *,
        any_type: bool = False,
        permit: Permit | None = None,
    ) -> Fetched:
        """The response at the end of the redirects, whatever its status. Raises FetchError.

        `any_type` reads bodies that are no pages (sitemaps). `validators`, by the address they speak of, go
        with the request for that address. `permit` is asked about each address redirected to.
        """
        hops: list[Exchange] = []
        here, secret = _split_credentials(urldefrag(url)[0] if _parses(url) else url)
        start = here
        extra = secret
        while True:
            self._check(here, start, tuple(hops))
            try:
                known = validators.get(here) if validators else None
                exchange = self._patiently(here, (*extra, *(known.headers() if known else ())), any_type)
            except TransportError as error:
                raise FetchError(self._skipped(start, here, error), tuple(hops)) from error
            target = header(exchange.headers, "Location")
            if exchange.status not in REDIRECTS or not target:
                return Fetched(start, exchange, tuple(hops))
            hops.append(exchange)
            if len(hops) > self.options.max_redirects:
                reason = (
                    f"{start}: more than {self.options.max_redirects} redirects; the address leads in circles"
                )
                raise FetchError(Skipped(start, "redirects", reason), tuple(hops))
            here, extra = _split_credentials(_follow(here, target))[0], ()
            refused = permit(here) if permit else None
            if refused:
                raise FetchError(replace(refused, url=start), tuple(hops))

    def _check(self, url: str, start: str, hops: tuple[Exchange, ...]) -> None:
        parts = urlsplit(url) if _parses(url) else None
        if parts is not None and parts.scheme in ("http", "https") and parts.hostname:
            return
        via = "" if url == start else f" (redirected to {one_line(url)})"
        if parts is None or parts.scheme in ("http", "https"):
            reason = f"{start}: not a web address{via}; write https://host/path"
        else:
            reason = f"{start}: {parts.scheme or 'no'} address{via}; only http and https are fetched"
        raise FetchError(Skipped(start, "bad_address", reason), hops)

    def _patiently(self, url: str, extra: Headers, any_type: bool) -> Exchange:
        """One address without redirects, tried again while that may help. Raises TransportError."""
        options = self.options
        retrying = Retrying(
            stop=stop_after_attempt(max(options.max_attempts, 1)),
            retry=retry_if_exception(self._worth_trying_again),
            wait=self._wait,
            sleep=options.world.sleep,
            reraise=True,
        )
        try:
            return retrying(self._once, url, extra, any_type)
        except _AgainError as error:
            return error.exchange

    def _once(self, url: str, extra: Headers, any_type: bool) -> Exchange:
        headers: Headers = (
            ("User-Agent", self.agent),
            ("Accept", "*/*" if any_type else ACCEPT),
            ("Accept-Language", "en;q=1.0, *;q=0.5"),
            ("Accept-Encoding", "gzip, deflate"),
            *extra,
        )
        self.gate.wait(urlsplit(url).netloc)
        exchange = self.transport.get(url, headers, None if any_type else _unwanted)
        if exchange.status in AGAIN:
            raise _AgainError(
                exchange, retry_after(header(exchange.headers, "Retry-After"), self.options.world)
            )
        return exchange

    def _worth_trying_again(self, error: BaseException) -> bool:
        if isinstance(error, _AgainError):
            return error.wait is None or error.wait <= self.options.max_wait
        return isinstance(error, TransportError) and error.again

    def _wait(self, state: RetryCallState) -> float:
        """Seconds before the next try: what the server asked for, else doubled each time and spread."""
        options = self.options
        spread = options.backoff * 2 ** (state.attempt_number - 1) * (0.5 + options.world.chance())
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, _AgainError) else None
        seconds = min(spread if asked is None else max(asked, 0.0), options.max_wait)
        if isinstance(error, _AgainError):
            self.gate.hold(urlsplit(error.exchange.url).netloc, seconds)
        return seconds

    def _skipped(self, start: str, here: str, error: TransportError) -> Skipped:
        via = "" if start == here else f" (redirected to {here})"
        if isinstance(error, UnwantedError):
            kind = media_type(header(error.exchange.headers, "Content-Type"))
            reason = f"{start}: {kind} is not read as a page{via}; audit its text in a file, or leave it out"
            return Skipped(start, error.code, reason)
        remedy = _REMEDIES.get(error.code)
        return Skipped(start, error.code, f"{start}: {error}{via}{f'; {remedy}' if remedy else ''}")


_REMEDIES = {
    "refused": "check the address and its port, and that the site is up",
    "timeout": "try again later, or allow more time by read-timeout and total-timeout under [web]",
    "unreachable": "check the address, the network and the firewall",
    "incomplete": "try again later",
    "reset": "try again later",
    "protocol": "check that a web site stands at this address",
    "too_large": "raise max-bytes under [web], or leave the page out",
}
"""By code, for the messages of a transport that name none."""


def page(fetched: Fetched, world: World, url: str | None = None) -> Snapshot | Skipped:
    """The page in a response, or why it holds none."""
    exchange = fetched.exchange
    address = url or fetched.url
    failure = status_failure(address, exchange)
    if failure:
        return failure
    if not exchange.body:
        return Skipped(
            address, "empty", f"{address}: the server sent an empty page (status {exchange.status})"
        )
    return Snapshot(
        url=address,
        final_url=exchange.url,
        status=exchange.status,
        headers=exchange.headers,
        body=exchange.body,
        fetched_at=world.stamp(),
        sha256=hashlib.sha256(exchange.body).hexdigest(),
        media_type=media_type(header(exchange.headers, "Content-Type")),
        redirects=tuple(hop.url for hop in fetched.redirects),
    )


def status_failure(url: str, exchange: Exchange) -> Skipped | None:
    """Why a response's status makes it no page; None for success."""
    status = exchange.status
    if 200 <= status < 300:
        return None
    if header(exchange.headers, "cf-mitigated"):
        return Skipped(
            url, "bot_wall", f"{url}: the site asks for proof of a human (status {status}); ask its owner"
        )
    known = {
        401: ("forbidden", "needs a login; audit an export of the page"),
        403: ("forbidden", "the server refuses this program; ask the site's owner to admit it"),
        404: ("not_found", "there is no such page; check the address"),
        410: ("not_found", "the page is gone; take it off the list"),
        429: (
            "rate_limited",
            f"the server asks for fewer requests{_later(exchange)}; try later, with a longer delay",
        ),
    }
    code, remedy = known.get(status, ("server_error" if status >= 500 else "http_status", "try again later"))
    return Skipped(url, code, f"{url}: status {status}: {remedy}")


def user_agent(options: SourceOptions) -> str:
    version = metadata.version("claims-audit")
    contact = f" (+{options.contact})" if options.contact else ""
    return one_line(f"{options.user_agent}/{version}{contact}")


def retry_after(value: str, world: World) -> float | None:
    """Seconds that a Retry-After header asks for, number or date; None where it says nothing usable."""
    if value.strip().isdigit():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
        return max((when - world.now()).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None


def _later(exchange: Exchange) -> str:
    asked = one_line(header(exchange.headers, "Retry-After"))
    return f" (Retry-After: {asked})" if asked else ""


def _unwanted(status: int, headers: Headers) -> str | None:
    """A code where the headers say that no page follows."""
    kind = media_type(header(headers, "Content-Type"))
    if not 200 <= status < 300 or kind in PAGE_TYPES or kind == "application/octet-stream":
        return None
    return "document" if kind.startswith(DOCUMENT_TYPES) else "media_type"


def _follow(here: str, target: str) -> str:
    try:
        return urldefrag(urljoin(here, target.strip()))[0]
    except ValueError:
        return target


def _parses(url: str) -> bool:
    try:
        return urlsplit(url).port is None or True
    except ValueError:
        return False


def _split_credentials(url: str) -> tuple[str, Headers]:
    """An address without its user name and password, and the header that carries them to that host alone."""
    if not _parses(url):
        return url, ()
    parts = urlsplit(url)
    secret, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, ()
    token = base64.b64encode(unquote(secret).encode()).decode()
    bare = urlunsplit(parts._replace(netloc=host))
    return bare, (("Authorization", f"Basic {token}"),)


def strip_credentials(url: str) -> str:
    """An address without user name and password."""
    return _split_credentials(url)[0]


def with_credentials(url: str, secret: str) -> str:
    """`url` with the user name and password of `secret`, where both are of one scheme, host and port."""
    if not (_parses(url) and _parses(secret)):
        return url
    one, other = urlsplit(url), urlsplit(secret)
    user, at, host = other.netloc.rpartition("@")
    if not at or (one.scheme, one.netloc.lower()) != (other.scheme, host.lower()):
        return url
    return urlunsplit(one._replace(netloc=f"{user}@{one.netloc}"))


def without_body(snapshot: Snapshot) -> Snapshot:
    """A snapshot's record, for results that travel."""
    return replace(snapshot, body=b"")
