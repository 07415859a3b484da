"""The rules of benchmarks.rules in the peers' language, one expression each over all series, and the towns' aggregates.

What the peers have no word for is left out to their advantage: deadbands, a limit of each point's own, and half of the
differences (one of a pair stands for both).
"""

from anlan.telemetry.book import Rule

OVER = {"H": ">=", "HH": ">=", "L": "<=", "LL": "<="}
QUANTITIES = {
    "VALUE": "{all}",
    "DIFFERENCE": "abs({a} - on (pair) {b})",
    "CHANGE": "delta({all}[{window}])",
    "MEAN": "avg_over_time({all}[{window}])",
    "SUM": "sum_over_time({all}[{window}])",
    "SPREAD": "max_over_time({all}[{window}]) - min_over_time({all}[{window}])",
}
AGGREGATES = {
    "MEAN": "avg by (town) (level)",
    "MAX": "max by (town) (level)",
    "SUM": "sum by (town) (level)",
    "COUNT": "count by (town) (level > 30)",
    "HEARD": "count by (town) (level)",
}


def expression(rule: Rule, kind: int | None = None) -> str:
    """For all series, or for those of a kind."""
    if rule.kind == "SILENCE":
        return f"time() - timestamp({_selected(kind)}) > {rule.silence}"
    if rule.of == "RANGE":
        return f"abs({_selected(kind)}) > 1000"
    if rule.of == "BITS":
        return f"floor({_selected(kind)} / {rule.limit:.0f}) % 2 == 1"
    sides = {side: _selected(kind, side=side) for side in "ab"}
    quantity = QUANTITIES[rule.of].format(all=_selected(kind), window=f"{rule.window:.0f}s", **sides)
    return f"{quantity} {OVER[rule.kind]} {rule.limit}"


def _selected(kind: int | None, **labels) -> str:
    if kind is not None:
        labels["kind"] = kind
    return "level{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}"


def group(rules: list[Rule], hows: tuple[str, ...], every: float, *, of_kinds: bool, keeps_firing: bool) -> dict:
    """A rule file of one group. ``of_kinds``: each rule for the series of its own kind only. ``keeps_firing`` is False
    for a program that has no delay of an alarm's end."""
    held = [_alert(n, rule, n if of_kinds else None, keeps_firing) for n, rule in enumerate(rules)]
    towns = [{"alert": f"town_{how.lower()}", "expr": f"{AGGREGATES[how]} > 1e9"} for how in hows]
    return {"groups": [{"name": "plants", "interval": f"{every:.0f}s", "rules": [*held, *towns]}]}


def _alert(number: int, rule: Rule, kind: int | None, keeps_firing: bool) -> dict:
    made = {"alert": f"rule_{number}", "expr": expression(rule, kind)}
    if rule.on_delay:
        made["for"] = f"{rule.on_delay:.0f}s"
    if rule.off_delay and keeps_firing:
        made["keep_firing_for"] = f"{rule.off_delay:.0f}s"
    return made
