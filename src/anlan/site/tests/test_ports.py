import os

import pytest

from anlan.site.supervisor.ports import PORTS, Claims, PortTaken, choose

USUAL = {port.name: port.default for port in PORTS}


def free_but(*taken: int):
    return lambda host, number: number not in taken


def test_the_usual_ports_are_used_when_they_are_free():
    assert choose({}, {}, free_but()) == USUAL


def test_the_next_free_port_is_taken_when_the_usual_one_is_not():
    chosen = choose({}, {}, free_but(8000, 8001, 4222))
    assert (chosen["web"], chosen["nats"], chosen["mqtt"]) == (8002, 4223, 1883)


def test_the_port_of_the_last_run_is_kept_so_that_devices_find_it():
    assert choose({}, {"mqtt": 1890}, free_but(1883))["mqtt"] == 1890
    assert choose({}, {"mqtt": 1890}, free_but(1890))["mqtt"] == 1883


def test_a_port_that_was_asked_for_is_never_replaced_silently():
    with pytest.raises(PortTaken, match="ANLAN_WEB_PORT=9000: another program listens there"):
        choose({"ANLAN_WEB_PORT": "9000"}, {}, free_but(9000))


def test_no_two_purposes_get_one_port():
    chosen = choose({"ANLAN_WEB_PORT": "8081"}, {}, free_but())
    assert len(set(chosen.values())) == len(PORTS)
    with pytest.raises(PortTaken):
        choose({"ANLAN_WEB_PORT": "8081", "ANLAN_DEVICE_HTTP_PORT": "8081"}, {}, free_but())


def test_it_gives_up_with_a_hint_when_nothing_near_is_free():
    with pytest.raises(SystemExit, match="Set ANLAN_WEB_PORT"):
        choose({}, {}, lambda host, number: False)


def test_two_platforms_started_at_once_choose_different_ports_before_either_listens(tmp_path):
    one, other = (choose({}, {}, Claims(tmp_path).take) for _ in range(2))
    assert not set(one.values()) & set(other.values())


def test_what_a_platform_that_has_ended_had_taken_is_free_again(tmp_path):
    claims = Claims(tmp_path)
    before = choose({}, {}, claims.take)
    for lock in claims.held:
        os.close(lock)
    assert choose({}, {}, Claims(tmp_path).take) == before


def test_a_lock_that_another_person_owns_or_put_a_link_in_place_of_is_a_port_taken(tmp_path):
    (tmp_path / "anlan-port-8000").symlink_to(tmp_path / "elsewhere")
    assert choose({}, {}, Claims(tmp_path).take)["web"] != 8000
