"""What lies in static/vendor is exactly what its manifest says, and nothing fetches from elsewhere."""

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"


def test_every_vendored_file_is_the_one_in_the_manifest() -> None:
    lines = [line.split("  ", 1) for line in (VENDOR / "SHA256SUMS").read_text().splitlines()]
    listed = {name: checksum for checksum, name in lines}
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert found == listed


def test_vendored_styles_and_scripts_carry_no_source_map_comment_and_no_inline_image() -> None:
    for name in ("designsystemet.css", "designsystemet-web.js", "tema.css"):
        text = (VENDOR / name).read_text()
        assert "sourceMappingURL" not in text
        assert "url(data:" not in text.replace('"', "").replace("'", "")


def test_no_own_style_or_template_names_another_host() -> None:
    pages = [*(ROOT / "static" / "css").rglob("*.css"), *(ROOT / "static" / "js").rglob("*.js")]
    assert pages
    for path in pages:
        assert not re.search(r"(https?:)?//[a-z]", path.read_text().replace("http://www.w3.org/", "")), path.name


def test_lock_file_holds_checksums_but_not_where_packages_were_fetched() -> None:
    lock = json.loads((ROOT / "tools" / "vendor" / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [name for name, entry in packages.items() if "integrity" not in entry]
