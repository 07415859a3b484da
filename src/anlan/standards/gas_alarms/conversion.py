"""Between volume and mass of a gas in air.

    mg/m³ = ppm · M / Vm          Vm = R·T/p, 24.055 L/mol at 20 °C and 101.325 kPa
    %vol = %LEL · LEL / 100

Ideal gas; at the concentrations of alarms the error is far below that of a detector. The reference of exposure limits
is 20 °C; another temperature and pressure are arguments.
"""

from fractions import Fraction

from anlan.standards import exact, schemas
from anlan.standards.citing import Clause, Status, Text
from anlan.standards.questions import Example, Question
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

R = Fraction("8.314462618")  # J/(mol·K), exact by definition
REFERENCE = Clause("GBZ 2.1-2019", "", Status.RECALLED)  # 20 °C and 101.325 kPa as the reference of limits
CELSIUS, ATMOSPHERE = Fraction(20), Fraction("101.325")


def molar_volume(celsius: exact.Number = CELSIUS, kpa: exact.Number = ATMOSPHERE) -> Fraction:
    """Litres a mole of gas fills."""
    kelvin = exact.exact(celsius, Text("温度", "temperature")) + Fraction("273.15")
    pressure = exact.exact(kpa, Text("压力", "pressure"))
    if kelvin <= 0 or pressure <= 0:
        raise OutsideTable(
            Text("温度或压力", "temperature or pressure"), f"{celsius} °C, {kpa} kPa", "> −273.15 °C, > 0"
        )
    return R * kelvin / pressure


def mg_from_ppm(
    ppm: exact.Number, molar_mass: exact.Number, celsius: exact.Number = CELSIUS, kpa: exact.Number = ATMOSPHERE
) -> Finding:
    """mg/m³ of a gas of `molar_mass` (g/mol)."""
    amount, mass = _amount(ppm), _mass(molar_mass)
    inputs = {"ppm": amount, "molar_mass": mass, "celsius": celsius, "kpa": kpa}
    value = amount * mass / molar_volume(celsius, kpa)
    return Finding(value, Text("体积分数换算为质量浓度", "from ppm to mg/m³"), REFERENCE, inputs, unit="mg/m3")


def ppm_from_mg(
    mg: exact.Number, molar_mass: exact.Number, celsius: exact.Number = CELSIUS, kpa: exact.Number = ATMOSPHERE
) -> Finding:
    """ppm by volume of a gas of `molar_mass` (g/mol)."""
    amount, mass = _amount(mg), _mass(molar_mass)
    inputs = {"mg_m3": amount, "molar_mass": mass, "celsius": celsius, "kpa": kpa}
    value = amount * molar_volume(celsius, kpa) / mass
    return Finding(value, Text("质量浓度换算为体积分数", "from mg/m³ to ppm"), REFERENCE, inputs, unit="[ppm]")


def vol_from_lel(percent_lel: exact.Number, lel: exact.Number) -> Fraction:
    """%vol of a flammable gas whose lower explosion limit is `lel` %vol."""
    return _amount(percent_lel) * _lel(lel) / 100


def lel_from_vol(percent_vol: exact.Number, lel: exact.Number) -> Fraction:
    """%LEL of a flammable gas."""
    return _amount(percent_vol) * 100 / _lel(lel)


def _amount(given: exact.Number) -> Fraction:
    amount = exact.exact(given, Text("浓度", "concentration"))
    if amount < 0:
        raise OutsideTable(Text("浓度", "concentration"), given, "≥ 0")
    return amount


def _mass(given: exact.Number) -> Fraction:
    mass = exact.exact(given, Text("摩尔质量", "molar mass"))
    if mass <= 0:
        raise OutsideTable(Text("摩尔质量", "molar mass"), given, "> 0 g/mol")
    return mass


def _lel(given: exact.Number) -> Fraction:
    lel = exact.exact(given, Text("爆炸下限", "lower explosion limit"))
    if not 0 < lel < 100:
        raise OutsideTable(Text("爆炸下限", "lower explosion limit"), given, "> 0, < 100 %vol")
    return lel


UNITS = {"ppm": Text("ppm", "ppm"), "mg/m3": Text("mg/m³", "mg/m³")}
QUESTION = Question(
    name="gas-units",
    title=Text("气体浓度换算", "Units of gas concentration"),
    about=Text("ppm 与 mg/m³ 互换，默认20 °C、101.325 kPa。", "ppm and mg/m³, at 20 °C and 101.325 kPa unless said."),
    clause=REFERENCE,
    schema=schemas.record(
        amount=schemas.number(Text("浓度", "concentration")),
        unit=schemas.choice(Text("单位", "unit"), UNITS),
        molar_mass=schemas.number(Text("摩尔质量", "molar mass"), unit="g/mol"),
        celsius=schemas.maybe(schemas.number(Text("温度", "temperature"), least=-273, unit="Cel")),
        kpa=schemas.maybe(schemas.number(Text("压力", "pressure"), unit="kPa")),
    ),
    answer=lambda given, when: (mg_from_ppm if given["unit"] == "ppm" else ppm_from_mg)(
        given["amount"], given["molar_mass"], given.get("celsius", CELSIUS), given.get("kpa", ATMOSPHERE)
    ),
    examples=(
        Example(Text("硫化氢10 mg/m³", "10 mg/m³ of H₂S"), {"amount": 10, "unit": "mg/m3", "molar_mass": 34.08}),
    ),
)
