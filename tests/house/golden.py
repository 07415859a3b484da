"""Files that are made from the code and kept in the tree: pages of docs/, counts of queries. A test compares them;
`make renew` writes them anew, so that the change is seen in the difference."""

import os
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "anlan"


def compare(path: Path, text: str) -> None:
    if os.environ.get("RENEW"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    there = path.read_text(encoding="utf-8") if path.exists() else ""
    different = list(unified_diff(there.splitlines(), text.splitlines(), "kept", "found", n=0, lineterm=""))
    assert there == text, (
        f"{path.relative_to(ROOT)} is not what the code says: run 'make renew' and look at the difference\n"
        + "\n".join(different[:20])
    )


def compare_part(path: Path, name: str, text: str) -> None:
    """The part of a page between `<!-- made: NAME -->` and `<!-- end -->`."""
    page = path.read_text(encoding="utf-8")
    begin, end = f"<!-- made: {name} -->\n", "<!-- end -->"
    assert begin in page, f"{path.relative_to(ROOT)} has no part '{begin.strip()}'"
    head, rest = page.split(begin, 1)
    tail = rest.split(end, 1)[1]
    compare(path, f"{head}{begin}{text.strip()}\n{end}{tail}")


def tracked(*suffixes: str) -> list[Path]:
    """Every file of the tree that is written by hand, by the endings of names."""
    left_out = {".venv", "var", "node_modules", "dist", ".git", "__pycache__", "screenshots", ".hypothesis"}
    return [
        path
        for top in (*[ROOT / name for name in ("src", "tests", "web", "docs", "deploy", "benchmarks", ".ci")],)
        for path in sorted(top.rglob("*"))
        if path.is_file() and path.name.endswith(suffixes) and not left_out & set(path.relative_to(ROOT).parts)
    ] + [path for path in sorted(ROOT.iterdir()) if path.is_file() and path.name.endswith(suffixes)]
