"""Scenarios to start by command or button: each lays its own values over the signals of a few devices for a while.

Pure: a script says which devices (by the part they play), and what they read so many seconds after its start. The
simulator asks `reading` at every report; when the script is over, or is stopped, the plain signals return.
"""

from collections.abc import Callable
from dataclasses import dataclass

SUBJECT = "simulator.scenario"
"""Requests on the broker: {"do": "start" | "stop" | "list", "name": …}; the answer is JSON, see `simulator`."""

# Seconds since the start, the devices' place in the script (0, 1, …), what it would read otherwise -> what it reads.
Script = Callable[[float, int, float], float]


@dataclass(frozen=True)
class Scenario:
    """`stage` is the gateway it plays at (see `tokens`), or "" for devices that report alone; `first` and `count`
    choose among its devices of `profile`. A script of None means: the gateway says nothing."""

    name: str
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    stage: str
    profile: str
    key: str
    first: int
    count: int
    seconds: int
    script: Script | None


def ramp(elapsed: float, start: float, seconds: float) -> float:
    """0 before `start`, then rising to 1 over `seconds`."""
    return min(1.0, max(0.0, (elapsed - start) / seconds))


def overfill(elapsed: float, place: int, usual: float) -> float:
    """The inlet valve does not close: to 96 % in a minute and a half, held, drawn down again."""
    up, down = ramp(elapsed, 0, 90), ramp(elapsed, 300, 60)
    return usual + (96.0 - usual) * up * (1 - down)


def gas_leak(elapsed: float, place: int, usual: float) -> float:
    """A flange leaks: the nearest detector reaches 62 % LEL, its neighbours less and later; it clears by itself."""
    peak = (62.0, 38.0, 14.0)[min(place, 2)]
    return max(usual, peak * ramp(elapsed, 8 * place, 30) * (1 - ramp(elapsed, 240, 60)))


def ammonia_leak(elapsed: float, place: int, usual: float) -> float:
    peak = (260.0, 180.0, 60.0)[min(place, 2)]
    return max(usual, peak * ramp(elapsed, 10 * place, 40) * (1 - ramp(elapsed, 300, 60)))


def smoke_alarm(elapsed: float, place: int, usual: float) -> float:
    """A kitchen fire: one detector at once, its neighbour after 20 seconds, both quiet after four minutes."""
    return 1.0 if 20 * place <= elapsed < 240 else usual


def flood(elapsed: float, place: int, usual: float) -> float:
    """A cloudburst: half a metre of water in the lowest spot within three minutes, less in the others."""
    depth = 0.52 - 0.09 * place
    return max(usual, depth * ramp(elapsed, 12 * place, 180) * (1 - ramp(elapsed, 480, 240)))


SCENARIOS = {
    one.name: one
    for one in (
        Scenario(
            "tank-overfill",
            "储罐冒顶",
            "A tank overfills",
            "化工企业一座储罐持续进料：约一分钟越过高限85%（黄色），随即越过90%（红色），五分钟后回落。",
            "A tank of the chemical works keeps filling: past the high limit of 85 % (yellow) after a minute, 90 % "
            "(red) soon after; it is drawn down after five minutes.",
            "plant",
            "tank_level",
            "level",
            3,
            1,
            360,
            overfill,
        ),
        Scenario(
            "gas-leak",
            "可燃气体泄漏",
            "A gas detector alarms",
            "罐区法兰泄漏：最近的探测器升至62%LEL（红色），邻近两台随后升高。",
            "A flange leaks in the tank farm: the nearest detector rises to 62 % LEL (red), two neighbours follow.",
            "plant",
            "combustible_gas",
            "lel",
            0,
            3,
            300,
            gas_leak,
        ),
        Scenario(
            "gateway-silent",
            "网关离线",
            "A gateway falls silent",
            "一座加油站的网关断线：三分钟后网关静默报警，五分钟后其下探测器静默报警；七分钟后恢复。",
            "The gateway of a petrol station loses its line: reported silent after three minutes, what is behind it "
            "after five; it returns after seven.",
            "petrol",
            "",
            "",
            0,
            0,
            420,
            None,
        ),
        Scenario(
            "ammonia-leak",
            "氨泄漏",
            "Ammonia escapes",
            "冷库制冷机房氨浓度升至260 ppm，越过150 ppm报警值。",
            "Ammonia in a refrigeration room rises to 260 ppm, past the alarm value of 150 ppm.",
            "cold",
            "ammonia_gas",
            "nh3",
            0,
            3,
            360,
            ammonia_leak,
        ),
        Scenario(
            "smoke",
            "居民楼感烟报警",
            "Smoke in an old house",
            "老旧小区一户厨房起火：感烟探测器立即报警，邻户20秒后报警。",
            "A kitchen fire in an old quarter: one smoke detector alarms at once, the neighbour's after 20 seconds.",
            "grid",
            "smoke_detector",
            "smoke",
            0,
            2,
            260,
            smoke_alarm,
        ),
        Scenario(
            "flood",
            "强降雨内涝",
            "Streets under water",
            "短时强降雨：五处易涝点积水，最深约0.5米，依次越过0.15米与0.30米。",
            "A cloudburst: five low spots fill, the deepest to half a metre, past 0.15 m and 0.30 m one after another.",
            "",
            "water_level",
            "level",
            0,
            5,
            720,
            flood,
        ),
    )
}


def reading(scenario: Scenario, elapsed: float, place: int, usual: float) -> float:
    """What the `place`-th device of the scenario reads; the usual value before its start and after its end."""
    if scenario.script is None or not 0 <= elapsed < scenario.seconds:
        return usual
    return round(scenario.script(elapsed, place, usual), 3)
