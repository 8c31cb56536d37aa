"""What is said over an RTSP connection, as text (RFC 2326): addresses, answers and their headers."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from domain.errors import ProtocolError

MAX_HEADER = 16 * 1024
MAX_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class Address:
    """Where a camera's stream is; without credentials."""

    host: str
    port: int
    url: str

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Read an rtsp:// address; ProtocolError for anything else. Credentials inside it are left out."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or 554
        except ValueError as error:
            raise ProtocolError("the stream address can't be read") from error
        if parts.scheme != "rtsp" or not host or any(ord(char) <= 0x20 or ord(char) == 0x7F for char in url):
            raise ProtocolError("the stream address is no rtsp:// address")
        return cls(host, port, parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl())


@dataclass(frozen=True, slots=True)
class Message:
    """A response, or a request that the camera makes; header names in lower case."""

    first_line: str
    headers: dict[str, list[str]] = field(default_factory=dict)
    body: str = ""

    def header(self, name: str) -> str:
        """Return the first header of this name, or nothing."""
        return self.headers.get(name, [""])[0]

    @property
    def is_response(self) -> bool:
        """Whether it answers one of our requests."""
        return self.first_line.startswith("RTSP/")

    @property
    def status(self) -> int:
        """Return the status code of a response; ProtocolError where it has none."""
        words = self.first_line.split(" ", 2)
        if len(words) < 2 or len(words[1]) != 3 or not (words[1].isascii() and words[1].isdigit()):
            raise ProtocolError("the camera's answer has no status")
        return int(words[1])

    @property
    def body_length(self) -> int:
        """Return how many bytes follow the head; ProtocolError where that can't be or is too much."""
        text = self.header("content-length") or "0"
        if not is_small_number(text) or int(text) > MAX_BODY:
            raise ProtocolError("the camera's answer is too long")
        return int(text)


def is_small_number(text: str) -> bool:
    """Whether a text from outside is a whole number of at most nine digits."""
    return len(text) < 10 and text.isascii() and text.isdigit()


def could_begin(text: bytes) -> bool:
    """Whether an RTSP message can begin with these bytes: told from the first line, as soon as it is whole.

    A server of another kind is known by its first word; nobody waits for the rest of what it has to say.
    """
    line, ended, _ = text.partition(b"\n")
    if line.startswith(b"RTSP/1."):
        return True
    if not line[:4].replace(b"_", b"A").isalpha() or line.startswith((b"HTTP/", b"SSH-")):
        return False
    return not ended or line.rstrip(b"\r").rpartition(b" ")[2].startswith(b"RTSP/1.")


def parse_head(text: bytes) -> Message:
    """Read the head of one RTSP message; ProtocolError where it is none."""
    lines = text.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if not (lines[0].startswith("RTSP/1.") or words[-1].startswith("RTSP/1.")):
        raise ProtocolError("the camera answers with something that is not RTSP")
    headers: dict[str, list[str]] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), []).append(value.strip())
    return Message(lines[0], headers)
