"""Invented names: word banks and unique draws from them. Any likeness to a real place, firm or person is chance."""

import numpy as np

from anlan.demo.dice import dice

DISTRICT = "澄汀经济开发区（演示）"
SHORT = "澄汀"

VILLAGE_FIRST = "澄霁岫蘅汀砚漱皋萼楹芷棠杼鹭枕犀岚翎樟苕蔚浣栎葭荇竹松枫梅柳荷莲桑麦稻芦石青云鹤"
VILLAGE_LAST = "溪塘坪岭湾洲坞畈埠垄墩圩渡桥冲坑源陂垱墅垣浦"
COMMUNITY_FIRST = "映霞锦帆听澜望舒栖梧星汉和煦朗月晴川知行致远云栖书香春晖秋实朝阳鸣泉澄心映湖拾光观澜沁园翠庭金穗银杏"
ROAD_FIRST = [
    "澄",
    "汀",
    "岫",
    "霁",
    "漪",
    "棠",
    "芷",
    "蘅",
    "砚",
    "鹭",
    "枫",
    "樟",
    "桂",
    "楠",
    "栎",
    "杉",
    "云",
    "霞",
    "虹",
    "岚",
    "朝",
    "星",
    "瀚",
    "锦",
    "秋",
    "春",
    "兰",
    "荷",
    "墨",
    "书",
    "弦",
    "歌",
    "鼎",
    "恒",
    "丰",
    "禾",
    "澜",
    "泓",
    "景",
    "昭",
]
ROAD_SECOND = [
    "安",
    "和",
    "瑞",
    "宁",
    "庆",
    "祥",
    "康",
    "泰",
    "嘉",
    "盛",
    "裕",
    "诚",
    "明",
    "远",
    "帆",
    "航",
    "舟",
    "屏",
    "泉",
    "石",
    "林",
    "原",
    "川",
    "亭",
    "台",
    "阁",
    "晖",
    "影",
    "风",
    "月",
    "溪",
    "洲",
]
SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
)
GIVEN_FIRST = "子梓宇浩文建国志明海永春秋雪晓小玉美丽思雨欣佳怡俊家天嘉一若书承景远德立新世启如静慧淑红光正"
GIVEN_SECOND = "明华伟强军平芳娟敏静涛斌鹏辉刚勇艳杰磊洋婷玲桂兰凤英轩涵萱琪然博航宁安康健林峰云霞梅莲松柏岚珊瑶"
BRAND_FIRST = "禾澜霁岫瀚恒鼎锐昭泓赫骏腾铂翎芯矽凌曜皓溯衡铭朗澈煦沐珩琅玖屹峻迅捷"
BRAND_SECOND = "曜川泽宸晟泰丰源盛隆达通拓科创维信诚和瑞康宁联邦图远程峰岳海洋航星辰光辉微"


def combine(seed: int, purpose: str, first, second, suffix: str = "") -> list[str]:
    """All pairs of the two banks in a random order; take as many as needed, they never repeat."""
    pairs = [a + b + suffix for a in dict.fromkeys(first) for b in dict.fromkeys(second) if a != b]
    order = dice(seed, purpose).permutation(len(pairs))
    return [pairs[i] for i in order]


def villages(seed: int) -> list[str]:
    return combine(seed, "village names", VILLAGE_FIRST, VILLAGE_LAST, "村")


def communities(seed: int) -> list[str]:
    pairs = [COMMUNITY_FIRST[i : i + 2] for i in range(0, len(COMMUNITY_FIRST), 2)]
    order = dice(seed, "community names").permutation(len(pairs))
    return [pairs[i] + "社区" for i in order] + combine(seed, "more communities", ROAD_FIRST, "苑庭园", "社区")


def roads(seed: int, suffix: str) -> list[str]:
    return combine(seed, f"road names {suffix}", ROAD_FIRST, ROAD_SECOND, suffix)


def brands(seed: int) -> list[str]:
    return combine(seed, "brands", BRAND_FIRST, BRAND_SECOND)


def people(seed: int, purpose: str, count: int) -> np.ndarray:
    """Full names; two people may share one, as in life."""
    rng = dice(seed, f"people {purpose}")
    common = 1 / np.arange(4, 4 + len(SURNAMES))
    family = rng.choice(list(SURNAMES), count, p=common / common.sum())
    first = np.where(rng.random(count) < 0.78, rng.choice(list(GIVEN_FIRST), count), "")
    return np.char.add(np.char.add(family, first), rng.choice(list(GIVEN_SECOND), count))


def phones(seed: int, purpose: str, count: int) -> np.ndarray:
    """Eleven digits from 102: no telephone number of the country begins with 10, so none of these can ring."""
    digits = dice(seed, f"phones {purpose}").integers(0, 10**8, count)
    return np.array([f"102{number:08d}" for number in digits.tolist()])
