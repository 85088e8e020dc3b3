"""Addresses: cleaned to be fetched, folded to be compared, so that each page is read once.

`clean` gives the address to ask for: the same page, without what only tracks the visitor. `key` gives its
identity, in which further spellings of one page agree; it is never fetched.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from urllib.parse import quote, unquote, urlsplit, urlunsplit

MAX_LENGTH = 2000
"""Longer addresses are machines talking to themselves."""

TRACKING = re.compile(
    r"(?:utm_|mtm_|pk_|piwik_|matomo_|hsa_|oly_|vero_|at_(?:campaign|medium)|trk_).*"
    r"|_hsenc|_hsmi|_ga|_gl|_ke|_openstat"
    r"|g(?:clid|clsrc|braid|braid|ad_source|ad_campaignid)|wbraid|dclid|fbclid|msclkid|yclid|ysclid|ttclid|twclid"
    r"|li_fat_id|igshid|igsh|mc_[ce]id|mkt_tok|srsltid|s_cid|wickedid|rb_clickid|epik|dm_i|fb_(?:action|source).*",
    re.IGNORECASE,
)
SESSION = re.compile(
    r"phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|sessionid|session_id",
    re.IGNORECASE,
)
SHORT_SESSION = re.compile(r"s|sid|session|osCsid|zenid", re.IGNORECASE)
"""Names that mean something else too: taken for a session only with a value like one."""
SESSION_VALUE = re.compile(r"[0-9a-f]{16,}|(?=\w*\d)(?=\w*[a-zA-Z])\w{20,}", re.IGNORECASE)
PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)

PORTS = {"http": 80, "https": 443}
_PATH_SAFE = "/:@!$&'()*+,;=~-._%"
_QUERY_SAFE = "/:@!$'()*,;~-._?&=+%"

_NOT_PAGES = """
.css .js .mjs .json .xml .rss .atom .ico .png .jpg .jpeg .gif .svg .webp .avif .bmp .tif .tiff .heic
.mp3 .mp4 .m4a .m4v .mov .avi .wmv .webm .ogg .wav .flac .woff .woff2 .ttf .eot .zip .gz .tgz .rar .7z
.exe .dmg .apk .iso .ics .vcf .csv .map .wasm
"""
NOT_PAGES = frozenset(_NOT_PAGES.split())
"""Extensions of files that hold no page; not asked for."""


def clean(url: str) -> str | None:
    """The address to fetch, or None where it is no web page's (another scheme, too long, a picture)."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in PORTS or not host or len(url) > MAX_LENGTH:
        return None
    name = _ascii(host)
    if name is None:
        return None
    netloc = f"[{name}]" if ":" in name else name
    if port and port != PORTS[parts.scheme]:
        netloc += f":{port}"
    path = _path(parts.path)
    if posixpath.splitext(path)[1].lower() in NOT_PAGES:
        return None
    return urlunsplit((parts.scheme, netloc, path, _query(parts.query), ""))


def key(url: str, aliases: frozenset[str] = frozenset(), host: str = "") -> str:
    """The identity of a page: host and port, path and query, folded.

    Hosts among `aliases` count as `host`; `www.`, the scheme, the order of the query, a trailing slash and an
    index file's name make no difference.
    """
    cleaned = clean(url)
    if cleaned is None:
        return url
    parts = urlsplit(cleaned)
    name = bare_host(parts.netloc)
    if name in aliases:
        name = host
    path = INDEX.sub("/", parts.path).rstrip("/") or "/"
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{name}{path}{'?' if query else ''}{query}"


def bare_host(netloc: str) -> str:
    """Host and port in lower case, without user and without `www.`."""
    return netloc.rpartition("@")[2].lower().removeprefix("www.")


def host_of(url: str) -> str:
    """`bare_host` of an address; empty where it has none."""
    try:
        return bare_host(urlsplit(url).netloc)
    except ValueError:
        return ""


def same_path(one: str, other: str) -> bool:
    """True where two addresses differ in nothing but their query, or what `key` folds."""
    return key(one).partition("?")[0] == key(other).partition("?")[0]


def matches(url: str, patterns: tuple[str, ...]) -> bool:
    """True where path and query match a pattern (`*` any stretch, `?` any character), case folded."""
    parts = urlsplit(url)
    text = (parts.path + (f"?{parts.query}" if parts.query else "")).lower()
    return any(fnmatch.fnmatchcase(text, pattern.lower()) for pattern in patterns)


def _ascii(host: str) -> str | None:
    host = host.lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def _path(path: str) -> str:
    path = PATH_SESSION.sub("", path)
    path = quote(_reencode(path), safe=_PATH_SAFE)
    out: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(out) > 1:
                out.pop()
        elif segment != ".":
            out.append(segment)
    if segments[-1] in (".", "..") and out and out[-1] != "":
        out.append("")
    joined = "/".join(out)
    return joined if joined.startswith("/") else f"/{joined}"


def _reencode(text: str) -> str:
    """Percent signs as they are where they encode something, letters and digits spelt out."""

    def one(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char.isascii() and (char.isalnum() or char in "-._~") else f"%{match[1].upper()}"

    return re.sub(r"%([0-9a-fA-F]{2})", one, re.sub(r"%(?![0-9a-fA-F]{2})", "%25", text))


def _query(query: str) -> str:
    kept = [piece for piece in query.split("&") if piece and not _tracks(piece)]
    return quote(_reencode("&".join(kept)), safe=_QUERY_SAFE)


def _tracks(piece: str) -> bool:
    """True for `name=value` that says where a visitor came from or which visit this is."""
    name, _, value = (unquote(part) for part in piece.partition("="))
    if TRACKING.fullmatch(name) or SESSION.fullmatch(name):
        return True
    return bool(SHORT_SESSION.fullmatch(name) and SESSION_VALUE.fullmatch(value))
