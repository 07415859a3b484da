from hypothesis import given
from hypothesis import strategies as st

from anlan.site.supervisor.restart import FORGIVEN, PAUSES, pause


def test_a_first_death_is_answered_at_once():
    assert pause([100.0], 100.0) == 0


def test_a_process_that_keeps_dying_is_tried_ever_more_seldom():
    assert [pause(list(range(count)), count - 1) for count in range(1, 9)] == [*PAUSES, PAUSES[-1], PAUSES[-1]]


def test_old_deaths_are_forgiven():
    assert pause([0, 1, 2, 3, 4, FORGIVEN + 10], FORGIVEN + 10) == 0


@given(st.lists(st.floats(0, 1e6), max_size=20), st.floats(0, 1e6))
def test_it_never_gives_up_and_never_waits_longer_than_the_last_pause(deaths, now):
    assert 0 <= pause(deaths, now) <= PAUSES[-1]
