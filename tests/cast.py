"""Who plays in every test. One district 999901 with two towns, one neighbour district, two enterprises.

Wang Gang is on duty and Li Na is the second duty officer; Zhao Min inspects; Chen Wei leads the district; Zhou Jie
works in town 999901001, Wu Hao in town 999901002; Sun Li keeps enterprise A safe and Ma Chao is her team leader;
Dong Ming heads enterprise A, Han Lei its workshop, Wei Dong its engineers; Cheng Xue analyses gas and Luo Yang
guards works there; He Miao works there and Luo Lan speaks for the workers; Gao Yuan accepts as a third party,
Song Yang inspects with Zhao Min;
Hu Bo belongs to enterprise B; Qian Yu is on duty in the neighbour district; Xu, Feng and Tang are the three
administrators; Stranger has an account and no post.
"""

from dataclasses import dataclass

from anlan.desk.access.models import Post, User

DISTRICT, TOWN, OTHER_TOWN, NEIGHBOUR = "999901", "999901001", "999901002", "999902"
BUREAU, TOWN_OFFICE, OTHER_OFFICE, NEIGHBOUR_BUREAU = "BUREAU", "TOWN1", "TOWN2", "BUREAU2"
ENTERPRISE_A, ENTERPRISE_B = "91999901MAA0000018", "91999901MAA0000026"
PASSWORD = "A-good-Pass-2026"

PARTS = {
    "duty": ("王刚", "duty_officer", BUREAU, DISTRICT),
    "second_duty": ("李娜", "duty_officer", BUREAU, DISTRICT),
    "inspector": ("赵敏", "inspector", BUREAU, DISTRICT),
    "leader": ("陈伟", "district_leader", BUREAU, DISTRICT),
    "town_officer": ("周杰", "town_officer", TOWN_OFFICE, TOWN),
    "other_town_officer": ("吴昊", "town_officer", OTHER_OFFICE, OTHER_TOWN),
    "grid_worker": ("郑爽", "grid_worker", TOWN_OFFICE, TOWN),
    "manager": ("孙丽", "safety_manager", ENTERPRISE_A, TOWN),
    "team_leader": ("马超", "team_leader", ENTERPRISE_A, TOWN),
    "head": ("董明", "enterprise_head", ENTERPRISE_A, TOWN),
    "workshop_head": ("韩磊", "workshop_head", ENTERPRISE_A, TOWN),
    "professional_head": ("魏东", "professional_head", ENTERPRISE_A, TOWN),
    "gas_analyst": ("程雪", "gas_analyst", ENTERPRISE_A, TOWN),
    "guardian": ("罗阳", "guardian", ENTERPRISE_A, TOWN),
    "worker": ("何苗", "worker", ENTERPRISE_A, TOWN),
    "delegate": ("罗兰", "workers_delegate", ENTERPRISE_A, TOWN),
    "assessor": ("高远", "third_party_assessor", "ASSESSORS", DISTRICT),
    "second_inspector": ("宋洋", "inspector", BUREAU, DISTRICT),
    "other_manager": ("胡波", "safety_manager", ENTERPRISE_B, OTHER_TOWN),
    "neighbour_duty": ("钱宇", "duty_officer", NEIGHBOUR_BUREAU, NEIGHBOUR),
    "system_administrator": ("徐静", "system_administrator", BUREAU, ""),
    "security_administrator": ("冯涛", "security_administrator", BUREAU, ""),
    "audit_administrator": ("唐琳", "audit_administrator", BUREAU, ""),
    "stranger": ("过客", None, "", ""),
}


@dataclass
class Cast:
    """The players by part: `cast.duty`, `cast.manager` …; made when first asked for."""

    def __getattr__(self, part: str) -> User:
        name, role, organisation, region = PARTS[part]
        user, new = User.objects.get_or_create(username=part, defaults={"name": name})
        if new and role:
            Post.objects.create(user=user, role=role, organisation=organisation, region=region)
        setattr(self, part, user)
        return user

    def all(self) -> dict[str, User]:
        return {part: getattr(self, part) for part in PARTS}
