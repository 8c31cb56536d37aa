"""A device's answers as they leave it: whole, or as its faults have them."""

import html
import re
from collections import Counter
from dataclasses import replace

from simulation.cameras.onvif_faults import OnvifFault
from simulation.cameras.soap import (
    CONTENT_TYPE,
    DEVICE,
    EVENTS,
    IMAGING,
    MEDIA,
    MEDIA2,
    NOTIFICATION,
    PTZ,
    SOAP,
    Operation,
    SoapFaultError,
    fault,
    said,
)
from simulation.cameras.web import HangUpError, Manner, Reply

_SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
_PTZ_DECLARED = f' xmlns:tptz="{PTZ}"'.encode()
_PREFIXES = {
    DEVICE: "tds",
    MEDIA: "trt",
    MEDIA2: "tr2",
    PTZ: "tptz",
    IMAGING: "timg",
    EVENTS: "tev",
    NOTIFICATION: "wsnt",
}
_PAGE = b"<html><head><title>Login</title></head><body><h1>Please log in</h1></body></html>"
_BOMB = '<!ENTITY e0 "entity entity entity">' + "".join(
    f'<!ENTITY e{depth} "{f"&e{depth - 1};" * 10}">' for depth in range(1, 10)
)
_DOCUMENTS = {
    "entities": (f"<!DOCTYPE s:Envelope [{_BOMB}]>", "&e9;"),
    "external": ('<!DOCTYPE s:Envelope [<!ENTITY file SYSTEM "file:///etc/hostname">]>', "&file;"),
}
_NAMES = {
    "undeclared": "undeclared_prefixes",
    "ptz": "undeclared_ptz_prefix",
    "entities": "entity_bomb",
    "external": "external_entity",
}


def refusal(error: SoapFaultError) -> Reply:
    """Return the answer that refuses a request."""
    return Reply(fault(error), CONTENT_TYPE, error.status)


def challenge(challenges: tuple[str, ...]) -> Reply:
    """Return the answer that asks for a proof by HTTP."""
    error = SoapFaultError("NotAuthorized", reason="a proof is wanted", status=401)
    return Reply(fault(error), CONTENT_TYPE, 401, tuple(("WWW-Authenticate", one) for one in challenges))


def empty(asked: Operation) -> bytes:
    """Return the answer that says yes to anything."""
    prefix = _PREFIXES.get(asked.service, "tds")
    return said(f"<{prefix}:{asked.name}Response/>")


class Dispatch:
    """Spoils the answers of one device as its faults ask, and counts what was spoilt."""

    def __init__(self, fired: Counter[str]) -> None:
        self._fired = fired
        self._answers = 0

    def sent(self, reply: Reply, wrong: OnvifFault) -> Reply:
        """Return an answer as it is to leave; HangUpError where the connection is closed instead."""
        self._answers += 1
        if wrong.closes_before and self._answers % wrong.closes_before == 0:
            self._fired["closes_before_answer"] += 1
            raise HangUpError(reset=False)
        reply = replace(reply, manner=self._manner(wrong))
        if reply.content_type == CONTENT_TYPE:
            reply = self._spoilt(reply, wrong)
        if wrong.content_type:
            self._fired["wrong_content_type"] += 1
            reply = replace(reply, content_type=wrong.content_type)
        return reply

    def _manner(self, wrong: OnvifFault) -> Manner:
        cut = bool(wrong.closes_in) and self._answers % wrong.closes_in == 0
        for name, fires in (
            ("chunked", wrong.chunked),
            ("closes_after_answer", wrong.closes_after),
            ("closes_in_answer", cut),
            ("huge_answer", wrong.huge_mb),
            ("trickle", wrong.bytes_per_s),
            ("closes_idle", wrong.closes_idle_s),
        ):
            self._fired[name] += bool(fires)
        return Manner(
            chunked=wrong.chunked,
            closes=wrong.closes_after,
            cut=cut,
            huge_mb=wrong.huge_mb,
            bytes_per_s=wrong.bytes_per_s,
            dated=not wrong.no_date,
            clock_offset_s=wrong.clock_offset_s,
            idle_s=wrong.closes_idle_s or None,
        )

    def _spoilt(self, reply: Reply, wrong: OnvifFault) -> Reply:
        if wrong.html:
            self._fired["html_200"] += 1
            return replace(reply, body=_PAGE, content_type="text/html", status=200)
        body, kind, status = reply.body, reply.content_type, reply.status
        if wrong.prefixes and b"<tptz:" in body:
            self._fired[_NAMES[wrong.prefixes]] += 1
            body = body.replace(_PTZ_DECLARED, b"")
            body = body.replace(b"tptz:", b"ptz:") if wrong.prefixes == "ptz" else body
        if wrong.document:
            self._fired[_NAMES[wrong.document]] += 1
            body = _with_document(body, wrong.document)
        if wrong.soap11:
            self._fired["soap_1_1"] += 1
            body, kind, status = _older(body), "text/xml; charset=utf-8", 500 if status == 400 else status
        if wrong.bom:
            self._fired["bom"] += 1
            body = b"\xef\xbb\xbf" + body
        return replace(reply, body=body, content_type=kind, status=status)


def _with_document(body: bytes, document: str) -> bytes:
    """Return an envelope with a document type, and a header that uses its entity."""
    kind, use = _DOCUMENTS[document]
    declaration, _, rest = body.partition(b"?>")
    rest = rest.replace(b"<s:Body>", f"<s:Header><note>{use}</note></s:Header><s:Body>".encode(), 1)
    return declaration + b"?>" + kind.encode() + rest


def _older(body: bytes) -> bytes:
    """Return an envelope as SOAP 1.1 has it, faults included."""
    text = body.decode().replace(SOAP, _SOAP11)
    if "<s:Fault>" in text:
        side = "Client" if "<s:Value>s:Sender" in text else "Server"
        codes = re.findall(r"<s:Value>(ter:\w+)</s:Value>", text)
        reason = re.search(r'<s:Text xml:lang="en">(.*?)</s:Text>', text, re.DOTALL)
        inner = f"<faultcode>s:{side}</faultcode><faultstring>{reason[1] if reason else ''}</faultstring>"
        detail = f"<detail>{html.escape(' '.join(codes))}</detail>"
        text = re.sub(r"<s:Fault>.*</s:Fault>", f"<s:Fault>{inner}{detail}</s:Fault>", text, flags=re.DOTALL)
    return text.encode()
