"""The four levels of risk and their colours, red to blue: one enumeration wherever a level of risk is meant."""

from enum import IntEnum

from anlan.standards.citing import Text


class RiskLevel(IntEnum):
    """1 is the gravest, so the highest of several levels is their minimum."""

    MAJOR = 1
    CONSIDERABLE = 2
    GENERAL = 3
    LOW = 4

    @property
    def title(self) -> Text:
        return TITLES[self]

    @property
    def colour(self) -> Text:
        return COLOURS[self]


TITLES = {
    RiskLevel.MAJOR: Text("重大风险", "major risk"),
    RiskLevel.CONSIDERABLE: Text("较大风险", "considerable risk"),
    RiskLevel.GENERAL: Text("一般风险", "general risk"),
    RiskLevel.LOW: Text("低风险", "low risk"),
}
COLOURS = {
    RiskLevel.MAJOR: Text("红", "red"),
    RiskLevel.CONSIDERABLE: Text("橙", "orange"),
    RiskLevel.GENERAL: Text("黄", "yellow"),
    RiskLevel.LOW: Text("蓝", "blue"),
}
