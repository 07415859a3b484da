import subprocess
import sys

import pytest

from anlan.site import command
from anlan.site.command_table import COMMANDS


@pytest.mark.parametrize("one", COMMANDS, ids=lambda one: one.words)
def test_every_command_answers_help(one, capsys):
    with pytest.raises(SystemExit) as ended:
        command.main([*one.words.split(), "--help"])
    assert ended.value.code == 0
    assert one.help.split()[0] in capsys.readouterr().out


def test_an_unknown_command_is_not_understood_and_says_which_there_are(capsys):
    with pytest.raises(SystemExit) as ended:
        command.main(["dance"])
    assert ended.value.code == 2
    assert "run" in capsys.readouterr().err


def test_a_group_alone_is_not_understood(capsys):
    with pytest.raises(SystemExit) as ended:
        command.main(["audit"])
    assert ended.value.code == 2


def test_a_wrong_setting_ends_with_its_own_exit_code_and_a_hint(monkeypatch, capsys):
    monkeypatch.setenv("ANLAN_MQTT_PORT", "many")
    with pytest.raises(SystemExit) as ended:
        command.main(["run"])
    assert ended.value.code == 78
    assert "ANLAN_MQTT_PORT='many' cannot be used: write a whole number" in capsys.readouterr().err


@pytest.mark.django_db
def test_audit_verify_says_whether_the_history_is_whole(capsys):
    from anlan.desk.audit.chain import Act, append
    from anlan.desk.audit.models import Entry

    append(Act(action="test.one"), Act(action="test.two"))
    with pytest.raises(SystemExit) as ended:
        command.main(["audit", "verify"])
    assert ended.value.code == 0
    Entry.objects.filter(position=1).update(words="changed")
    with pytest.raises(SystemExit) as ended:
        command.main(["audit", "verify"])
    assert ended.value.code == 1
    assert "at entry 1" in capsys.readouterr().out


def test_the_supervisor_stays_light():
    code = "import anlan.site.command, anlan.site.supervisor.run, sys; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert not {name.split(".")[0] for name in loaded} & {"django", "numpy", "nats", "numba"}
