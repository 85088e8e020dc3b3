"""One request and its response over a connection that only goes where it may, within bounds of time and size.

No redirects, no retries (those are decided above), no cookies, no proxies, nothing from the environment.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, IncompleteRead, ReadTimeoutError

from pipeline.sources.addresses import AddressRefusedError, Guard
from pipeline.sources.base import SourceOptions, one_line
from pipeline.sources.bodies import BodyError, decode

Headers = tuple[tuple[str, str], ...]

CHUNK = 64 * 1024


class TransportError(Exception):
    """No usable response. `code` as in Skipped; `again` says whether a further try may help."""

    def __init__(self, code: str, reason: str, *, again: bool = False) -> None:
        super().__init__(reason)
        self.code, self.again = code, again


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and the response to it."""

    url: str
    request_headers: Headers
    status: int
    reason: str
    headers: Headers
    raw: bytes
    """The body as sent, transfer encoding removed."""
    body: bytes
    """The body with its content encoding undone."""
    peer: str
    """Numeric address connected to."""


Wanted = Callable[[int, Headers], str | None]
"""Status and headers → why the body is not worth having (a code), or None to read it."""


class UnwantedError(TransportError):
    """The headers said enough; the body was not read."""

    def __init__(self, code: str, exchange: Exchange) -> None:
        super().__init__(code, code)
        self.exchange = exchange


class _Watch:
    """Ends the request under way when its time is up, by shutting its socket from another thread."""

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self.peer = ""
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def watch(self, sock: socket.socket) -> None:
        self._socket = sock
        with suppress(OSError):  # reset already: reading will tell
            self.peer = str(sock.getpeername()[0])
        if self.expired:
            self._expire()

    def _expire(self) -> None:
        self.expired = True
        if self._socket is not None:
            # Not SSLSocket's own shutdown, which would pull the session from under the reading thread.
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    @contextmanager
    def running(self) -> Iterator[None]:
        self._timer.start()
        try:
            yield
        finally:
            self._timer.cancel()


class _Current(threading.local):
    watch: _Watch | None = None


class _GuardedAdapter(HTTPAdapter):
    """Connects to checked addresses only, so that a name cannot mean two things."""

    def __init__(self, guard: Guard, current: _Current, connections: int) -> None:
        self._guard, self._current = guard, current
        super().__init__(pool_connections=16, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pool_classes(self._guard, self._current)


def _pool_classes(guard: Guard, current: _Current) -> dict[str, type[HTTPConnectionPool]]:
    def connect(connection: HTTPConnection) -> socket.socket:
        sock = _connect(guard, connection.host, connection.port or 0, connection.timeout)
        if connection.socket_options:
            for option in connection.socket_options:
                sock.setsockopt(*option)
        return sock

    def note(connection: HTTPConnection) -> None:
        if current.watch is not None and connection.sock is not None:
            current.watch.watch(connection.sock)

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self)

        def getresponse(self) -> Any:
            note(self)
            return super().getresponse()

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self)

        def getresponse(self) -> Any:
            note(self)
            return super().getresponse()

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _connect(guard: Guard, host: str, port: int, timeout: Any) -> socket.socket:
    """A socket to the first of the host's checked addresses that answers."""
    try:
        addresses = guard.addresses(host, port)
    except (socket.gaierror, UnicodeError) as error:
        raise TransportError("dns", f"no address found for {host}; check the name and the network") from error
    except AddressRefusedError as error:
        raise TransportError("refused_address", f"{error}{_REMEDY.get(error.kind, _PRIVATE)}") from error
    seconds = timeout if isinstance(timeout, int | float) else None
    last: OSError = OSError("no address")
    for address in addresses:
        try:
            sock = socket.create_connection((address, port), seconds)
        except OSError as error:
            last = error
            continue
        try:
            guard.check(host, str(sock.getpeername()[0]))
        except (AddressRefusedError, OSError) as error:
            sock.close()
            raise TransportError("refused_address", str(error)) from error
        return sock
    if isinstance(last, TimeoutError):
        raise TransportError("timeout", f"{host} port {port} did not answer within {seconds:g} s") from last
    if isinstance(last, ConnectionRefusedError):
        raise TransportError("refused", f"connection refused by {host} port {port}") from last
    raise TransportError("unreachable", f"{host} port {port} cannot be reached: {last}") from last


_PRIVATE = ", which is not fetched unless --allow-private permits it"
_REMEDY = {
    "public": ": a crawl needs contact under [web] in claims-audit.toml before it goes there",
    "cloud metadata": ", which is never fetched",
    "multicast": ", which is never fetched",
    "unspecified": ", which is never fetched",
}


def _anonymous(options: SourceOptions) -> bool:
    """True for a crawl that does not say whom to write to: it must not leave the machine's own addresses."""
    return options.crawl is not None and not options.contact


class Transport:
    """Sends single requests; safe to use from several threads."""

    def __init__(self, options: SourceOptions, guard: Guard | None = None) -> None:
        self._options = options
        self._current = _Current()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.clear()
        self.guard = guard or Guard(
            options.allow_private, options.world.resolve, own_only=_anonymous(options)
        )
        connections = options.crawl.connections if options.crawl else 2
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _GuardedAdapter(self.guard, self._current, connections))

    def close(self) -> None:
        self._session.close()

    def get(self, url: str, headers: Headers, wanted: Wanted | None = None) -> Exchange:
        """The response to one GET. Raises TransportError; UnwantedError where `wanted` declined."""
        watch = _Watch(self._options.total_timeout)
        self._current.watch = watch
        try:
            with watch.running():
                return self._get(url, headers, wanted, watch)
        except TransportError:
            if watch.expired:
                raise self._too_slow() from None
            raise
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            if watch.expired:
                raise self._too_slow() from error
            raise _translate(error, self._options) from error
        finally:
            self._current.watch = None

    def _get(self, url: str, headers: Headers, wanted: Wanted | None, watch: _Watch) -> Exchange:
        options = self._options
        prepared = self._session.prepare_request(requests.Request("GET", url, headers=dict(headers)))
        # The adapter and not the session, which would read a redirect's body whole and unbounded.
        response = self._session.get_adapter(prepared.url or url).send(
            prepared,
            stream=True,
            timeout=(options.connect_timeout, options.read_timeout),
            verify=options.ca_bundle or True,
        )
        try:
            got = tuple((str(k), str(v)) for k, v in response.raw.headers.items())
            sent = tuple((str(k), str(v)) for k, v in prepared.headers.items())
            head = Exchange(url, sent, response.status_code, response.reason or "", got, b"", b"", watch.peer)
            unwanted = wanted(head.status, got) if wanted else None
            if unwanted:
                raise UnwantedError(unwanted, head)
            raw = self._read(response.raw, watch)
        finally:
            response.close()
        try:
            body = decode(
                raw, ",".join(v for k, v in got if k.lower() == "content-encoding"), options.max_decoded
            )
        except BodyError as error:
            raise TransportError(error.code, str(error), again=error.code == "incomplete") from error
        return Exchange(url, sent, head.status, head.reason, got, raw, body, watch.peer)

    def _read(self, stream: Any, watch: _Watch) -> bytes:
        parts: list[bytes] = []
        size = 0
        while part := stream.read(CHUNK, decode_content=False):
            size += len(part)
            if size > self._options.max_bytes:
                raise TransportError("too_large", f"larger than {self._options.max_bytes} bytes as sent")
            parts.append(part)
        if watch.expired:
            raise self._too_slow()
        return b"".join(parts)

    def _too_slow(self) -> TransportError:
        return TransportError("timeout", f"not complete within {self._options.total_timeout:g} s")


def _translate(error: Exception, options: SourceOptions) -> TransportError:
    """A library's error as one of ours, told by what caused it."""
    chain = list(_causes(error))
    ours = next((e for e in chain if isinstance(e, TransportError)), None)
    if ours is not None:
        return ours
    if isinstance(error, requests.exceptions.SSLError):
        return TransportError(
            "tls", f"the secure connection failed: {_root(chain)}; check the certificate and its date"
        )
    if any(isinstance(e, requests.Timeout | ReadTimeoutError | TimeoutError) for e in chain):
        return TransportError("timeout", f"no answer within {options.read_timeout:g} s")
    if any(isinstance(e, IncompleteRead) or "IncompleteRead" in str(e) for e in chain):
        return TransportError("incomplete", "the response ended before its announced length", again=True)
    if any(isinstance(e, ConnectionError) for e in chain):
        return TransportError("reset", f"the connection was lost: {_root(chain)}", again=True)
    if isinstance(error, requests.exceptions.InvalidURL | ValueError) and not isinstance(error, HTTPError):
        return TransportError("bad_address", f"not an address that can be fetched: {error}")
    return TransportError("protocol", f"not an HTTP response that can be read: {_root(chain)}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what lies behind it, through causes and wrapped arguments."""
    seen: set[int] = set()
    todo: list[BaseException] = [error]
    while todo:
        one = todo.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        todo += [a for a in one.args if isinstance(a, BaseException)]
        todo += [
            c
            for c in (one.__cause__, one.__context__, getattr(one, "reason", None))
            if isinstance(c, BaseException)
        ]


def _root(chain: list[BaseException]) -> str:
    """The innermost message, on one line."""
    text = next((str(e) for e in reversed(chain) if str(e)), type(chain[-1]).__name__)
    return one_line(text)[:200]
