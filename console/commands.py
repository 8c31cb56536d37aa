"""What commands ask of the process that owns a home, whether over its socket or within itself."""

import threading
from collections.abc import Callable
from dataclasses import asdict

from console.acting import COMMAND_LINE, Deed, Door
from console.core import Core
from console.findings import examine
from console.passwords import without_password
from console.ptz_requests import PtzRequests, Request
from domain.camera import Camera, Credentials
from domain.camera_list import compare, read_camera_list
from domain.errors import BadInputError, RefusedError, UnreachableError
from domain.fact import Json
from domain.news import RegisterChanged
from domain.operator import Action, Operator, Role

_DRAIN_S = 30.0

SETTING_UP = Operator("setup", "setup", Role.ADMINISTRATOR)
"""Who acts in a home that has no operator yet: the person at the terminal, who owns the folder."""


class Commands:
    """Answers requests `{"do": NAME, "as": NAME, …}`; raises what went wrong as one of our errors."""

    def __init__(self, core: Core, audit: Callable[[Deed], None]) -> None:
        self._core = core
        self._audit = audit
        self._ptz = PtzRequests(core, self._door)
        self._handlers: dict[str, Callable[[Request], Json]] = {
            "cameras.list": self._list_cameras,
            "cameras.import": self._import_cameras,
            "cameras.credentials": self._keep_credentials,
            "cameras.accept": self._accept_camera,
            "hq.allow": self._hq_allow,
            "hq.status": self._hq_status,
            "hq.sync": self._hq_sync,
            "doctor": lambda _request: [asdict(finding) for finding in examine(self._core)],
        }

    def answer(self, request: Request, gone: threading.Event | None = None) -> Json:
        """Do what is asked and return what it gives. `gone` is set when the caller goes: then nothing turns on."""
        if request.get("do") == "ptz":
            return self._ptz.answer(request, gone or threading.Event())
        handler = self._handlers.get(str(request.get("do")))
        if handler is None:
            raise BadInputError(f"unknown request {request.get('do')!r}: is the running console older?")
        return handler(request)

    def _act(self, request: Request, action: Action, subject: str) -> None:
        self._door(request, action).act(action, subject, COMMAND_LINE)

    def _door(self, request: Request, action: Action) -> Door:
        """Return the door with who asks before it; RefusedError where that is nobody who is known here."""
        door = Door(self._audit, self._core.clock)
        operators = self._core.stores.operators
        name = str(request.get("as") or "")
        if operators.count() == 0:
            door.operator = SETTING_UP
        elif not name:
            raise RefusedError(f"{action.value} needs a name: --as NAME")
        else:
            door.operator = operators.find(name)
            if door.operator is None:
                raise RefusedError(f"no operator is named {name}")
        return door

    def _list_cameras(self, _request: Request) -> Json:
        return [_shown(camera) for camera in self._core.stores.cameras.all()]

    def _import_cameras(self, request: Request) -> Json:
        content = str(request["content"]).encode("latin-1")  # bytes as they were in the file
        given = read_camera_list(content)
        if given.problems and not (request.get("skip_bad") and given.cameras):
            rows = len({problem.row for problem in given.problems})
            raise BadInputError(f"{request['file']}: {rows} wrong rows; nothing was imported", given.problems)
        register = self._core.stores.cameras.all()
        cameras = given.onto(register)
        changes = compare(register, cameras)
        if not request.get("dry_run"):
            self._act(request, Action.IMPORT_CAMERAS, str(request["file"]))
            self._core.stores.cameras.replace_many(cameras)
            self._core.bulletin.post(RegisterChanged(self._core.stores.cameras.all()))
        return {
            "added": [camera.no for camera in changes.added],
            "changed": [change.after.no for change in changes.changed],
            "skipped": [str(problem) for problem in given.problems],
            "total": len(given.cameras),
        }

    def _keep_credentials(self, request: Request) -> Json:
        name = str(request["name"])
        self._act(request, Action.IMPORT_CAMERAS, f"credentials/{name}")
        secrets = self._core.stores.secrets
        secrets.keep(name, Credentials(str(request["user"]), str(request["password"])))
        for camera in self._core.stores.cameras.all():
            if camera.credentials == name:
                self._core.video.retry(camera.no)  # a camera that refused the old password is asked again
                self._core.ptz.retry(camera)
        return {"kept in": secrets.kind}

    def _accept_camera(self, request: Request) -> Json:
        number = request.get("camera")
        camera = self._core.stores.cameras.find(number) if isinstance(number, int) else None
        if camera is None:
            raise BadInputError(f"no camera has the number {number}")
        self._act(request, Action.IMPORT_CAMERAS, f"camera/{camera.no}/exchange")
        self._core.ptz.contacts.accept_exchange(camera)
        return {"accepted": camera.no}

    def _hq_allow(self, request: Request) -> Json:
        self._act(request, Action.MANAGE_HEADQUARTERS, "headquarters")
        return {"origin": str(self._core.workplace.origin)}

    def _hq_status(self, _request: Request) -> Json:
        feed = self._core.stores.feed
        acknowledged, last = feed.acknowledged(), feed.last_seq()
        oldest = feed.oldest_unacknowledged()
        return {
            "url": without_password(self._core.settings.hq.url) or None,
            "acked_seq": acknowledged,
            "behind": last - acknowledged,
            "oldest": oldest.isoformat() if oldest else None,
        }

    def _hq_sync(self, _request: Request) -> Json:
        if self._core.exchange is None:
            raise BadInputError("no headquarters is set ([hq] url in console.toml)")
        exchange = self._core.exchange
        if self._core.running:
            if not exchange.drain(_DRAIN_S):
                raise UnreachableError(f"headquarters has not taken everything within {_DRAIN_S:.0f} s")
            progress = exchange.progress()
        else:
            progress = exchange.sync_once()
        return {"acked_seq": progress.acked_seq, "behind": progress.behind}


def _shown(camera: Camera) -> Json:
    return {
        "no": camera.no,
        "name": camera.name,
        "site": camera.site,
        "site_kind": camera.site_kind.value,
        "district": camera.district,
        "lat": camera.place.lat,
        "lon": camera.place.lon,
        "bearing_deg": camera.bearing_deg,
        "main_url": camera.main_url,
        "sub_url": camera.sub_url,
        "onvif_url": camera.onvif_url,
        "credentials": camera.credentials,
        "transport": camera.transport.value,
        "basic_allowed": camera.basic_allowed,
        "masks": len(camera.masks),
        "recording": camera.recording.value,
    }
