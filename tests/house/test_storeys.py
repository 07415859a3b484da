"""The contract of imports is kept, complete, and drawn."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house.golden import ROOT, SOURCE, compare_part

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = {contract["containers"][0]: contract for contract in CONTRACTS if contract["type"] == "layers"}


def rooms(layer: str) -> list[str]:
    return [name.strip().strip("()") for name in layer.split("|")]


def test_every_import_goes_down():
    done = subprocess.run([Path(sys.executable).parent / "lint-imports"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_folder_stands_in_the_contract():
    stand = {name for layer in LAYERS["anlan"]["layers"] for name in rooms(layer)}
    there = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert there <= stand, f"these have no place yet: {sorted(there - stand)}"


def test_every_storey_of_several_rooms_says_their_order():
    for storey in ("desk", "know", "watch", "prevent", "respond", "review", "engage"):
        there = [path for path in (SOURCE / storey).glob("*/__init__.py") if path.parent.name != "tests"]
        if len(there) > 1:
            contract = LAYERS.get(f"anlan.{storey}")
            assert contract and contract.get("exhaustive"), f"anlan.{storey} has no exhaustive contract of layers"


def test_no_contract_makes_an_exception_without_saying_why():
    text = (ROOT / "pyproject.toml").read_text()
    for contract in CONTRACTS:
        for ignored in contract.get("ignore_imports", []):
            line = next(number for number, line in enumerate(text.splitlines()) if ignored in line)
            assert text.splitlines()[line - 1].lstrip().startswith("#"), f"say why above the exception {ignored}"


def test_the_architecture_page_draws_the_contract():
    compare_part(ROOT / "docs" / "architecture.md", "storeys", drawing("anlan"))
    compare_part(ROOT / "docs" / "architecture.md", "engines", drawing("anlan.desk"))


def drawing(container: str) -> str:
    """The layers as a Mermaid diagram, top to bottom; rooms that are still to come are dashed."""
    lines = ["```mermaid", "flowchart TB"]
    layers = LAYERS[container]["layers"]
    for number, layer in enumerate(layers):
        lines.append(f"  subgraph s{number}[ ]")
        lines.append("    direction LR")
        for name in layer.split("|"):
            plain = name.strip().strip("()")
            there = (SOURCE.parent / Path(*container.split(".")) / plain).exists()
            lines.append(f"    {container.replace('.', '_')}_{plain}[{plain}]" + ("" if there else ":::tocome"))
        lines.append("  end")
    lines += [f"  s{number} --> s{number + 1}" for number in range(len(layers) - 1)]
    lines += ["  classDef tocome stroke-dasharray: 4 4,color:#888", "```"]
    return "\n".join(lines)
