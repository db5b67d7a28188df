"""The press: a child process that sets type with WeasyPrint, and the only importer of it.

It takes orders on its standard input and answers on its standard output until the
input closes. It fetches nothing: every address outside a closed table ends the document.
"""

import logging
import os
import resource
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML, Attachment
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from practice.core import frames

_STATIC = Path(__file__).resolve().parents[1] / "static"
_KINDS = {".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png", ".css": "text/css"}
_MEMORY = 3 * 1024**3
_UA_SCHEMA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
 <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
  <pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
  <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
  <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
  <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
   <pdfaProperty:name>part</pdfaProperty:name>
   <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
   <pdfaProperty:category>internal</pdfaProperty:category>
   <pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
  </rdf:li></rdf:Seq></pdfaSchema:property>
 </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


class ClosedTable(URLFetcher):  # type: ignore[misc] # the library ships no types
    """Answers for our own assets and ends the document for anything else."""

    def __init__(self, assets: Mapping[str, Path]) -> None:
        super().__init__()
        self._assets = assets

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return one of our files; raises FatalURLFetchingError for every other address."""
        path = self._assets.get(url)
        if path is None:
            message = "This document asks for something from outside, so it was not printed."
            raise FatalURLFetchingError(message)
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _KINDS[path.suffix]})


def our_assets() -> dict[str, Path]:
    """List what a document may use: `asset:fonts/…`, `asset:img/…` and `asset:css/pdf.css`."""
    found = [*_STATIC.glob("fonts/*.woff2"), *_STATIC.glob("img/*.svg"), *_STATIC.glob("img/*.png")]
    found.append(_STATIC / "css" / "pdf.css")
    return {f"asset:{path.relative_to(_STATIC).as_posix()}": path for path in found if path.is_file()}


class Accessible(DocumentMetadata):  # type: ignore[misc] # the library ships no types
    """What an archival document says of itself, and that it is PDF/UA-1 too (ISO 14289-1, clause 5).

    PDF/A lets a document name another standard only together with that schema's
    description (ISO 19005-2, 6.6.2.3.2).
    """

    def generate_rdf_metadata(self, *standard: object) -> bytes:
        """Return the archive's own words with ours inside them."""
        rdf: bytes = super().generate_rdf_metadata(*standard)
        return rdf.replace(b"</rdf:RDF>", _UA_SCHEMA + b"</rdf:RDF>")


class Press:
    """Our fonts and style sheet, read once, and documents set with them."""

    def __init__(self) -> None:
        self._fonts = FontConfiguration()
        self._fetcher = ClosedTable(our_assets())
        self._styles = [
            CSS(url=url, url_fetcher=self._fetcher, font_config=self._fonts)
            for url in our_assets()
            if url.endswith(".css")
        ]

    def set(self, order: bytes) -> bytes:
        """Set one document with its title and language: PDF/UA-1 and PDF/A-2a, or PDF/A-3a when it encloses files."""
        markup, title, enclosures = frames.read_order(order)
        variant = "pdf/a-3a" if enclosures else "pdf/a-2a"  # ISO 19005-2, 6.8: only PDF/A may be enclosed in PDF/A-2
        html = HTML(string=markup, url_fetcher=self._fetcher)
        document = html.render(stylesheets=self._styles, font_config=self._fonts, pdf_variant=variant)
        document.metadata = Accessible(**vars(document.metadata))
        document.metadata.title = title
        document.metadata.lang = document.metadata.lang or "en"
        files = [Attachment(string=data, name=name, description=about) for name, about, data in enclosures]
        pdf: Any = document.write_pdf(pdf_variant=variant, attachments=files or None)
        return bytes(pdf)


def main() -> None:
    """Answer orders until nobody asks any more."""
    orders, results = _own_pipes()
    _be_modest()
    press = Press()
    while True:
        try:
            order = frames.read(orders)
        except EOFError:
            return
        frames.write(results, _answer(press, order))


def _answer(press: Press, order: bytes) -> bytes:
    try:
        return frames.PRINTED + press.set(order)
    except FatalURLFetchingError as error:
        return frames.REFUSED + str(error).encode()
    except Exception:
        logging.getLogger(__name__).exception("a document could not be set")
        return frames.REFUSED + b"This document could not be set. Nothing is lost: print the page itself instead."


def _own_pipes() -> tuple[int, int]:
    """Take standard output for answers alone, so that no library's print can spoil a frame."""
    orders, results = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    return orders, results


def _be_modest() -> None:
    """Give way to calls on the same machine and never take all the memory."""
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes the pipe
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
