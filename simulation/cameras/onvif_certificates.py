"""The certificates by which devices speak HTTPS: each signed by itself, made when it is first needed."""

import ipaddress
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from simulation.cameras.config import HOST

_LIVES = timedelta(days=3650)
_BACKDATED = timedelta(days=1)


class Certificate:
    """A device's certificate and the TLS context that shows it; `exchange` makes another for new connections."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.fingerprint = ""
        self.exchange()

    def exchange(self) -> str:
        """Take a new key and certificate; return the certificate's fingerprint, SHA-256 as hexadecimal digits."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _self_signed(self._name, key)
        plain = serialization.NoEncryption()
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        with tempfile.TemporaryDirectory(prefix="watchroom-practice-") as folder:
            path = Path(folder) / "device.pem"
            path.touch(mode=0o600)
            path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
            self.context.load_cert_chain(path)
        self.fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
        return self.fingerprint


def _self_signed(common_name: str, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + _LIVES)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False)
        .sign(key, hashes.SHA256())
    )
