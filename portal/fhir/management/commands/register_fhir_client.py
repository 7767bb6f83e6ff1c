"""Lets a hospital's system in, or changes what it may do. Safe to run again."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import URLValidator

from portal.fhir import scopes
from portal.fhir.http import KeysUnavailable, fetch_keys
from portal.fhir.keys import UnfitKeys, usable
from portal.fhir.models import ApiClient
from portal.fhir.strict_json import Json

_LONGEST_ID = 60


class Command(BaseCommand):
    """`manage.py register_fhir_client --client-id … --name … --jwks-url … --scope …`."""

    help = "Register a client system for /oauth/token and /fhir/, or change the one with this client id."

    def add_arguments(self, parser: CommandParser) -> None:
        """See docs/integration.md for an example."""
        parser.add_argument("--client-id", required=True)
        parser.add_argument("--name", required=True)
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--jwks-url", default="", help="address of the client's public keys")
        source.add_argument("--jwks-file", default="", help="file with the client's public keys")
        parser.add_argument("--scope", action="append", required=True, help="may be given several times")
        parser.add_argument("--inactive", action="store_true", help="shut the client out")

    def handle(self, *args: object, **options: Json) -> None:
        """Write the row; its keys are fetched now where they can be, else when the client first comes."""
        client_id = options["client_id"]
        if not 1 <= len(client_id) <= _LONGEST_ID or not client_id.isprintable():
            raise CommandError(f"--client-id must be 1 to {_LONGEST_ID} printable characters")
        wanted: dict[str, object] = {
            "name": options["name"],
            "scopes": _scopes(options["scope"]),
            "jwks_url": _address(options["jwks_url"]),
            "jwks_tried_at": None,
            "active": not options["inactive"],
        }
        keys = _from_file(options["jwks_file"]) if options["jwks_file"] else self._from_address(options["jwks_url"])
        if keys is not None:
            wanted["jwks"] = keys
        _, created = ApiClient.objects.update_or_create(client_id=client_id, defaults=wanted)
        self.stdout.write(f"{'registered' if created else 'changed'} {client_id}")

    def _from_address(self, url: str) -> dict[str, Any] | None:
        try:
            return usable(fetch_keys(url))
        except KeysUnavailable as error:
            self.stderr.write(f"keys not fetched yet ({error.code}); they will be when the client first signs")
            return None
        except UnfitKeys as error:
            raise CommandError(f"the key set cannot be used: {error.code}") from None


def _scopes(given: list[str]) -> list[str]:
    texts = [text for line in given for text in line.split()]
    for text in texts:
        if scopes.parse(text) is None:
            raise CommandError(f"not a scope: {text}")
    return list(dict.fromkeys(texts))


def _address(url: str) -> str:
    try:
        if url:
            URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        raise CommandError("--jwks-url is not an address") from None
    return url


def _from_file(name: str) -> dict[str, Any]:
    try:
        return usable(json.loads(Path(name).read_text(encoding="utf-8")))
    except OSError:
        raise CommandError(f"cannot read {name}") from None
    except ValueError:
        raise CommandError(f"{name} is not JSON") from None
    except UnfitKeys as error:
        raise CommandError(f"the key set cannot be used: {error.code}") from None
