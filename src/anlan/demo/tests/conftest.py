import pytest

from anlan.demo.district import generate


@pytest.fixture(scope="session")
def district():
    """The demo district of the usual seed; two seconds, computed once."""
    return generate()
