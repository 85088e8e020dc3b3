"""The folders a catalogue is read from: the shipped treatment, then the user's own, each over the last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from claims.catalogue.documents import Document, read_document
from claims.catalogue.schemas import schema_problems

SHIPPED = "shipped"
_NAMED = {
    "evidence.json": "evidence",
    "omissions.json": "omissions",
    "conditions.json": "conditions",
    "signatures.json": "signatures",
}


@dataclass(slots=True)
class Layer:
    """The documents of one folder by the schema they follow, and what could not be read."""

    origin: str
    documents: dict[str, list[Document]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[Document]:
        return self.documents.get(kind, [])

    def everything(self) -> Iterator[tuple[str, Document]]:
        for kind, documents in self.documents.items():
            for document in documents:
                yield kind, document


def shipped_layer(treatment: str) -> Layer:
    """What ships for a treatment, with the names of propositions and qualifiers."""
    package = files("claims")
    home = package.joinpath("treatments", treatment)
    layer = Layer(SHIPPED)
    if not home.is_dir():
        known = ", ".join(sorted(p.name for p in package.joinpath("treatments").iterdir() if p.is_dir()))
        layer.problems.append(f'treatment "{treatment}": there is no such treatment; choose one of {known}')
        return layer
    for name, kind in _NAMED.items():
        _add(layer, kind, home.joinpath(name), f"claims/treatments/{treatment}/{name}")
    for file in _json_files(home.joinpath("catalogue")):
        _add(layer, "entry", file, f"claims/treatments/{treatment}/catalogue/{file.name}")
    for kind in ("propositions", "qualifiers"):
        _add(layer, kind, package.joinpath("language", f"{kind}.json"), f"claims/language/{kind}.json")
    return layer


def user_layer(folder: str) -> Layer:
    """A user's folder: entry files, and if it has them evidence.json, omissions.json, signatures.json."""
    layer = Layer(folder)
    home = Path(folder)
    if not home.is_dir():
        what = "is a file" if home.exists() else "does not exist"
        layer.problems.append(f"{folder}: the catalogue folder {what}; give a folder with *.json files")
        return layer
    found = list(_json_files(home))
    if not found:
        layer.problems.append(
            f"{folder}: the catalogue folder holds no *.json file; add entries or leave it out"
        )
    for file in found:
        name = str(home / file.name)
        if file.name == "conditions.json":
            remedy = "take it away; a condition that does not ship is read as open, and entries may name open"
            layer.problems.append(f"{name}: conditions are read from what ships only; {remedy}")
        else:
            _add(layer, _NAMED.get(file.name, "entry"), file, name)
    return layer


def _json_files(folder: Traversable) -> Iterable[Traversable]:
    if not folder.is_dir():
        return []
    return sorted((f for f in folder.iterdir() if f.name.endswith(".json")), key=lambda f: f.name)


def _add(layer: Layer, kind: str, file: Traversable, name: str) -> None:
    if layer.origin == SHIPPED and not file.is_file():
        return
    read = read_document(file, name)
    if isinstance(read, str):
        layer.problems.append(read)
    else:
        layer.documents.setdefault(kind, []).append(read)


def validate_layer(layer: Layer) -> list[str]:
    """Everything in a layer that breaks its schema."""
    return [p for kind, document in layer.everything() for p in schema_problems(document, kind)]
