"""pyHanko's signer with the private key kept as it was loaded."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.sign.general import get_pyca_cryptography_hash
from pyhanko.sign.signers import SimpleSigner


class KeptSigner(SimpleSigner):
    """Signs with RSA (PKCS #1 v1.5) or an elliptic curve; other keys go pyHanko's way."""

    def __init__(self, loaded: SimpleSigner, key: Any) -> None:
        super().__init__(loaded.signing_cert, loaded.signing_key, loaded.cert_registry)
        self._key = key

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """The bare signature."""
        digest = get_pyca_cryptography_hash(digest_algorithm)
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), digest)
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(data, ec.ECDSA(digest))
        return bytes(super().sign_raw(data, digest_algorithm))
