"""The ports behind which the devices are: one that they share, and those of their own."""

from collections.abc import Callable
from typing import Any

from domain.errors import BadInputError
from simulation.cameras.config import HOST
from simulation.cameras.onvif import OnvifSite, PtzCamera
from simulation.cameras.onvif_certificates import Certificate
from simulation.cameras.onvif_lies import Address
from simulation.cameras.web import Asked, Reply, WebServer


class OnvifPorts:
    """Serves every device; a port of its own answers for that device alone."""

    def __init__(self, cameras: dict[int, PtzCamera]) -> None:
        self._cameras = cameras
        self._site = OnvifSite(cameras)
        self._shared = WebServer(self._answer_shared, self._site.ended)
        self._own: dict[int, WebServer] = {}
        self._secure: dict[int, WebServer] = {}
        self._certificates: dict[int, Certificate] = {}

    @property
    def port(self) -> int:
        """Return the port that the devices share."""
        return self._shared.port

    async def start(self, port: int, stream: Callable[[int, str], str]) -> None:
        """Begin to listen, and tell each device where it is and where its streams are."""
        await self._shared.start(port)
        for no, camera in self._cameras.items():
            kind = camera.camera.onvif
            if kind.own_port and not kind.https_only:
                self._own[no] = WebServer(self._only(no), self._site.ended)
                await self._own[no].start(0)
            if kind.https or kind.https_only:
                self._certificates[no] = Certificate(f"practice-{no}")
                self._secure[no] = WebServer(self._only(no), self._site.ended)
                await self._secure[no].start(0, self._certificates[no].context)
            camera.announce(Address(self.url(no), stream))

    def close(self) -> None:
        """Close every port and connection."""
        for server in (self._shared, *self._own.values(), *self._secure.values()):
            server.close()
        for camera in self._cameras.values():
            camera.close()

    def url(self, no: int) -> str:
        """Return where a device's services are, as it tells it itself."""
        if self._cameras[no].camera.onvif.https_only:
            return self._secure_url(no)
        server = self._own.get(no, self._shared)
        return f"http://{HOST}:{server.port}/onvif/{no}"

    def row(self, no: int) -> dict[str, Any]:
        """Return what the ready line says of a camera's ONVIF side; nothing where it has none."""
        if no not in self._cameras:
            return {"onvif_url": None, "onvif_https_url": None, "fingerprint": None}
        secure = no in self._secure
        return {
            "onvif_url": f"{self.url(no)}/device_service",
            "onvif_https_url": f"{self._secure_url(no)}/device_service" if secure else None,
            "fingerprint": self._certificates[no].fingerprint if secure else None,
        }

    def exchange(self, no: int) -> dict[str, Any]:
        """Give a device another certificate; BadInputError where it has none."""
        if no not in self._certificates:
            raise BadInputError(f"camera {no} speaks no HTTPS")
        return {"fingerprint": self._certificates[no].exchange()}

    def _secure_url(self, no: int) -> str:
        return f"https://{HOST}:{self._secure[no].port}/onvif/{no}"

    def _only(self, no: int) -> Callable[[Asked], Any]:
        """Return what answers on a device's own port: for that device alone."""

        async def answer(asked: Asked) -> Reply:
            if not asked.path.startswith(f"/onvif/{no}/"):
                return Reply(b"no such camera\n", "text/plain", 404)
            return await self._site.answer(asked)

        return answer

    async def _answer_shared(self, asked: Asked) -> Reply:
        """Answer for the devices that have no ports of their own."""
        steps = asked.path.split("/")
        if len(steps) > 2 and steps[2].isdecimal() and (camera := self._cameras.get(int(steps[2]))) is not None:
            kind = camera.camera.onvif
            if kind.own_port or kind.https_only:
                return Reply(b"no such camera\n", "text/plain", 404)
        return await self._site.answer(asked)
