"""Results on their way from a worker: pickled as their types and fields, several times faster than by themselves."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from io import BytesIO
from operator import attrgetter
from typing import Any

_Values = Callable[[Any], tuple[Any, ...]]


def packed(value: object) -> bytes:
    """A value of the domain's types."""
    out = BytesIO()
    _Packer(out, pickle.HIGHEST_PROTOCOL).dump(value)
    return out.getvalue()


def unpacked(parcel: bytes) -> Any:
    """What a worker of this very run has packed; never for what came from elsewhere."""
    return pickle.loads(parcel)  # noqa: S301 - our own worker's


class _Packer(pickle.Pickler):
    def reducer_override(self, value: object) -> Any:
        kind: Any = type(value)
        values = _values(kind)
        return NotImplemented if values is None else (kind, values(value))


@cache
def _values(kind: Any) -> _Values | None:
    """Gives what a dataclass is made with; None for other types."""
    if not is_dataclass(kind) or any(not field.init or field.kw_only for field in fields(kind)):
        return None
    names = [field.name for field in fields(kind)]
    if len(names) < 2:
        return lambda value: tuple(getattr(value, name) for name in names)
    return attrgetter(*names)
