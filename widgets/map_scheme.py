"""The address scheme under which the map's page and files are served, from memory and from resources/map."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QFile, QIODevice, QObject
from PySide6.QtWebEngineCore import (
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

from widgets.map_document import SCHEME, MapDocument

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-src 'none'; object-src 'none'"
)
_KINDS = {".html": b"text/html", ".js": b"text/javascript", ".css": b"text/css", ".png": b"image/png"}


def register_scheme() -> None:
    """Make the scheme known to the web engine; must come before QApplication is made."""
    scheme = QWebEngineUrlScheme(SCHEME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    scheme.setFlags(QWebEngineUrlScheme.Flag.SecureScheme | QWebEngineUrlScheme.Flag.CorsEnabled)
    QWebEngineUrlScheme.registerScheme(scheme)


class MapFiles(QWebEngineUrlSchemeHandler):
    """Answers the page's requests; knows these files and no others."""

    def __init__(self, document: MapDocument, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._held = {
            "index.html": document.html.encode(),
            "boot.js": document.script.encode(),
            "qwebchannel.js": _qwebchannel(),
            **{name: (folder / name).read_bytes() for name in ("leaflet.js", "leaflet.css", "page.css", "driver.js")},
        }

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        """Answer one request."""
        name = job.requestUrl().path().lstrip("/")
        content = self._held.get(name)
        if content is None:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        if name.endswith(".html"):
            # A list of values: a bare string would be sent as one header per character.
            job.setAdditionalResponseHeaders(
                {QByteArray(b"Content-Security-Policy"): [QByteArray(_POLICY.encode())]}  # type: ignore[dict-item]
            )
        body = QBuffer(job)
        body.setData(content)
        body.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(_KINDS[Path(name).suffix], body)


class Gatekeeper(QWebEngineUrlRequestInterceptor):
    """Lets only the map's own scheme through and counts what else was asked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.refused: list[str] = []

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Refuse whatever is not ours."""
        if info.requestUrl().scheme() not in (SCHEME.decode(), "data"):
            self.refused.append(info.requestUrl().toString()[:200])
            info.block(True)  # noqa: FBT003 - Qt's signature


def _qwebchannel() -> bytes:
    file = QFile(":/qtwebchannel/qwebchannel.js")
    file.open(QIODevice.OpenModeFlag.ReadOnly)
    return bytes(file.readAll().data())
