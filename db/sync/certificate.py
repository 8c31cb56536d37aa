"""Client certificates of workstations."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from domain.errors import BadInputError

VALID_FOR = timedelta(days=730)
_CLOCKS_DIFFER_BY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes

    def __repr__(self) -> str:
        return "Issued(***)"


def issue_client(common_name: str, ca: bytes, ca_key: bytes, now: datetime) -> Issued:
    """Make a key and a client certificate for it, signed by the authority (PEM, its key without a password).

    Good for two years, or as long as the authority is. BadInputError where the two files are not a working authority.
    """
    authority, signer = _authority(ca, ca_key)
    if authority.not_valid_after_utc <= now:
        raise BadInputError("headquarters' certificate authority has run out")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(max(now - _CLOCKS_DIFFER_BY, authority.not_valid_before_utc))
        .not_valid_after(min(now + VALID_FOR, authority.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_issuer_key(authority), critical=False)
        .sign(signer, hashes.SHA256())
    )
    return Issued(
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )


def _authority(ca: bytes, ca_key: bytes) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey]:
    try:
        authority = x509.load_pem_x509_certificate(ca)
        signer = serialization.load_pem_private_key(ca_key, password=None)
    except (ValueError, TypeError) as error:
        raise BadInputError(f"headquarters' certificate authority can't be read: {error}") from error
    if not isinstance(signer, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise BadInputError("headquarters' certificate authority has a key of a kind that is not used here")
    if signer.public_key() != authority.public_key():
        raise BadInputError("headquarters' certificate authority and its key do not belong together")
    return authority, signer


def _issuer_key(authority: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    try:
        own = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())  # type: ignore[arg-type]
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own.value)
