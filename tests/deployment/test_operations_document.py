"""docs/operations.md names every variable and every command there is."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "operations.md").read_text()


def test_every_variable_the_settings_read_is_explained() -> None:
    source = "".join(file.read_text() for file in (ROOT / "portal" / "config").rglob("*.py"))
    read = set(re.findall(r'(?:env\.\w+|_address)\(\s*"([A-Z_]+)"', source))
    assert "PORTAL_SEALING_KEYS" in read
    assert sorted(name for name in read if f"`{name}`" not in TEXT) == []


def test_every_variable_the_demo_reads_is_explained() -> None:
    source = (ROOT / "portal" / "demo" / "layout.py").read_text()
    read = set(re.findall(r'(?:environ\.get|_number)\("([A-Z_]+)"', source))
    assert "STANDINS_PORT" in read
    assert sorted(name for name in read if not re.search(rf"`{name}(=1)?`", TEXT)) == []


def test_every_make_target_is_a_script_and_is_explained() -> None:
    targets = re.findall(r"^(\w+): ##.*\n\t@(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {name for name, _ in targets} >= {"help", "demo", "test", "lint", "bench", "faults", "lock"}
    for name, recipe in targets:
        if name in ("help", "setup"):
            continue
        assert recipe == f"sh tools/{name}.sh"
        assert (ROOT / "tools" / f"{name}.sh").is_file()
        assert f"`make {name}`" in TEXT
