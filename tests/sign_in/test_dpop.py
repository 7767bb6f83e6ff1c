"""HelseID's codes and tokens are bound to our key: the stand-in checks every proof, the portal demands the binding."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from django.conf import settings

from portal.counterparts.errors import Refused
from portal.counterparts.identity import dpop
from portal.counterparts.identity.client_key import client_assertion, client_key, derived_key, thumbprint
from portal.counterparts.identity.http import HttpIdentityProvider
from portal.kernel import clock
from portal.people.helseid.provider import helseid
from portal.people.models import Role
from portal.people.openid.provider import authorization_request
from tests.sign_in.cast import employed
from tests.sign_in.lying_provider import LyingProvider
from tests.sign_in.visitor import Visitor, link_to

pytestmark = pytest.mark.django_db(transaction=True)
VERIFIER = "v" * 50
OTHER_KEY = derived_key("somebody else's secret", b"dpop proof key")
Headers = dict[str, str]


class HelseId:
    """The stand-in, called as a client that makes its own proofs."""

    def __init__(self, http: httpx.Client) -> None:
        self.http, self.issuer, self.nonce = http, settings.HELSEID_ISSUER, ""

    def proof(self, endpoint: str, method: str = "POST", **changes: Any) -> Headers:
        made = {"method": method, "address": f"{self.issuer}/{endpoint}", "nonce": self.nonce} | changes
        return {"DPoP": dpop.proof(**made)}

    def post(self, endpoint: str, form: dict[str, str], headers: Headers | None = None) -> httpx.Response:
        client_id = settings.HELSEID_CLIENT_ID
        words = {
            "client_id": client_id,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": client_assertion(issuer=self.issuer, client_id=client_id),
        }
        answer = self.http.post(
            endpoint, data=form | words, headers=self.proof(endpoint) if headers is None else headers
        )
        self.nonce = answer.headers["DPoP-Nonce"]
        return answer

    def push(self, headers: Headers | None = None) -> httpx.Response:
        return self.post("par", authorization_request(helseid(), state="s", nonce="n", verifier=VERIFIER), headers)

    def code(self) -> str:
        name = self.push().json()["request_uri"]
        page = self.http.get("authorize", params={"client_id": settings.HELSEID_CLIENT_ID, "request_uri": name})
        page = self.http.get(link_to(page, "Astrid Fossheim"), follow_redirects=False)
        return parse_qs(urlsplit(page.headers["Location"]).query)["code"][0]

    def change(self, code: str, headers: Headers | None = None) -> httpx.Response:
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
        return self.post("token", form | {"redirect_uri": f"{settings.PORTAL_URL}/logg-inn/ansatt/svar/"}, headers)

    def tells(self, token: str, headers: Headers, kind: str = "DPoP") -> httpx.Response:
        return self.http.get("userinfo", headers={"Authorization": f"{kind} {token}", **headers})


@pytest.fixture
def idp(portal_url: str) -> Iterator[HelseId]:
    employed("astrid-fossheim", Role.CLINICIAN)
    with httpx.Client(base_url=f"{settings.HELSEID_ISSUER}/", timeout=10) as client:
        made = HelseId(client)
        made.push()
        yield made


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["error"])


def test_a_call_without_the_nonce_is_asked_again_and_with_it_is_taken(idp: HelseId) -> None:
    idp.nonce = ""
    assert error(idp.push()) == (400, "use_dpop_nonce")
    assert idp.push().status_code == 201
    idp.nonce = "made-up"
    assert error(idp.push()) == (400, "use_dpop_nonce")


def _foreign_signature(idp: HelseId) -> str:
    """Signed by one key, showing another."""
    own = jwt.get_unverified_header(idp.proof("par")["DPoP"])
    claims = jwt.decode(idp.proof("par")["DPoP"], options={"verify_signature": False})
    return jwt.encode(claims, OTHER_KEY.private, algorithm="ES256", headers={"typ": "dpop+jwt", "jwk": own["jwk"]})


def _remade(idp: HelseId, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A proof with something changed, and signed anew by the same key."""
    before = idp.proof("par")["DPoP"]
    told = jwt.decode(before, options={"verify_signature": False}) | claims
    told = {name: value for name, value in told.items() if value is not None}
    kept = {"typ": "dpop+jwt", "jwk": jwt.get_unverified_header(before)["jwk"]} | (header or {})
    return jwt.encode(told, dpop.proof_key().private, algorithm="ES256", headers=kept)


def _seconds(back: float) -> float:
    return (clock.real_now() - timedelta(seconds=back)).timestamp()


WRONG: dict[str, Callable[[HelseId], str]] = {
    "none": lambda idp: "",
    "no token": lambda idp: "x.y.z",
    "another key's signature": _foreign_signature,
    "another method": lambda idp: idp.proof("par", "GET")["DPoP"],
    "another endpoint": lambda idp: idp.proof("token")["DPoP"],
    "another provider": lambda idp: dpop.proof(method="POST", address="https://helseid.example/par", nonce=idp.nonce),
    "another type": lambda idp: _remade(idp, {"typ": "JWT"}),
    "no key": lambda idp: _remade(idp, {"jwk": None}),
    "a private key": lambda idp: _remade(idp, {"jwk": {**dpop.proof_key().public_jwk, "d": "x"}}),
    "a shared secret": lambda idp: _remade(idp, {"jwk": {"kty": "oct", "k": "c2VjcmV0"}}),
    "no jti": lambda idp: _remade(idp, jti=None),
    "no time": lambda idp: _remade(idp, iat=None),
    "too old": lambda idp: _remade(idp, iat=_seconds(120)),
    "ahead": lambda idp: _remade(idp, iat=_seconds(-120)),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_proof_that_is_missing_or_wrong_is_refused(idp: HelseId, what: str) -> None:
    assert error(idp.push({"DPoP": WRONG[what](idp)})) == (400, "invalid_dpop_proof")


def test_a_proof_is_good_once(idp: HelseId) -> None:
    used = idp.proof("par")
    assert idp.push(used).status_code == 201
    assert error(idp.push(used)) == (400, "invalid_dpop_proof")


def test_a_code_is_of_no_use_to_another_key(idp: HelseId) -> None:
    code = idp.code()
    assert error(idp.change(code, idp.proof("token", key=OTHER_KEY))) == (400, "invalid_grant")


def test_a_code_survives_being_asked_for_the_nonce(idp: HelseId) -> None:
    code = idp.code()
    assert error(idp.change(code, idp.proof("token", nonce=""))) == (400, "use_dpop_nonce")
    told = idp.change(code).json()
    assert told["token_type"] == "DPoP"


def test_a_token_is_of_use_only_with_a_proof_for_that_token_and_key(idp: HelseId) -> None:
    token = idp.change(idp.code()).json()["access_token"]
    good = idp.proof("userinfo", "GET", access_token=token)
    wrong = [
        ("Bearer", good),
        ("DPoP", {}),
        ("DPoP", idp.proof("userinfo", "GET", access_token="another")),
        ("DPoP", idp.proof("userinfo", "GET")),
        ("DPoP", idp.proof("userinfo", "GET", access_token=token, key=OTHER_KEY)),
        ("DPoP", idp.proof("userinfo", "GET", access_token=token, nonce="")),
    ]
    for kind, headers in wrong:
        assert idp.tells(token, headers, kind).status_code == 401, (kind, headers)
    told = idp.tells(token, idp.proof("userinfo", "GET", access_token=token))
    assert told.status_code == 200, told.text
    assert "helseid://claims/hpr/hpr_details" in told.json()


def test_the_portals_own_client_answers_each_challenge_and_remembers_the_nonce(
    idp: HelseId, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str]] = []
    post = httpx.post

    def watched(address: str, **options: Any) -> httpx.Response:
        sent.append((options["headers"]["DPoP"], options["data"]["client_assertion"]))
        return post(address, **options)

    monkeypatch.setattr(httpx, "post", watched)
    ours = HttpIdentityProvider(issuer=settings.HELSEID_ISSUER, client_id=settings.HELSEID_CLIENT_ID, bound=True)
    asked = authorization_request(helseid(), state="s", nonce="n", verifier=VERIFIER)
    ours.push(asked)
    assert len(sent) == 2, "without a nonce first, and then with the one given"
    ours.push(asked)
    assert len(sent) == 3
    assert len({each for pair in sent for each in pair}) == 6, "no proof and no assertion is sent twice"


def test_a_clinician_comes_in_with_bound_tokens_all_the_way(idp: HelseId, visitor: Visitor) -> None:
    page = visitor.signs_in_as_staff()
    assert page.status_code == 200
    assert visitor.is_signed_in()


@pytest.mark.parametrize("token_type", ["Bearer", "", "bearer"])
def test_a_token_that_is_not_bound_is_refused(portal_url: str, token_type: str) -> None:
    lying = LyingProvider()
    lying.token_type, lying.token_from = token_type, lambda _pushed: "x"
    try:
        ours = HttpIdentityProvider(issuer=lying.issuer, client_id="c", bound=True)
        ours.push({"state": "s"})
        with pytest.raises(Refused, match="token_not_bound"):
            ours.exchange(code="c", verifier=VERIFIER, redirect_uri="https://x/")
    finally:
        lying.stop()


def test_a_provider_that_asks_for_ever_is_given_up(idp: HelseId, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def never(address: str, **_options: Any) -> httpx.Response:
        calls.append(address)
        return httpx.Response(400, json={"error": "use_dpop_nonce"}, headers={"DPoP-Nonce": str(len(calls))})

    ours = HttpIdentityProvider(issuer=settings.HELSEID_ISSUER, client_id=settings.HELSEID_CLIENT_ID, bound=True)
    ours.describe()
    monkeypatch.setattr(httpx, "post", never)
    with pytest.raises(Refused, match="http_400"):
        ours.push({})
    assert len(calls) == 2


def test_the_proofs_key_is_another_than_the_clients_and_shows_no_secret() -> None:
    header = jwt.get_unverified_header(dpop.proof(method="POST", address="https://h.example/token?x=1#y"))
    assert set(header["jwk"]) == {"kty", "crv", "x", "y"}
    assert thumbprint(header["jwk"]) != client_key().key_id
    claims = jwt.decode(
        dpop.proof(method="POST", address="https://h.example/token?x=1#y"), options={"verify_signature": False}
    )
    assert claims["htu"] == "https://h.example/token"


def test_id_porten_is_asked_without(portal_url: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    post = httpx.post

    def watched(address: str, **options: Any) -> httpx.Response:
        seen.append(options["headers"])
        return post(address, **options)

    monkeypatch.setattr(httpx, "post", watched)
    visitor.signs_in()
    assert seen
    assert set(seen) == {None}
