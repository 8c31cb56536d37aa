"""The process that plays the cameras, as the city sees it."""

import http.client
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from domain.camera import Camera, Credentials
from domain.errors import BadInputError, UnreachableError
from domain.fact import Json
from simulation.processes import Spawner, python_command, python_environment, read_line, stop

HOST = "127.0.0.1"
SECRET = "practice"  # noqa: S105 - the name under which the credentials are handed over, not a password

_READY_WITHIN_S = 180.0  # the first start on a machine makes the clips
_ANSWER_WITHIN_S = 10.0


class CameraProcess:
    """Plays the given cameras."""

    def __init__(self, spawner: Spawner, folder: Path) -> None:
        self._spawner = spawner
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._control_port = 0

    @property
    def up(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def start(
        self,
        cameras: Sequence[Camera],
        ptz: frozenset[int],
        codecs: Mapping[int, str],
        credentials: Credentials,
        seed: int,
    ) -> tuple[Camera, ...]:
        """Start it and return the cameras with their addresses; UnreachableError where it does not get ready.

        Cameras in `ptz` can be moved; `codecs` names, by number, what is not H.264.
        """
        path = self._folder / "cameras.json"
        rows = [
            {
                "no": camera.no,
                "name": camera.name,
                "kind": "ptz" if camera.no in ptz else "fixed",
                "scene": camera.no + seed,
                "codec": codecs.get(camera.no, "h264"),
            }
            for camera in cameras
        ]
        secret = {"user": credentials.user, "password": credentials.password}
        path.write_text(json.dumps({"cameras": rows, "credentials": secret, "rtsp_port": 0}), encoding="utf-8")
        path.chmod(0o600)
        log = self._folder / "cameras.log"
        self._process = self._spawner.start(
            python_command("simulation.cameras", str(path)), log=log, answers=True, environment=python_environment()
        )
        try:
            ready: dict[str, Any] = read_line(self._process, _READY_WITHIN_S)
            self._control_port = int(ready["control_port"])
            addresses = {int(row["no"]): row for row in ready["cameras"]}
            return tuple(_with_addresses(camera, addresses[camera.no]) for camera in cameras)
        except (UnreachableError, KeyError, TypeError, ValueError) as error:
            self.stop()
            raise UnreachableError(f"the practice cameras did not start ({log} says why): {error}") from error

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            stop(self._process)
            self._process = None

    def pass_on(self, path: str, wish: dict[str, Json]) -> Json:
        """Hand a fault or its end to the cameras' own control and return its answer; BadInputError where it refuses."""
        return self._asked("POST", path, wish)

    def look(self, path: str) -> Json:
        """Return what the cameras' own control says there; BadInputError where it refuses."""
        return self._asked("GET", path, {})

    def _asked(self, method: str, path: str, wish: dict[str, Json]) -> Json:
        if not self.up:
            raise UnreachableError("this city has no cameras running")
        connection = http.client.HTTPConnection(HOST, self._control_port, timeout=_ANSWER_WITHIN_S)
        try:
            connection.request(method, path, json.dumps(wish), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise UnreachableError(f"the practice cameras do not answer: {error}") from error
        finally:
            connection.close()
        if answer.status >= 400:
            raise BadInputError(said.decode(errors="replace")[:500])
        return _parsed(said)


def _with_addresses(camera: Camera, row: dict[str, Any]) -> Camera:
    return replace(
        camera,
        main_url=row["main_url"] or "",
        sub_url=row["sub_url"] or "",
        onvif_url=row["onvif_url"] or "",
        credentials=SECRET,
    )


def _parsed(said: bytes) -> Json:
    try:
        answer: Json = json.loads(said)
    except ValueError:
        return said.decode(errors="replace")
    return answer
