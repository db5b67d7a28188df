"""What PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2) ask of a document, as far as its structure shows it.

`faults` finds what these rules forbid; where veraPDF is installed, `verapdf_faults` asks it as well.
"""

import io
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from pypdf import PdfReader

_CHILDREN = {  # ISO 32000-1, tables 336 and 337
    "/L": {"/L", "/LI", "/Caption"},
    "/LI": {"/Lbl", "/LBody"},
    "/Table": {"/TR", "/THead", "/TBody", "/TFoot", "/Caption"},
    "/THead": {"/TR"},
    "/TBody": {"/TR"},
    "/TFoot": {"/TR"},
    "/TR": {"/TH", "/TD"},
}
_PARENTS = {
    "/LI": {"/L"},
    "/Lbl": {"/LI"},
    "/LBody": {"/LI"},
    "/TR": {"/Table", "/THead", "/TBody", "/TFoot"},
    "/TH": {"/TR"},
    "/TD": {"/TR"},
}
_SAID_OF_ITSELF = (
    *('pdfaid:part="2"', 'pdfaid:conformance="A"', 'pdfuaid:part="1"'),
    *("pdfaExtension:schemas", "http://www.aiim.org/pdfua/ns/id/"),
)


def faults(pdf: bytes) -> list[str]:
    """List what the document lacks."""
    reader = PdfReader(io.BytesIO(pdf))
    catalog = reader.trailer["/Root"]
    said = catalog["/Metadata"].get_data().decode()
    needed = {
        "no identifier": "/ID" in reader.trailer,
        "encrypted": not reader.is_encrypted,
        "not marked": bool(catalog["/MarkInfo"]["/Marked"]),
        "no language": bool(catalog.get("/Lang")),
        "its title is not shown": bool(catalog["/ViewerPreferences"]["/DisplayDocTitle"]),
        "no title": bool(reader.metadata and reader.metadata.title and reader.metadata.title in said),
        "no colours named": catalog["/OutputIntents"][0]["/S"] == "/GTS_PDFA1",
        "acts by itself": not {"/OpenAction", "/AA", "/AcroForm"} & set(catalog),
        "two descriptions of itself": said.count("<rdf:RDF") == 1,
        **{f"does not say {words}": words in said for words in _SAID_OF_ITSELF},
    }
    found = [fault for fault, fine in needed.items() if not fine]
    return [*found, *_headings(catalog), *_structure(catalog), *_fonts(reader), *_pages(reader)]


def verapdf_faults(path: Path) -> str | None:
    """Return what veraPDF finds wrong with a file, "" for nothing; None where it is not installed."""
    command = shutil.which("verapdf")
    if command is None:
        return None
    answers = [
        subprocess.run(
            [command, "--format", "text", "-v", "--flavour", flavour, path], capture_output=True, text=True, check=False
        )
        for flavour in ("2a", "ua1")
    ]
    return "\n".join(answer.stdout for answer in answers if answer.returncode)


def tags(pdf: bytes) -> list[str]:
    """List the tags of a document in reading order."""
    return [tag for tag, _, _ in _elements(PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"])]


def _elements(node: Any, parent: str = "") -> Iterator[tuple[str, str, Any]]:
    node = node.get_object()
    if not isinstance(node, dict):
        return
    tag = str(node.get("/S", ""))
    if tag:
        yield tag, parent, node
    below = node.get("/K", [])
    below = below.get_object() if hasattr(below, "get_object") else below
    for child in below if isinstance(below, list) else [below]:
        if hasattr(child, "get_object"):
            yield from _elements(child, tag)


def _structure(catalog: Any) -> Iterator[str]:
    for tag, parent, node in _elements(catalog["/StructTreeRoot"]):
        if tag not in _CHILDREN.get(parent, {tag}) or parent not in _PARENTS.get(tag, {parent}):
            yield f"{tag} stands in {parent}"
        if tag == "/Figure" and not node.get("/Alt"):
            yield "a figure without words"


def _headings(catalog: Any) -> Iterator[str]:
    levels = [
        int(tag[2:]) for tag, _, _ in _elements(catalog["/StructTreeRoot"]) if tag[1:2] == "H" and tag[2:].isdigit()
    ]
    if levels[:1] != [1]:
        yield f"the first heading is {levels[:1]}"
    yield from (f"heading {one} is followed by {two}" for one, two in pairwise(levels) if two > one + 1)


def _fonts(reader: PdfReader) -> Iterator[str]:
    for page in reader.pages:
        for name, kept in page["/Resources"]["/Font"].items():
            font = kept.get_object()
            within = [each.get_object() for each in font.get("/DescendantFonts", [])] or [font]
            if "/ToUnicode" not in font:
                yield f"{name} cannot be read out"
            if font["/Subtype"] != "/Type3" and not all(
                {"/FontFile2", "/FontFile3"} & set(each["/FontDescriptor"]) for each in within
            ):
                yield f"{name} is not inside"


def _pages(reader: PdfReader) -> Iterator[str]:
    for number, page in enumerate(reader.pages, 1):
        if page.get("/Tabs") != "/S" or "/StructParents" not in page:
            yield f"page {number} has no order of its own"
        if page.get("/AA"):
            yield f"page {number} acts by itself"
