"""Set-up of all tests. ANLAN_HOME is a scratch folder, so that a test run never touches the data of a running platform."""

import os
import tempfile

os.environ["ANLAN_HOME"] = tempfile.mkdtemp(prefix="anlan-test-")

import pytest


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
