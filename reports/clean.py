"""Page text made harmless to look at. Every replacement is one character for one, so offsets stay true."""

from __future__ import annotations

import re

# C0 and C1 controls, characters that reorder or hide text (bidirectional controls, tags, interlinear marks),
# line separators that break terminals, and halves of surrogate pairs, which no file can hold.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """`text` with every control and reordering character shown as a picture of itself or as U+FFFD."""
    return _HARMFUL.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def one_line(text: str) -> str:
    """`text` made visible, on one line."""
    return " ".join(visible(text).split())


def escaped_json(text: str) -> str:
    r"""Serialised JSON with harmful characters as ``\uXXXX``: the same data, safe to show and to save."""
    return _HARMFUL.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
