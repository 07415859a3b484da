"""A node is born, speaks by alias, loses a message, dies; every data type is read; nothing that is sent breaks it."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.wire.sparkplug import values as v
from anlan.wire.sparkplug.schema import Payload
from anlan.wire.sparkplug.session import Node, rebirth_request
from anlan.wire.sparkplug.topics import Topic, read_topic, state_asked, write_topic
from anlan.wire.thingsboard.payload import Unreadable

MS = 1_767_576_600_000
NODE = Topic("park", "NDATA", "edge1", "")


def at(verb: str, device: str = "") -> Topic:
    return Topic("park", verb, "edge1", device)


def payload(seq: int | None, *metrics: dict, timestamp: int = MS) -> bytes:
    made = Payload(timestamp=timestamp)
    if seq is not None:
        made.seq = seq
    for metric in metrics:
        made.metrics.add(**metric)
    return made.SerializeToString()


def born(node: Node, bd_seq: int = 7) -> Node:
    metrics = [
        {"name": "bdSeq", "datatype": v.INT64, "long_value": bd_seq},
        {"name": "Node Control/Rebirth", "datatype": v.BOOLEAN, "boolean_value": False},
        {"name": "Temperature", "alias": 1, "datatype": v.FLOAT, "float_value": 21.5},
        {"name": "Firmware", "alias": 2, "datatype": v.STRING, "string_value": "1.2"},
    ]
    node.hear(at("NBIRTH"), payload(0, *metrics))
    node.hear(at("DBIRTH", "tank"), payload(1, {"name": "Level", "alias": 9, "datatype": v.INT16, "int_value": 40}))
    return node


def test_a_birth_names_metrics_gives_first_values_and_keeps_texts_apart():
    node = Node()
    said = node.hear(
        at("NBIRTH"),
        payload(
            0,
            {"name": "bdSeq", "datatype": v.UINT64, "long_value": 3},
            {"name": "T", "alias": 1, "datatype": v.DOUBLE, "double_value": 1.25},
            {"name": "Model", "datatype": v.STRING, "string_value": "X1"},
        ),
    )
    assert said.samples.rows() == [("", "T", MS * 1000, 1.25, 0)] and said.texts == {"Model": "X1"}
    assert said.came and not said.rebirth and node.bd_seq == 3


def test_data_speak_by_alias_of_the_node_or_of_the_device():
    node = born(Node())
    said = node.hear(at("NDATA"), payload(2, {"alias": 1, "timestamp": MS + 5, "float_value": 22.5}))
    assert said.samples.rows() == [("", "Temperature", (MS + 5) * 1000, 22.5, 0)]
    said = node.hear(at("DDATA", "tank"), payload(3, {"alias": 9, "int_value": 2**16 - 3}))
    assert said.samples.rows() == [("tank", "Level", MS * 1000, -3.0, 0)] and not said.rebirth and not said.faults


def test_the_same_alias_of_another_device_is_another_metric():
    said = born(Node()).hear(at("DDATA", "tank"), payload(2, {"alias": 1, "float_value": 1}))
    assert not said.samples.rows() and said.faults[0].key == "alias 1" and said.rebirth


def test_seq_counts_around_and_a_gap_asks_for_the_birth_but_loses_no_value():
    node = born(Node())
    for n in range(2, 600):
        assert not node.hear(at("NDATA"), payload(n % 256, {"alias": 1, "float_value": n})).rebirth
    said = node.hear(at("NDATA"), payload(601 % 256, {"alias": 1, "float_value": 5}))
    assert "something was lost" in said.rebirth and said.samples.rows()
    assert not node.hear(at("NDATA"), payload(602 % 256, {"alias": 1, "float_value": 5})).rebirth


def test_data_before_the_birth_ask_for_it_and_what_is_named_is_taken():
    said = Node().hear(at("NDATA"), payload(9, {"name": "T", "datatype": v.INT32, "int_value": 2**32 - 1}))
    assert said.rebirth and said.samples.rows()[0][3] == -1.0


def test_a_device_is_not_born_before_its_node():
    assert Node().hear(at("DBIRTH", "tank"), payload(1)).rebirth


def test_a_death_ends_the_node_and_all_behind_it_if_it_is_of_this_birth():
    node = born(Node(), bd_seq=7)
    old = node.hear(at("NDEATH"), payload(None, {"name": "bdSeq", "datatype": v.INT64, "long_value": 6}))
    assert old.gone == () and node.births
    said = node.hear(at("NDEATH"), payload(None, {"name": "bdSeq", "datatype": v.INT64, "long_value": 7}))
    assert said.gone == ("", "tank") and not node.births
    assert node.hear(at("NDATA"), payload(0, {"alias": 1, "float_value": 1})).rebirth


def test_a_device_that_died_must_be_born_again():
    node = born(Node())
    assert node.hear(at("DDEATH", "tank"), payload(2)).gone == ("tank",)
    assert node.hear(at("DDATA", "tank"), payload(3, {"alias": 9, "int_value": 1})).rebirth


def test_a_value_of_the_past_keeps_its_own_time_and_without_one_is_refused():
    node = born(Node())
    past = {"alias": 1, "float_value": 3, "is_historical": True}
    said = node.hear(at("NDATA"), payload(2, {**past, "timestamp": MS - 3_600_000}, past, timestamp=0))
    assert said.samples.rows() == [("", "Temperature", (MS - 3_600_000) * 1000, 3.0, 0)]
    assert "without its time" in said.faults[0].reason


@pytest.mark.parametrize("code, quality", [(192, 0), (0, 16), (500, 8)])
def test_bad_is_unfit_and_stale_is_substituted(code, quality):
    made = Payload(timestamp=MS, seq=2)
    metric = made.metrics.add(alias=1, float_value=1)
    metric.properties.keys.append("Quality")
    metric.properties.values.add(type=v.INT32, int_value=code)
    said = born(Node()).hear(at("NDATA"), made.SerializeToString())
    assert said.samples.rows()[0][4] == quality


@pytest.mark.parametrize(
    "datatype, sent, value",
    [
        (v.INT8, {"int_value": 2**32 - 128}, -128), (v.INT8, {"int_value": 255}, -1), (v.INT8, {"int_value": 127}, 127),
        (v.INT16, {"int_value": 2**32 - 300}, -300), (v.INT32, {"int_value": 2**31}, -(2**31)),
        (v.INT64, {"long_value": 2**64 - 5}, -5), (v.INT64, {"int_value": 7}, 7), (v.UINT8, {"int_value": 255}, 255),
        (v.UINT16, {"int_value": 65535}, 65535), (v.UINT32, {"int_value": 2**32 - 1}, 2**32 - 1),
        (v.UINT32, {"long_value": 2**32 - 1}, 2**32 - 1), (v.UINT64, {"long_value": 2**40}, 2**40),
        (v.FLOAT, {"float_value": 1.5}, 1.5), (v.DOUBLE, {"double_value": -2.25}, -2.25),
        (v.BOOLEAN, {"boolean_value": True}, 1), (0, {"double_value": 4.0}, 4),
        (v.UINT8, {"int_value": 256}, None), (v.INT8, {"int_value": 200_000}, None),
        (v.DOUBLE, {"double_value": float("nan")}, None), (v.DOUBLE, {"double_value": 1e300}, None),
        (v.STRING, {"string_value": "x"}, "x"), (v.UUID, {"string_value": "u"}, "u"),
        (v.TEXT, {"string_value": ""}, ""), (v.FILE, {"bytes_value": b""}, None),
        (v.DATETIME, {"long_value": MS}, None), (v.BYTES, {"bytes_value": b"x"}, None),
        (v.INT32, {"bytes_value": b"x"}, None), (v.INT32, {}, None),
    ],
)  # fmt: skip
def test_every_scalar_type_is_read_or_refused(datatype, sent, value):
    metric = Payload().metrics.add(**sent)
    ((key, found, _),) = v.values("k", datatype, metric)
    assert (key, found) == ("k", value)


@pytest.mark.parametrize("datatype, code", list(v.ARRAYS.items()))
def test_every_array_of_numbers_is_read_element_by_element(datatype, code):
    metric = Payload().metrics.add(bytes_value=struct.pack(f"<2{code}", 1, 2))
    assert list(v.values("k", datatype, metric)) == [("k/0", 1.0, ""), ("k/1", 2.0, "")]
    metric.bytes_value += b"\0" if struct.calcsize(code) > 1 else bytes(1001)
    assert next(v.values("k", datatype, metric))[1] is None


def test_flags_data_sets_and_templates_become_keys_of_their_own():
    flags = Payload().metrics.add(bytes_value=b"\x03\0\0\0\xa0")
    assert [found[1] for found in v.values("f", v.BOOLEAN_ARRAY, flags)] == [1, 0, 1]
    table = Payload().metrics.add()
    table.dataset_value.columns.extend(["a", "b"])
    table.dataset_value.types.extend([v.INT32, v.STRING])
    row = table.dataset_value.rows.add()
    row.elements.add(int_value=5)
    row.elements.add(string_value="on")
    assert list(v.values("d", v.DATASET, table)) == [("d/a", 5.0, ""), ("d/b", "on", "")]
    motor = Payload().metrics.add()
    motor.template_value.metrics.add(name="rpm", datatype=v.INT32, int_value=900)
    assert list(v.values("m", v.TEMPLATE, motor)) == [("m/rpm", 900.0, "")]


def test_templates_within_templates_end_somewhere():
    metric = Payload().metrics.add()
    inner = metric
    for _ in range(20):
        inner = inner.template_value.metrics.add(name="x", datatype=v.TEMPLATE)
    inner.int_value = 1
    assert [why for _, _, why in v.values("k", v.TEMPLATE, metric)] == ["templates nested too deep"]


def test_the_birth_is_asked_for_on_the_nodes_own_topic():
    topic, body = rebirth_request(at("DDATA", "tank"), MS)
    assert write_topic(topic) == "spBv1.0/park/NCMD/edge1"
    (metric,) = Payload.FromString(body).metrics
    assert (metric.name, metric.boolean_value) == ("Node Control/Rebirth", True)


@pytest.mark.parametrize(
    "topic, parts",
    [
        ("spBv1.0/g/NBIRTH/e", Topic("g", "NBIRTH", "e", "")),
        ("spBv1.0/g/DDATA/e/d", Topic("g", "DDATA", "e", "d")),
        ("spBv1.0/g/DDATA/e", None), ("spBv1.0/g/NDATA/e/d", None), ("spBv1.0/g/NDATA/", None),
        ("spBv1.0/STATE/h", None), ("spBv1.0/g/XDATA/e", None), ("spAv1.0/g/NDATA/e", None),
        ("v1/devices/me/telemetry", None),
    ],
)  # fmt: skip
def test_topics_are_read_and_strange_ones_refused(topic, parts):
    assert read_topic(topic) == parts
    assert parts is None or write_topic(parts) == topic


def test_a_subscription_says_whose_state_it_wants():
    assert [state_asked(name) for name in ("spBv1.0/STATE/+", "STATE/scada", "spBv1.0/#", "v1/x")] == [
        "+",
        "scada",
        None,
        None,
    ]


def test_a_name_that_is_no_text_is_a_message_that_cannot_be_read():
    damaged = payload(0, {"name": "Temp", "int_value": 1}).replace(b"Temp", b"\xff\xfe\xfd\xfc")
    with pytest.raises(Unreadable, match="UTF-8"):
        Node().hear(at("NBIRTH"), damaged)


# --- whatever is sent ---------------------------------------------------------------------------------------------
BIRTH = payload(
    0, {"name": "T", "alias": 1, "datatype": v.FLOAT, "float_value": 1}, {"name": "m", "datatype": v.TEMPLATE}
)
VERBS = st.sampled_from(["NBIRTH", "NDEATH", "NDATA"])


def hear_all(node: Node, messages) -> None:
    for verb, data in messages:
        try:
            said = node.hear(at(verb), data)
        except Unreadable as why:
            assert str(why)
        else:
            assert all(isinstance(row[3], float) and abs(row[3]) < 3.5e38 for row in said.samples.rows())


@given(st.lists(st.tuples(VERBS, st.binary(max_size=200)), max_size=8))
def test_any_bytes_are_read_or_refused_with_a_reason(messages):
    hear_all(Node(), messages)


@given(st.lists(st.tuples(VERBS, st.integers(0, len(BIRTH) - 1), st.integers(0, 255), st.integers(0, 40)), max_size=12))
def test_a_damaged_message_is_read_or_refused_with_a_reason(damages):
    hear_all(
        born(Node()),
        [
            (verb, (BIRTH[:place] + bytes([byte]) + BIRTH[place + 1 :])[: len(BIRTH) - cut])
            for verb, place, byte, cut in damages
        ],
    )
