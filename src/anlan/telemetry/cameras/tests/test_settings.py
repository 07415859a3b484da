import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.cameras.settings import Camera, address, read
from anlan.telemetry.sealed import Unsealable, installation_key, seal, unseal


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"url": "file:///etc/passwd"},
        {"url": "concat:a|b"},
        {"url": "rtsp://"},
        {"url": "rtsp://admin:secret@10.0.0.7/1"},
        {"url": "rtsp://10.0.0.7/1", "every": 0},
        {"url": "rtsp://10.0.0.7/1", "every": "often"},
        {"url": "rtsp://10.0.0.7/1", "model": "../../etc/passwd"},
        {"url": "rtsp://10.0.0.7/1", "detect": ["fire"]},
    ],
)
def test_what_is_no_camera_is_refused_in_words(given):
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        read(given)


@pytest.mark.parametrize("url", ["rtsp://10.0.0.7:554/Streaming/Channels/101", "https://cam.example/live/index.m3u8"])
def test_rtsp_and_http_streams_are_cameras(url):
    assert read({"url": url}) == Camera(url)


def test_the_login_enters_the_address_escaped_and_is_not_in_what_is_printed():
    camera = read({"url": "rtsp://10.0.0.7:554/1?a=b", "login": "sealed"})
    assert address(camera, "admin:p@ss/w:rd") == "rtsp://admin:p%40ss%2Fw%3Ard@10.0.0.7:554/1?a=b"
    assert address(camera, "") == camera.url
    assert "sealed" not in repr(camera)


@given(st.text(max_size=200), st.text(min_size=1, max_size=60))
def test_what_is_sealed_opens_with_its_own_key_only(secret, key):
    sealed = seal(secret, key)
    assert unseal(sealed, key) == secret
    with pytest.raises(Unsealable):
        unseal(sealed, key + "x")


@pytest.mark.parametrize("damaged", ["", "nonsense", "gAAAAABn" + "A" * 60, "秘密"])
def test_what_was_never_sealed_is_refused(damaged):
    with pytest.raises(Unsealable):
        unseal(damaged, "key")


def test_the_key_is_that_of_the_environment_or_of_the_file_the_start_made(tmp_path):
    assert installation_key({}, tmp_path) == ""
    (tmp_path / "secret-key").write_text("from the file\n")
    assert installation_key({}, tmp_path) == "from the file"
    assert installation_key({"ANLAN_SECRET_KEY": "given"}, tmp_path) == "given"
