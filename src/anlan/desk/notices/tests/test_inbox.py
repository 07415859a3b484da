import pytest

from anlan.desk.notices import gates
from anlan.desk.notices.actions import choose_channel, tell
from anlan.desk.notices.models import ChannelChoice, Delivery
from anlan.desk.notices.views.inbox import leads_home


def test_the_inbox_shows_what_is_unread_and_the_rest_on_demand(cast, signed_in):
    client = signed_in(cast.duty)
    read, unread = (tell([cast.duty], title=title)[0] for title in ("已经看过", "还没看过"))
    client.get(f"/inbox/{read.pk}/go/")
    page = client.get("/inbox/").content.decode()
    assert "还没看过" in page and "已经看过" not in page
    assert "已经看过" in client.get("/inbox/?show=all").content.decode()
    assert client.get("/inbox/count/").content == b"1"
    assert unread.read_at is None


def test_nobody_opens_or_marks_the_notice_of_another(cast, signed_in):
    (mine,) = tell([cast.duty], title="我的")
    client = signed_in(cast.leader)
    assert client.get(f"/inbox/{mine.pk}/go/").status_code == 404
    client.post("/inbox/read/", {"notice": [mine.pk]})
    client.post("/inbox/read/", {"all": "1"})
    assert gates.unread(cast.duty) == 1


def test_following_a_notice_marks_it_read_and_leads_to_its_thing(cast, signed_in):
    (notice,) = tell([cast.duty], title="超温", url="/cases/1/")
    assert signed_in(cast.duty).get(f"/inbox/{notice.pk}/go/")["Location"] == "/cases/1/"
    assert gates.unread(cast.duty) == 0


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", ""])
def test_a_notice_never_leads_out_of_the_house(url):
    assert not leads_home(url)


def test_marking_all_of_one_kind_leaves_the_others(cast, signed_in):
    tell([cast.duty], title="a", room="warnings")
    tell([cast.duty], title="b", room="obligations")
    signed_in(cast.duty).post("/inbox/read/", {"all": "1", "room": "warnings"})
    assert gates.seen_by(cast.duty).get(read_at=None).room == "obligations"


def test_more_than_a_page_is_reached_by_older(cast, signed_in):
    for number in range(53):
        tell([cast.duty], title=f"消息 {number}")
    client = signed_in(cast.duty)
    following = client.get("/inbox/").context["following"]
    assert len(client.get(f"/inbox/?before={following}").context["notices"]) == 3


def test_channel_settings_are_kept_and_wrong_ones_refused(cast, signed_in):
    client = signed_in(cast.duty)
    client.post("/inbox/settings/", {"sms.enabled": "on", "sms.level": "1", "email.level": "5"})
    kept = {choice.channel: (choice.enabled, choice.least_level) for choice in cast.duty.channel_choices.all()}
    assert kept["sms"] == (True, 1) and kept["email"] == (False, 5)
    before = ChannelChoice.objects.count()
    client.post("/inbox/settings/", {"sms.level": "9"})
    client.post("/inbox/settings/", {"sms.level": "x"})
    assert ChannelChoice.objects.get(user=cast.duty, channel="sms").least_level == 1
    assert ChannelChoice.objects.count() == before
    with pytest.raises(Exception, match="fax"):
        choose_channel(cast.duty, "fax", enabled=True, least_level=1)
    assert client.get("/inbox/settings/").status_code == 200


def test_deliveries_are_seen_by_the_system_administrator_without_words_or_whole_numbers(cast, signed_in):
    (notice,) = tell([cast.duty], title="机密标题")
    Delivery.objects.create(notice=notice, channel="sms", address="13800001234", reason="answered 500")
    page = signed_in(cast.system_administrator).get("/deliveries/").content.decode()
    assert "138****1234" in page and "13800001234" not in page and "机密标题" not in page
    for part in ("duty", "security_administrator", "audit_administrator", "stranger"):
        assert not gates.deliveries_seen_by(getattr(cast, part)).exists()
