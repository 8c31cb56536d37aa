"""What can go wrong with a camera's ONVIF side: traits, and one entry of ONVIF_FAULTS per fault made of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OnvifFault:
    """What a fault does to a camera's services; every trait that is not False, 0 or "" changes something."""

    # moves
    stop_needs_flags: bool = False  # Stop without both flags is answered and changes nothing
    deaf_stops: int = 0  # so many Stops are answered and change nothing
    deaf_to_zero: bool = False  # a move of zero is answered and changes nothing
    stop_late_s: float = 0.0  # Stop is answered at once, the head turns on for so long
    move_late_s: float = 0.0  # a move begins and is answered so late, everything else is done at once
    one_move: bool = False  # moves are refused while the head moves
    one_command: bool = False  # moves are refused while another is being answered
    takes_s: float = 0.0  # each command is carried out after so long, one after the other
    # clock
    clock_offset_s: float = 0.0
    hides_time: bool = False  # GetSystemDateAndTime needs a fresh token
    no_date: bool = False  # answers have no Date header
    # sign-in
    sign_in: str = ""  # a word of SignIn that replaces the kind's own
    stale_nonces: bool = False
    # connections
    closes_after: bool = False  # says that it stays open, and closes
    closes_before: int = 0  # every so many-th request is carried out, and the connection closed without an answer
    closes_in: int = 0  # every so many-th answer ends in its middle
    closes_idle_s: float = 0.0
    one_connection: bool = False
    # answers
    prefixes: str = ""  # "undeclared" or "ptz"
    huge_mb: int = 0
    bytes_per_s: float = 0.0
    document: str = ""  # "entities" or "external"
    html: bool = False
    not_supported: str = ""  # operations that are refused with HTTP 500
    content_type: str = ""
    chunked: bool = False
    soap11: bool = False
    bom: bool = False
    empty: bool = False  # says yes to what it does not have
    empty_operations: str = ""  # says yes to these, and does nothing
    # addresses and discovery
    address_lie: str = ""
    lie_where: str = "all"
    discovery_nonsense: bool = False
    discovery_lies: bool = False


@dataclass(frozen=True, slots=True)
class OnvifFaultEntry:
    """A fault: in words, its traits, and which of them can be set when it begins, by the name one sets them by."""

    what: str
    traits: OnvifFault
    settings: tuple[tuple[str, str], ...] = ()


def _entry(what: str, *settings: str | tuple[str, str], **traits: object) -> OnvifFaultEntry:
    """Return an entry; a setting is a trait, or the name that it is set by and the trait."""
    pairs = tuple((one, one) if isinstance(one, str) else one for one in settings)
    return OnvifFaultEntry(what, OnvifFault(**traits), pairs)  # type: ignore[arg-type] # each trait is checked by its test


ONVIF_FAULTS: dict[str, OnvifFaultEntry] = {
    "stop_needs_flags": _entry("ignores a Stop without both flags", stop_needs_flags=True),
    "ignores_first_stops": _entry("ignores the first Stops", ("count", "deaf_stops"), deaf_stops=3),
    "zero_move_ignored": _entry("a move of zero stops nothing", deaf_to_zero=True),
    "moves_on_after_stop": _entry("turns on for a while after Stop", ("late_s", "stop_late_s"), stop_late_s=0.3),
    "late_moves": _entry("begins a move late, and a Stop at once", ("late_s", "move_late_s"), move_late_s=0.3),
    "refuses_moves_while_moving": _entry("refuses a move while it moves", one_move=True),
    "refuses_moves_in_flight": _entry(
        "answers a move late, and refuses others meanwhile",
        ("late_s", "move_late_s"),
        move_late_s=0.3,
        one_command=True,
    ),
    "slow_in_turn": _entry("carries out one command after the other, each late", "takes_s", takes_s=1.0),
    "clock_wrong": _entry("its clock is wrong", "clock_offset_s", clock_offset_s=3600.0),
    "clock_untold": _entry(
        "its clock is wrong, and it tells it in the Date header only",
        "clock_offset_s",
        clock_offset_s=3600.0,
        hides_time=True,
    ),
    "clock_hidden": _entry(
        "its clock is wrong, and it tells it nowhere",
        "clock_offset_s",
        clock_offset_s=3600.0,
        hides_time=True,
        no_date=True,
    ),
    "onvif_digest_only": _entry("takes HTTP digests only", sign_in="digest"),
    "onvif_token_only": _entry("takes user name tokens only", sign_in="token"),
    "onvif_basic_only": _entry("wants the password unencrypted", sign_in="basic"),
    "onvif_both_demanded": _entry("wants a digest and a token", sign_in="both"),
    "stale_nonces": _entry("takes each nonce once", stale_nonces=True),
    "closes_after_answer": _entry("says that a connection stays, and closes it", closes_after=True),
    "closes_before_answer": _entry("acts, and closes without an answer", ("every", "closes_before"), closes_before=1),
    "closes_in_answer": _entry("closes in the middle of an answer", ("every", "closes_in"), closes_in=1),
    "closes_idle": _entry("closes connections that rest", ("idle_s", "closes_idle_s"), closes_idle_s=0.5),
    "refuses_second_connection": _entry("takes one connection at a time", one_connection=True),
    "undeclared_prefixes": _entry("does not declare the prefix tptz", prefixes="undeclared"),
    "undeclared_ptz_prefix": _entry("uses the prefix ptz and does not declare it", prefixes="ptz"),
    "huge_answer": _entry("answers with very much", "huge_mb", huge_mb=200),
    "trickle": _entry("answers drop by drop", "bytes_per_s", bytes_per_s=20.0),
    "entity_bomb": _entry("answers with entities that unfold", document="entities"),
    "external_entity": _entry("answers with an entity from a file", document="external"),
    "html_200": _entry("answers with a web page, and success", html=True),
    "not_supported_500": _entry(
        "has an operation not, with HTTP 500", ("operations", "not_supported"), not_supported="GetStatus"
    ),
    "wrong_content_type": _entry("says that answers are text", "content_type", content_type="text/plain"),
    "chunked": _entry("answers in chunks", chunked=True),
    "soap_1_1": _entry("answers in SOAP 1.1", soap11=True),
    "bom": _entry("answers begin with a byte order mark", bom=True),
    "empty_success": _entry(
        "says yes to what it does not have", ("operations", "empty_operations"), empty=True, empty_operations=""
    ),
    "discovery_nonsense": _entry("answers probes with rubbish first", discovery_nonsense=True),
    "discovery_lies": _entry("tells probes another's address", discovery_lies=True),
}
ONVIF_FAULTS |= {
    f"addresses_{lie}": _entry(f"tells addresses: {what}", "lie_where", address_lie=lie)
    for lie, what in {
        "other_host": "another host's",
        "other_port": "another port",
        "https": "https where http is spoken",
        "zero": "no address at all",
        "localhost": "localhost",
        "unresolvable": "a name that nobody knows",
        "empty": "nothing",
    }.items()
}
