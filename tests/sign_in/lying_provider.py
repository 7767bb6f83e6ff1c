"""An identity provider that gives whatever token a test wants, to see what the portal lets in."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class LyingProvider:
    """Takes every request, remembers what was pushed, and answers the token endpoint with `token_from(pushed)`."""

    def __init__(self) -> None:
        provider = self
        self.pushed: list[dict[str, str]] = []
        self.exchanged: list[dict[str, str]] = []
        self.token_from: Callable[[dict[str, str]], str] = lambda pushed: ""
        self.user_info: dict[str, Any] = {}
        self.token_type = "DPoP"

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(provider.document(urlsplit(self.path).path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._answer(provider.post(self.path, form))

            def _answer(self, document: dict[str, Any]) -> None:
                body = json.dumps(document).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def document(self, path: str) -> dict[str, Any]:
        if path == "/jwks":
            jwk = RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
            return {"keys": [jwk | {"kid": "1", "use": "sig"}, {"kty": "oct", "k": "c2VjcmV0", "kid": "2"}]}
        if path == "/userinfo":
            return self.user_info
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "pushed_authorization_request_endpoint": f"{self.issuer}/par",
            "end_session_endpoint": f"{self.issuer}/end",
        }

    def post(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        if path == "/par":
            self.pushed.append(form)
            return {"request_uri": "urn:x", "expires_in": 60}
        self.exchanged.append(form)
        return {"id_token": self.token_from(self.pushed[-1]), "access_token": "x", "token_type": self.token_type}


def signed(claims: dict[str, Any], *, key: Any = KEY, algorithm: str = "RS256", kid: str = "1") -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})
