"""The cameras' control: HTTP on 127.0.0.1, JSON in and out.

`GET /state`, `GET /sent`, `GET /ptz/NO/log`, `POST /fault {"target","fault","for_s"?,"with"?}`,
`POST /clear {"target"}`; `GET /onvif/NO/journal`, `/onvif/NO/sign_ins`, `/onvif/NO/state`;
`POST /onvif/NO/event {"topic","state"?,"source"?}`, `/onvif/NO/device {"serial"?,...}`, `/onvif/NO/certificate`.
"""

import json
import math
import time
from collections.abc import Callable
from typing import Any

from domain.errors import BadInputError
from simulation.cameras.web import Asked, Reply
from simulation.faults import CameraFaults

Question = Callable[[], Any]
Wish = Callable[[dict[str, Any]], dict[str, Any]]


class Control:
    """Answers the control's requests."""

    def __init__(
        self, faults: CameraFaults, questions: dict[str, Question], wishes: dict[str, Wish] | None = None
    ) -> None:
        """Take what answers each GET and each POST besides those of faults, by path."""
        self._faults = faults
        self._questions = questions
        self._wishes = wishes or {}

    async def answer(self, asked: Asked) -> Reply:
        """Answer one request; 400 with the reason where it can't be done."""
        path = asked.path.partition("?")[0]
        try:
            if asked.method == "POST" and (path in {"/fault", "/clear"} or path in self._wishes):
                return _said(self._change(path, asked.body))
            question = self._questions.get(path)
            if asked.method != "GET" or question is None:
                known = ", ".join(self._questions)
                return _said({"error": f"known are GET {known}; POST /fault, /clear"}, 404)
            return _said(question())
        except BadInputError as error:
            return _said({"error": str(error)}, 400)

    def _change(self, path: str, body: bytes) -> dict[str, Any]:
        try:
            said = json.loads(body or b"{}")
        except ValueError as error:
            raise BadInputError(f"the body is no JSON: {error}") from error
        if not isinstance(said, dict):
            raise BadInputError("the body is no JSON object")
        answer: dict[str, Any] = {}
        if path in self._wishes:
            answer = self._wishes[path](said)
        elif path == "/clear":
            self._faults.clear(str(said.get("target", "")))
        else:
            self._begin(said)
        return {"ok": True, "at": time.time(), "monotonic": time.monotonic(), **answer}

    def _begin(self, said: dict[str, Any]) -> None:
        wanted = said.get("with")
        if not isinstance(wanted, dict | None):
            raise BadInputError("'with' is no JSON object")
        name, for_s = str(said.get("fault", "")), _seconds(said.get("for_s"))
        self._faults.begin(str(said.get("target", "")), name, for_s, wanted)


def _seconds(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value <= 0:
        raise BadInputError("'for_s' is not a number of seconds above 0")
    return float(value)


def _said(content: Any, status: int = 200) -> Reply:
    return Reply(json.dumps(content, ensure_ascii=False).encode(), "application/json", status)
