"""Scripts, messages and the MQTT line, without sockets; then one conversation over a real socket."""

import asyncio
import json
import time

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan import packs
from anlan.demo.mqtt_line import Line, connect_packet, publish_packet, received
from anlan.demo.reporters import GATEWAY_TOPIC, OWN_TOPIC, cast, reporters
from anlan.demo.scenarios import SCENARIOS, Play, _play
from anlan.demo.simulator import FILE, Simulator
from anlan.telemetry import settings
from anlan.wire.mqtt import answers, packets
from anlan.wire.thingsboard.payload import decode_gateway_telemetry, decode_telemetry

NOW = 1_790_000_000.0


def device(code, profile, **more):
    return {"code": code, "name": f"甲{code}", "profile": profile, "number": len(code) * 77, **more}


@pytest.fixture
def said():
    tanks = [device(f"LT{n}", "tank_level") for n in range(5)] + [device(f"GD{n}", "combustible_gas") for n in range(4)]
    smoke = [device(f"SA{n:05d}", "smoke_detector") for n in range(450)]
    return {
        "stage": {"plant": "P-GW", "cold": "C-GW", "petrol": "F-GW", "grid": "S-GW"},
        "gateways": [
            {**device("P-GW", "gateway"), "token": "plant-token", "devices": tanks},
            {**device("C-GW", "gateway"), "token": "c", "devices": [device(f"NH{n}", "ammonia_gas") for n in range(4)]},
            {**device("F-GW", "gateway"), "token": "f", "devices": [device(f"T{n}", "tank_level") for n in range(4)]},
            {**device("S-GW", "gateway"), "token": "s", "devices": smoke},
        ],
        "alone": [{**device(f"WL-{n}", "water_level"), "token": f"w{n}"} for n in range(6)]
        + [{**device("RV-1", "reservoir_level", datum=59.0), "token": "r"}],
    }


def test_a_course_runs_in_straight_lines_between_what_is_usual_and_what_the_pack_says():
    play = Play(
        "tank_level", "level", shares=(1.0, 0.5), lag=10, course=((0, None), (90, 96.0), (300, 96.0), (360, None))
    )
    assert [play.reading(t, 0, 50.0) for t in (-1, 0, 45, 90, 200, 330, 360, 900)] == [50, 50, 73, 96, 96, 73, 50, 50]
    assert [play.reading(t, 1, 50.0) for t in (0, 10, 100)] == [50, 50, 73]  # later, and half of it


def test_a_state_stands_until_the_next_and_a_shift_is_added():
    state = Play("lift", "state", hold=True, course=((10, 1.0), (60, None)))
    assert [state.reading(t, 0, 0.0) for t in (0, 10, 59, 60)] == [0, 1, 1, 0]
    shift = Play("water_main", "pressure", adds=True, course=((0, 0.0), (100, -0.2)))
    assert shift.reading(50, 0, 0.36) == pytest.approx(0.26)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda one: one.name)
def test_every_scenario_leaves_the_usual_day_before_and_after(scenario):
    for play in scenario.plays:
        assert all(
            scenario.reading(play, outside, 0, 3.25) == 3.25 for outside in (-1, scenario.seconds, scenario.seconds + 9)
        )


def test_what_is_computed_is_not_said_and_cannot_be_played(said):
    said["alone"] = [{**device("RT-1", "reactor_trip"), "token": "r"}]
    told = json.loads(reporters(said)[-1].messages(NOW)[0][1])["values"]
    assert told.keys() == {"t1", "t2", "t3"}
    with pytest.raises(packs.PackError, match="plays votes, which is computed"):
        _play("own", {"profile": "reactor_trip", "point": "votes", "course": [[0, 3]]})


def test_rain_that_is_reported_more_often_is_told_in_smaller_amounts(said):
    said["alone"] = [{**device("RG-1", "rain_gauge"), "token": "r"}]
    one = reporters(said)[-1]
    one.playing["rainstorm"] = NOW
    one.messages(NOW + 200)
    told = [json.loads(one.messages(NOW + 200 + 2 * n)[0][1])["values"]["rain"] for n in range(1, 31)]
    assert sum(told) == pytest.approx(3.0, rel=0.05)  # 3 mm a minute


def test_without_a_stage_those_that_report_alone_play_or_the_first_gateway_that_has_enough(said):
    players = cast(SCENARIOS["h2s-leak"], reporters(said))
    assert players == []
    said["gateways"][1]["devices"].append(device("H2S", "toxic_h2s"))
    assert [one.code for one in cast(SCENARIOS["h2s-leak"], reporters(said))] == ["C-GW"]
    said["alone"].append({**device("H2S-2", "toxic_h2s"), "token": "h"})
    assert [one.code for one in cast(SCENARIOS["h2s-leak"], reporters(said))] == ["H2S-2"]


def test_a_gateway_says_all_its_devices_in_messages_the_codec_takes(said):
    for one in reporters(said):
        heard: set[str] = set()
        for topic, payload in one.messages(NOW):
            assert len(payload) <= 65_536
            if topic == GATEWAY_TOPIC:
                decoded = decode_gateway_telemetry(payload)
                assert not any(telemetry.faults for telemetry in decoded.values())
                heard |= set(decoded)
            else:
                assert topic == OWN_TOPIC
                assert not decode_telemetry(payload).faults
        behind = [group for group in one.groups if one.is_gateway and group.profile != "gateway"]
        assert heard == {name for group in behind for name in group.names}


def test_level_gauges_read_around_their_own_datum(said):
    gauge = next(one for one in reporters(said) if one.code == "RV-1")
    level = json.loads(gauge.messages(NOW)[0][1])["values"]["level"]
    assert 58 < level < 60


def test_a_scenario_changes_its_own_devices_and_no_other(said):
    plain, playing = reporters(said), reporters(said)
    scenario = SCENARIOS["tank-overfill"]
    for one in cast(scenario, playing):
        one.playing[scenario.name] = NOW
    changed = []
    for before, after in zip(plain, playing, strict=True):
        a, b = (dict(json.loads(r.messages(NOW + 120)[-1][1])) for r in (before, after))
        changed += [name for name in a if a[name] != b[name]]
    assert changed == ["甲LT3"]


def test_devices_that_report_alone_play_their_places_in_the_flood(said):
    players = cast(SCENARIOS["flood"], reporters(said))
    assert [one.code for one in players] == [f"WL-{n}" for n in range(5)]
    depths = []
    for one in players:
        one.playing["flood"] = NOW
        depths.append(json.loads(one.messages(NOW + 240)[0][1])["values"]["level"])
    assert depths == sorted(depths, reverse=True)
    assert depths[0] == pytest.approx(0.52)


@given(st.text("abcdefghXYZ0123456789-_", min_size=1, max_size=30), st.binary(max_size=300), st.integers(1, 65_535))
def test_packets_are_read_back_by_the_servers_codec(token, payload, packet_id):
    data = connect_packet(token, "c1") + publish_packet("v1/devices/me/telemetry", payload, packet_id)
    connect, at = packets.decode(data, 0, 4, 1 << 20)
    publish, length = packets.decode(data, at, 4, 1 << 20)
    assert (connect.user, publish.payload, publish.packet_id, at + length) == (token, payload, packet_id, len(data))


@given(st.lists(st.integers(1, 60), max_size=30))
def test_answers_are_heard_however_they_are_cut(cuts):
    whole = answers.connected(4, 65_536) + b"".join(answers.acknowledged(4, n) for n in range(1, 9))
    data, heard, at = bytearray(), [], 0
    for cut in [*cuts, len(whole)]:
        data += whole[at : at + cut]
        at += cut
        heard += received(data)
    assert [head for head, _ in heard] == [0x20] + [0x40] * 8
    assert not data


def simulator(tmp_path, said, **environment):
    file = tmp_path / FILE
    file.write_text(json.dumps(said))
    given = settings.load({"ANLAN_HOME": str(tmp_path), **environment})
    return Simulator(given, file)


def test_scenarios_are_started_listed_stopped_and_end_by_themselves(tmp_path, said):
    one = simulator(tmp_path, said)
    ask = lambda now, **asked: one.play(orjson.dumps(asked), now)  # noqa: E731
    assert ask(NOW, do="start", name="gas-leak") == {"running": {"gas-leak": 0.0}}
    assert ask(NOW + 5, do="list") == {"running": {"gas-leak": 5.0}}
    assert ask(NOW + 6, do="stop", name="gas-leak") == {"running": {}}
    ask(NOW, do="start", name="smoke")
    assert ask(NOW + SCENARIOS["smoke"].seconds, do="list") == {"running": {}}


@pytest.mark.parametrize("asked", [b"", b"[]", b'"x"', b'{"do": "start"}', b'{"do": "fly", "name": "smoke"}', b"{"])
def test_a_request_nobody_understands_is_answered_with_what_was_expected(tmp_path, said, asked):
    assert set(simulator(tmp_path, said).play(asked, NOW)) == {"error"}


def test_a_silent_gateway_closes_its_line_and_says_nothing(tmp_path, said):
    one = simulator(tmp_path, said)
    one.play(orjson.dumps({"do": "start", "name": "gateway-silent"}), NOW)
    assert [r.code for r in one.reporters if r.silent] == ["F-GW"]
    one.play(orjson.dumps({"do": "stop", "name": "gateway-silent"}), NOW)
    assert not any(r.silent for r in one.reporters)


def test_reports_are_spread_over_the_interval_and_come_back_in_time(tmp_path, said):
    one = simulator(tmp_path, said)
    offsets = np.array([r.due for r in one.reporters]) - time.time()
    assert (offsets < [r.interval + 0.1 for r in one.reporters]).all()
    one._say = lambda reporter, now: None
    later = time.time() + 61
    one._report(later)
    assert all(r.due >= later for r in one.reporters)


async def _converse(port_of):
    """A server that takes one connection: reads CONNECT and one PUBLISH, answers both."""
    heard = []

    async def serve(reader, writer):
        data = bytearray()
        while len(heard) < 2:
            data += await reader.read(4096)
            packet, at = packets.decode(data, 0, 4, 1 << 20)
            while packet is not None:
                heard.append(packet)
                del data[:at]
                writer.write(answers.connected(4, 65_536) if len(heard) == 1 else answers.acknowledged(4, 1))
                packet, at = packets.decode(data, 0, 4, 1 << 20)
        await writer.drain()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port_of(server.sockets[0].getsockname()[1])
    return server, heard


def test_a_line_connects_with_its_token_publishes_and_is_acknowledged():
    async def story():
        ports = []
        server, heard = await _converse(ports.append)
        ended = []
        line = Line("a-token", "P-GW", ended.append)
        await asyncio.get_running_loop().create_connection(lambda: line, "127.0.0.1", ports[0])
        assert not line.publish("t", b"{}")  # not yet taken
        for _ in range(200):
            if line.ready and not heard[1:]:
                assert line.publish(OWN_TOPIC, b'{"signal": -80}')
            if line.acknowledged:
                break
            await asyncio.sleep(0.01)
        line.close()
        await asyncio.sleep(0.05)
        server.close()
        return line, heard, ended

    line, heard, ended = asyncio.run(story())
    assert heard[0].user == "a-token"
    assert heard[1].topic == OWN_TOPIC
    assert line.acknowledged == 1
    assert ended == ["closed"]
