"""One connection's part in signing in to its camera: its password, what was tried with it, and who else tries."""

from domain.camera import Credentials
from domain.errors import CredentialsError
from video.digest import SignIn
from video.rtsp import RtspSession
from video.sign_ins import SignIns


class Admission:
    """Outlives the sessions of its connection: what was tried counts until the camera has answered to it."""

    def __init__(self, camera: int, credentials: Credentials | None, *, basic_allowed: bool, sign_ins: SignIns) -> None:
        self.credentials = credentials
        self._camera = camera
        self._basic_allowed = basic_allowed
        self._sign_ins = sign_ins
        self._sign_in: SignIn | None = None
        self._proven = False

    @property
    def is_refused(self) -> bool:
        """Whether the camera refused the password to this connection or another one."""
        return self._sign_ins.is_refused(self._camera)

    @property
    def is_under_way(self) -> bool:
        """Whether the password was sent and the camera has said nothing to it yet."""
        return self._sign_in is not None and self._sign_in.under_way

    def enter(self) -> bool:
        """Return whether the password may be sent now; asked again until it may."""
        return self._sign_ins.enter(self._camera, self)

    def begin(self) -> SignIn | None:
        """Return what a new session signs in with; None while it would begin with the password and must not yet."""
        if self._sign_in is None or not self._sign_in.under_way:
            self._sign_in = SignIn(self.credentials, basic_allowed=self._basic_allowed)
        elif not self.enter():
            return None
        return self._sign_in

    def change(self, credentials: Credentials | None) -> bool:
        """Take the password that a person wants tried; return whether to begin anew for it: not if it is under way."""
        same, self.credentials = credentials == self.credentials, credentials
        self._proven = self._proven and same
        return not (same and self._sign_ins.is_trying(self._camera, self))

    def hear(self) -> None:
        """Look whether the camera has taken the password."""
        if self._sign_in is not None and self._sign_in.accepted:
            self._proven = True
            self._sign_ins.accept(self._camera, self)

    def cut_off(self, session: RtspSession) -> bool:
        """Note that a session broke off, perhaps with the password under way; return whether that counts as refused.

        Not for a password that the camera took before: cameras behave like this while they start, too.
        """
        try:
            session.end()
        except CredentialsError:
            return True
        sign_in = self._sign_in
        return sign_in is not None and sign_in.under_way and sign_in.cut_off() and not self._proven

    def refuse(self) -> None:
        """Note that the camera refused it."""
        self._proven, self._sign_in = False, None
        self._sign_ins.refuse(self._camera, self)

    def leave(self) -> None:
        """Note that the session is over: the next one tries, if this one has not come to an end."""
        self._sign_ins.leave(self._camera, self)

    def drop(self) -> None:
        """Count nothing that was tried before: it was answered, or a person wants it again."""
        self._sign_in = None
