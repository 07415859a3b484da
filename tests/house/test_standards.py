"""What is written about the standards agrees with the standards, and they pass their tests by themselves."""

import subprocess
import sys

from anlan.standards import coverage
from tests.house.golden import ROOT, SOURCE, compare


def test_the_page_of_coverage_is_made_from_the_standards():
    compare(ROOT / "docs/standards/coverage.md", coverage.page())


def test_the_standards_pass_their_own_tests_without_django():
    """In a process of its own: the folder has its own pytest.ini, which leaves Django's plugin out."""
    asked = [sys.executable, "-m", "pytest", "tests", "-p", "no:django", "-q"]
    done = subprocess.run(asked, cwd=SOURCE / "standards", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-500:]
