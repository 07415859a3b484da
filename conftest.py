"""Fixtures of all tests. The run's own home and database come from anlan.site.tests.scratch."""

import hypothesis
import pytest

# How long one example takes says more about the machine than about the code.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

pytest_plugins = ["tests.plant"]


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes():
    """Passwords are hashed as ever, with little work: what a guess costs is no business of tests."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    hasher = Argon2PasswordHasher
    hasher.time_cost, hasher.memory_cost, hasher.parallelism = 1, 8, 1


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


@pytest.fixture(autouse=True)
def _own_language():
    """A page asked for in English leaves its language behind in the thread; the next test starts in the usual one."""
    from django.utils import translation

    yield
    translation.deactivate()
