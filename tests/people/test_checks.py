"""A key that cannot be used is told at start-up."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from django.test import override_settings

from portal.counterparts.identity.client_key import client_key
from portal.people.checks import keys_are_usable


def pem(key: PrivateKeyTypes) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


GOOD_KEY = pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))


def test_the_keys_of_the_tests_are_usable() -> None:
    assert keys_are_usable() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"PORTAL_SEALING_KEYS": ""},
        {"PORTAL_SEALING_KEYS": "a:c2hvcnQ="},
        {"PORTAL_INDEX_KEY": "short"},
        {"IDPORTEN_CLIENT_KEY": "", "PORTAL_ENV": "production"},
        {"IDPORTEN_CLIENT_KEY": "-----BEGIN PRIVATE KEY-----"},
        {"IDPORTEN_CLIENT_KEY": pem(ec.generate_private_key(ec.SECP256R1()))},
    ],
)
def test_each_wrong_key_is_one_error(wrong: dict[str, str]) -> None:
    with override_settings(**wrong):
        found = keys_are_usable()
    assert len(found) == 1
    assert next(iter(wrong)) in found[0].msg


def test_an_rsa_key_of_ones_own_with_real_or_written_line_breaks() -> None:
    names = set()
    for text in (GOOD_KEY, GOOD_KEY.replace("\n", "\\n")):
        with override_settings(IDPORTEN_CLIENT_KEY=text, PORTAL_ENV="production"):
            key = client_key()
        assert key.algorithm == "RS256"
        assert set(key.public_jwk) == {"kty", "n", "e", "kid", "use", "alg"}
        names.add(key.key_id)
    assert len(names) == 1


def test_every_process_of_a_demo_derives_the_same_key() -> None:
    first = client_key()
    with override_settings(SECRET_KEY="another" * 9):
        assert client_key().key_id != first.key_id
    assert client_key().key_id == first.key_id
    assert set(first.public_jwk) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
