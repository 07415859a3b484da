import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.access.agents import in_words

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "words"),
    [(CHROME, "Chrome 156 · Windows"), (f"{CHROME} Edg/156.0", "Edge 156 · Windows"), (IPHONE, "Safari 19 · iPhone")],
)
def test_a_browser_is_named_as_people_know_it(agent, words):
    assert in_words(agent) == words


@given(st.text(max_size=300))
def test_anything_gets_words_of_bearable_length(agent):
    assert len(in_words(agent)) <= 60
