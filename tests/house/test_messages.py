"""Every word of the interface has its English."""

from anlan.site import messages


def test_every_message_has_english_with_the_same_placeholders_and_none_is_left_over():
    assert messages.problems() == []
