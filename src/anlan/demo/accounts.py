"""Accounts to try the platform with: one for each side of the story. Passwords are made, never chosen."""

import json
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from anlan.demo import names
from anlan.demo.divisions import DISTRICT_CODE
from anlan.demo.texts import initials
from anlan.demo.tokens import write_secret
from anlan.desk.access.actions import create_account
from anlan.desk.access.models import User
from anlan.desk.access.passwords import generated
from anlan.desk.access.roles import all_roles
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.know.organisations.models import Organisation, Person, Position
from anlan.know.places.models import Region

NAME = "demo-accounts.json"


class Part(NamedTuple):
    """A player: what he is, where, and what to try as him. `at` names an organisation or enterprise, see `_Places`."""

    username: str
    role: str
    at: str
    title: str
    try_zh: str
    try_en: str


PARTS = (
    Part(
        "duty",
        "duty_officer",
        "command",
        "值班员",
        "看一张图与预警，确认并派发预警，核验后关闭",
        "See the map and the warnings, confirm and dispatch one, verify the feedback and close it",
    ),
    Part(
        "duty2",
        "duty_officer",
        "command",
        "值班员（核验）",
        "核验他人反馈的预警：处置与核验须由不同的人",
        "Verify what another person handled: the same person never does both",
    ),
    Part(
        "inspector",
        "inspector",
        "emergency",
        "执法人员",
        "打开一家企业的档案，查看设施、监测与报警",
        "Open the file of an enterprise: facilities, readings, alarms",
    ),
    Part(
        "leader",
        "district_leader",
        "committee",
        "分管副主任",
        "看全区态势，催办、督办逾期事项",
        "See the whole district, urge and supervise what is late",
    ),
    Part(
        "town",
        "town_officer",
        "town",
        "应急办主任",
        "只看本镇的企业与预警",
        "See only the own town's enterprises and warnings",
    ),
    Part(
        "town2",
        "town_officer",
        "other town",
        "应急办主任",
        "与上一账号对照：看不到汀口镇的事项",
        "Compare with the account before: matters of the other town do not exist here",
    ),
    Part(
        "grid",
        "grid_worker",
        "village",
        "网格员",
        "看本网格的感烟报警，反馈现场情况",
        "See the smoke alarms of the own grid and report from the spot",
    ),
    Part(
        "safety",
        "safety_manager",
        "plant",
        "安全管理人员",
        "收到本企业储罐预警，处置并反馈",
        "Receive the tank warning of the own enterprise, handle it, feed back",
    ),
    Part(
        "team",
        "team_leader",
        "plant",
        "班组长",
        "与安全管理人员一起处置预警",
        "Handle a warning together with the safety manager",
    ),
    Part("worker", "worker", "plant", "操作工", "看本企业的设施", "See the facilities of the own enterprise"),
    Part(
        "head",
        "enterprise_head",
        "plant",
        "总经理",
        "审批特级动火和可能中毒窒息的有限空间作业，决定谁能入厂",
        "Approve special hot work and spaces that may poison; decide who may come in",
    ),
    Part(
        "workshop",
        "workshop_head",
        "plant",
        "车间主任",
        "在现场审批作业票，登记隔离点，验收完工的作业",
        "Approve permits at the place, record isolation, accept finished work",
    ),
    Part(
        "engineer",
        "professional_head",
        "plant",
        "设备电气主管",
        "审批吊装、高处、动土、断路和临时用电作业",
        "Approve lifting, work at height, digging, road closure and temporary power",
    ),
    Part(
        "analyst",
        "gas_analyst",
        "plant",
        "气体分析员",
        "填写气体分析，或取用现场在线测值",
        "Enter gas analyses, or take the values of the instruments at the place",
    ),
    Part(
        "guardian",
        "guardian",
        "plant",
        "监护人",
        "在作业现况中打开自己监护的票：开工、中断、恢复、完工",
        "Open the permit you guard on the live list: begin, break, go on, finish",
    ),
    Part(
        "delegate",
        "workers_delegate",
        "plant",
        "职工代表",
        "代表职工大会接收本企业重大隐患的报告",
        "Receive for the workers' congress what the enterprise reports about major hidden dangers",
    ),
    Part(
        "assessor",
        "third_party_assessor",
        "emergency",
        "第三方验收人员",
        "对挂牌督办的重大隐患出具验收意见",
        "Give the opinion on the removal of a listed major hidden danger",
    ),
    Part(
        "safety2",
        "safety_manager",
        "ammonia plant",
        "安全管理人员",
        "另一家企业：看不到化工企业的任何数据",
        "Another enterprise: sees nothing of the chemical works",
    ),
    Part(
        "fire",
        "inspector",
        "fire",
        "防火监督员",
        "看消防重点单位、消火栓与感烟报警",
        "See fire-key units, hydrants and smoke alarms",
    ),
    Part(
        "statistics",
        "statistician",
        "emergency",
        "统计员",
        "看指标看板，登记数值与目标",
        "See the measures, enter figures and targets",
    ),
    Part(
        "sysadmin",
        "system_administrator",
        "command",
        "系统管理员",
        "管理账号与设备，重试未读报文（首次登录须绑定二次验证）",
        "Keep accounts and devices, retry unread messages (binds a second factor at first sign-in)",
    ),
    Part(
        "secadmin",
        "security_administrator",
        "command",
        "安全管理员",
        "授予与撤销岗位（首次登录须绑定二次验证）",
        "Grant and withdraw posts (binds a second factor at first sign-in)",
    ),
    Part(
        "auditor",
        "audit_administrator",
        "command",
        "审计管理员",
        "查看并校验审计链（首次登录须绑定二次验证）",
        "Read and verify the audit chain (binds a second factor at first sign-in)",
    ),
)


def path() -> Path:
    return Path(settings.HOME) / NAME


def open_if_missing(seed: int) -> bool:
    """Opens the accounts that are missing and writes the file; without the file, all get new passwords. Answers
    whether it wrote."""
    there = set(User.objects.filter(username__in=[part.username for part in PARTS]).values_list("username", flat=True))
    if path().exists() and len(there) == len(PARTS):
        return False
    places = _Places()
    people = names.people(seed, "accounts", len(PARTS)).tolist()
    phones = names.phones(seed, "accounts", len(PARTS)).tolist()
    with transaction.atomic():
        said = [_account(part, places, *facts) for part, *facts in zip(PARTS, people, phones, strict=True)]
        write_secret(path(), json.dumps(_file(said), ensure_ascii=False, indent=2))
    return True


def _account(part: Part, places: "_Places", name: str, phone: str) -> dict:
    organisation, region = places.of(part)
    user = User.objects.filter(username=part.username).first()
    if user is None:
        user, password = create_account(
            None,
            username=part.username,
            name=name,
            phone=phone,
            role=part.role,
            organisation=organisation,
            region=region,
            must_change=False,
        )
        person = Person.objects.create(
            name=name,
            initials=initials(name),
            phone=phone,
            organisation=organisation,
            region=region or DISTRICT_CODE,
            user=user,
            synthetic=True,
        )
        Position.objects.create(person=person, organisation=organisation, title=part.title, order=10)
    else:
        password = generated()
        user.set_password(password)
        user.save(update_fields=["password"])
    role = all_roles()[part.role]
    return {
        "role": {"zh": role.title_zh, "en": role.title_en},
        "username": part.username,
        "password": password,
        "name": name,
        "at": places.names[part.at],
        "try": {"zh": part.try_zh, "en": part.try_en},
    }


def _file(said: list[dict]) -> dict:
    return {
        "note": {
            "zh": "以下账号、人员、企业、地名均为虚构，仅用于演示。密码随机生成，请勿用于正式系统。",
            "en": "All accounts, people, enterprises and places are invented. The passwords were generated at random.",
        },
        "accounts": said,
    }


class _Places:
    """Where the parts play: the largest chemical producer, its town and village, an ammonia plant in another town."""

    def __init__(self):
        keys = {"command": "应急指挥中心", "emergency": "应急管理局", "committee": "管理委员会", "fire": "消防救援大队"}
        found = {key: Organisation.objects.get(synthetic=True, name__endswith=words) for key, words in keys.items()}
        plant = Enterprise.objects.filter(synthetic=True, categories__code="key_process").earliest("pk")
        cold = RegulatedAs.objects.filter(code="ammonia", enterprise__synthetic=True).exclude(
            enterprise__region__startswith=plant.region[:9]
        )
        other = cold.earliest("pk").enterprise
        found |= {"plant": plant, "ammonia plant": other}
        found["town"] = Organisation.objects.get(synthetic=True, kind="government", region=plant.region[:9])
        found["other town"] = Organisation.objects.get(synthetic=True, kind="government", region=other.region[:9])
        village = Region.objects.filter(
            synthetic=True, level=Region.Level.VILLAGE, code__startswith=plant.region[:9], kind="community"
        ).earliest("code")
        found["village"] = Organisation.objects.get(synthetic=True, kind="village", region=village.code)
        self.found = found
        self.names = {key: row.name for key, row in found.items()}
        self.grid = Region.objects.filter(level=Region.Level.GRID, code__startswith=village.code).earliest("code").code

    def of(self, part: Part) -> tuple[str, str]:
        """Organisation code and region of a part's post."""
        at = self.found[part.at]
        side = all_roles()[part.role].side
        if side == "system":
            return at.code, ""
        return at.code, self.grid if part.role == "grid_worker" else at.region
