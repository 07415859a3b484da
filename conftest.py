"""Fixtures of all tests. The run's own home and database come from anlan.site.tests.scratch."""

import pytest

pytest_plugins = ["tests.plant"]


@pytest.fixture
def cast(db):
    """Who plays: see tests/cast.py."""
    from tests.cast import Cast

    return Cast()


@pytest.fixture
def signed_in(client):
    """`signed_in(user)` gives a test client acting as that user."""

    def sign_in(user):
        client.force_login(user, backend="anlan.desk.access.backend.PasswordBackend")
        return client

    return sign_in
