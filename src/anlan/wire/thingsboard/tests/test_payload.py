import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.wire.thingsboard.payload import (
    Fault,
    Limits,
    Unreadable,
    decode_attributes,
    decode_gateway_telemetry,
    decode_named_device,
    decode_telemetry,
)

T = 1_767_576_600_000

FORMS = [
    (b'{"o2":20.9}', [("o2", None, 20.9)]),
    (b'{"o2":0}', [("o2", None, 0.0)]),
    (b'{"on":true,"off":false}', [("on", None, 1.0), ("off", None, 0.0)]),
    (b'{"t":"20.9","u":"-1e2","v":".5"}', [("t", None, 20.9), ("u", None, -100.0), ("v", None, 0.5)]),
    (b'{"ts":1767576600000,"values":{"o2":20.9}}', [("o2", T, 20.9)]),
    (b'{"ts":1767576600000.0,"values":{"o2":1}}', [("o2", T, 1.0)]),
    (b'{"ts":0,"values":{"o2":1}}', [("o2", 0, 1.0)]),
    (b'{"ts":5}', [("ts", None, 5.0)]),
    (b'[{"a":1},{"ts":7,"values":{"a":2,"b":3}}]', [("a", None, 1.0), ("a", 7, 2.0), ("b", 7, 3.0)]),
    (b"{}", []),
    (b"[]", []),
    ('{"水位":1.5}'.encode(), [("水位", None, 1.5)]),
]


@pytest.mark.parametrize("sent, samples", FORMS)
def test_every_form_of_the_sheet_is_read(sent, samples):
    read = decode_telemetry(sent)
    assert [tuple(sample) for sample in read.samples] == samples and read.faults == []


@pytest.mark.parametrize(
    "sent, key, word",
    [
        (b'{"good":1,"x":null}', "x", "null"),
        (b'{"good":1,"x":"open"}', "x", "'open'"),
        (b'{"good":1,"x":{"y":1}}', "x", "an object"),
        (b'{"good":1,"x":[1]}', "x", "a list"),
        (b'{"good":1,"x":NaN}', "x", "NaN"),
        (b'{"good":1,"x":-Infinity}', "x", "-Infinity"),
        (b'{"good":1,"x":1e39}', "x", "too large"),
        (b'{"good":1,"x":"1e999"}', "x", "too large"),
        (b'{"good":1,"x":"NaN"}', "x", "'NaN'"),
        (b'{"good":1,"' + b"k" * 300 + b'":1}', "k" * 255, "300 characters"),
        (b'[{"good":1},{"ts":"noon","values":{"x":1}}]', "x", "'noon'"),
        (b'[{"good":1},{"ts":-5,"values":{"x":1}}]', "x", "-5"),
        (b'[{"good":1},{"ts":true,"values":{"x":1}}]', "x", "true or false"),
        (b'[{"good":1},{"ts":1767576600000000000,"values":{"x":1}}]', "x", "milliseconds"),
        (b'[{"good":1},{"ts":5,"values":7}]', "values", "a number"),
    ],
)
def test_a_bad_value_is_named_and_the_good_ones_stay(sent, key, word):
    read = decode_telemetry(sent)
    assert [sample.key for sample in read.samples] == ["good"]
    assert [fault.key for fault in read.faults] == [key] and word in read.faults[0].reason


@pytest.mark.parametrize(
    "sent, word",
    [
        (b"", "not JSON"),
        (b'{"a":', "not JSON"),
        (b'{"a":NaN', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"5", "a number"),
        (b"NaN", "NaN"),
        (b'[[{"a":1}]]', "a list"),
        (b"[" * 3000 + b"]" * 3000, "too deep"),
        (b'{"a":NaN,"b":' + b"[" * 30000, "not JSON|too deep"),
        (b'{"a":' + b" " * 70_000 + b"1}", "the most is 65536"),
        (orjson.dumps({f"k{i}": i for i in range(1001)}), "1001 keys"),
        (orjson.dumps([{"k": 1}] * 7000), None),
    ],
)
def test_a_message_that_tells_nothing_is_refused_with_the_reason(sent, word):
    if word is None:
        assert len(decode_telemetry(sent).samples) == 7000
        word, sent = "more than 5 values", b'[{"a":1},{"b":1},{"c":1},{"d":1},{"e":1},{"f":1}]'
        with pytest.raises(Unreadable, match=word):
            decode_telemetry(sent, Limits(samples=5))
        return
    with pytest.raises(Unreadable, match=word):
        decode_telemetry(sent)


def test_a_gateway_speaks_for_its_devices_and_one_bad_device_spoils_no_other():
    read = decode_gateway_telemetry(b'{"A":[{"ts":7,"values":{"p":0.61}},{"p":0.6}],"B":{"q":1},"C":[5]}')
    assert [tuple(sample) for sample in read["A"].samples] == [("p", 7, 0.61), ("p", None, 0.6)]
    assert [tuple(sample) for sample in read["B"].samples] == [("q", None, 1.0)]
    assert read["C"].samples == [] and read["C"].faults == [Fault("", "expected an object of values, got a number")]
    with pytest.raises(Unreadable, match="object of device names"):
        decode_gateway_telemetry(b"[1]")


def test_attributes_keep_every_json_value_but_no_nan():
    assert decode_attributes(b'{"firmware":"1.2","on":true,"at":[1,{"x":null}]}') == {
        "firmware": "1.2",
        "on": True,
        "at": [1, {"x": None}],
    }
    for sent in (b'{"x":NaN}', b"[]", b"{"):
        with pytest.raises(Unreadable):
            decode_attributes(sent)


def test_the_named_device_is_read_or_refused():
    assert decode_named_device(b'{"device":"Gauge A","type":"x"}') == "Gauge A"
    for sent in (b'{"device":5}', b'{"device":""}', b"[]", b'"Gauge A"'):
        with pytest.raises(Unreadable):
            decode_named_device(sent)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_any_json_is_samples_faults_or_a_reason(document):
    import json

    for read in (decode_telemetry, decode_gateway_telemetry, decode_attributes):
        try:
            read(json.dumps(document).encode())
        except Unreadable as problem:
            assert str(problem)


@given(st.binary(max_size=60), st.integers(0, 60), st.sampled_from(FORMS))
def test_noise_and_damage_never_do_more_than_give_a_reason(noise, place, form):
    for sent in (noise, form[0][:place] + noise + form[0][place:]):
        try:
            read = decode_telemetry(sent)
        except Unreadable:
            continue
        assert all(abs(sample.value) < 4e38 for sample in read.samples)


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.floats(width=32, allow_nan=False, allow_infinity=False)))
def test_what_a_device_says_is_what_is_read(values):
    values.pop("values", None)
    read = decode_telemetry(orjson.dumps({"ts": T, "values": values}))
    assert {sample.key: sample.value for sample in read.samples} == values
