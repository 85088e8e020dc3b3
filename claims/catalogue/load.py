"""Loading a catalogue: read, validate, cross-check, index. All faults end in one `DataError`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from claims.catalogue import build
from claims.catalogue.cross import cross_problems
from claims.catalogue.documents import Document
from claims.catalogue.entry import Catalogue, Entry, OmissionRule
from claims.catalogue.layers import SHIPPED, Layer, shipped_layer, user_layer, validate_layer
from claims.errors import DataError

Raw = Mapping[str, Any]


def load_catalogue(
    treatment: str = "ketamine", folders: tuple[str, ...] = (), *, validate_shipped: bool = False
) -> Catalogue:
    """The shipped catalogue of a treatment with the user's `folders` laid over it, entry by entry.

    User folders are always validated. The shipped files are validated by the test suite and by
    `claims-audit catalogue validate`, which pass `validate_shipped`. Raises `DataError`, one line a fault.
    """
    layers = _read(treatment, folders)
    problems = [p for layer in layers for p in layer.problems]
    for layer in layers:
        if validate_shipped or layer.origin != SHIPPED:
            problems += validate_layer(layer)
    if problems:
        raise DataError(problems)
    problems = cross_problems(treatment, layers)
    if problems:
        raise DataError(problems)
    return assemble(treatment, layers)


def folder_entries(treatment: str, folder: str) -> dict[str, Entry]:
    """The entries of one folder alone, by id; facts that they cite are looked up in what ships as well."""
    layer, shipped = user_layer(folder), shipped_layer(treatment)
    problems = [*layer.problems, *validate_layer(layer)]
    if problems:
        raise DataError(problems)
    evidence = {raw["id"]: raw for _, _, _, raw in members([shipped, layer], "evidence", "evidence")}
    return {
        raw["id"]: build.build_entry(raw, document.data["family"], evidence, folder, document.name)
        for _, document, _, raw in members([layer], "entry", "entries")
    }


@lru_cache(maxsize=4)
def cached_catalogue(treatment: str = "ketamine", folders: tuple[str, ...] = ()) -> Catalogue:
    """As `load_catalogue`, once a process."""
    return load_catalogue(treatment, folders)


def _read(treatment: str, folders: tuple[str, ...]) -> list[Layer]:
    return [shipped_layer(treatment), *(user_layer(f) for f in folders)]


def members(layers: Iterable[Layer], kind: str, key: str) -> Iterator[tuple[Layer, Document, int, Raw]]:
    """Every element of the list `key` in the documents of one kind, with where it stands."""
    for layer in layers:
        for document in layer.of(kind):
            for position, raw in enumerate(document.data.get(key, ())):
                yield layer, document, position, raw


def assemble(treatment: str, layers: list[Layer]) -> Catalogue:
    """The catalogue from layers without faults; later layers win."""
    evidence = {raw["id"]: raw for _, _, _, raw in members(layers, "evidence", "evidence")}
    conditions = {raw["id"]: raw for _, _, _, raw in members(layers, "conditions", "conditions")}
    entries: dict[str, Entry] = {}
    overridden: list[str] = []
    for layer, document, position, raw in members(layers, "entry", "entries"):
        if raw["id"] in entries:
            overridden.append(raw["id"])
        line, _ = document.place(("entries", position)) if layer.origin != SHIPPED else (0, 0)
        place = f"{document.name}:{line}" if line else document.name
        entries[raw["id"]] = build.build_entry(raw, document.data["family"], evidence, layer.origin, place)
    signatures = tuple(
        build.build_signature(raw) for _, _, _, raw in members(layers, "signatures", "signatures")
    )
    entries = build.apply_signatures(entries, signatures)
    omissions: dict[str, OmissionRule] = {
        raw["id"]: build.build_omission(raw) for _, _, _, raw in members(layers, "omissions", "omissions")
    }
    page_rules = [document.data for layer in layers for document in layer.of("omissions")][-1]
    return Catalogue(
        treatment=treatment,
        entries=entries,
        evidence={i: build.build_evidence(raw) for i, raw in evidence.items()},
        conditions={i: build.build_condition(raw) for i, raw in conditions.items()},
        omissions=tuple(omissions.values()),
        promotion=build.build_promotion(page_rules["promotion"]),
        aims=tuple(build.build_aim(a) for a in page_rules["aims"]),
        hash=_hash(layers),
        signatures=signatures,
        overridden=tuple(overridden),
        index=build.index_entries(entries.values()),
    )


def _hash(layers: list[Layer]) -> str:
    """Twelve hex digits that change with any content, and not with its layout or the folder's name."""
    return build.content_hash(
        [[kind, document.data] for layer in layers for kind, document in layer.everything()]
    )[:12]


def without(catalogue: Catalogue, entry: str) -> Catalogue:
    """The catalogue with one entry taken away."""
    from dataclasses import replace

    entries = {i: e for i, e in catalogue.entries.items() if i != entry}
    return replace(catalogue, entries=entries, index=build.index_entries(entries.values()))
