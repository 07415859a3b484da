"""What the invented enterprises do: GB/T 4754-2017 section and class, the words of their names, their usual
weight by kind of site.

Section letters and the first two digits follow the standard; the classes are recalled from it and mark a trade,
nothing more.
"""

from typing import NamedTuple


class Trade(NamedTuple):
    industry: str  # section letter and four-digit class
    word: str  # the trade as company names say it
    weight: float
    supervisor: str  # key of the department in charge of the trade


ELECTRONICS = (
    Trade("C3971", "半导体", 2, "industry"),
    Trade("C3982", "电子电路", 3, "industry"),
    Trade("C3974", "显示器件", 3, "industry"),
    Trade("C3985", "电子材料", 2, "industry"),
    Trade("C3921", "通信设备", 2, "industry"),
    Trade("C3841", "锂电池", 2, "industry"),
    Trade("C3872", "照明", 2, "industry"),
    Trade("C4011", "仪表", 1, "industry"),
    Trade("C2927", "精密注塑", 2, "industry"),
    Trade("C2770", "医疗器械", 2, "market"),
)
MACHINERY = (
    Trade("C3670", "汽车零部件", 4, "industry"),
    Trade("C3411", "锅炉", 1, "industry"),
    Trade("C3525", "模具", 3, "industry"),
    Trade("C3311", "钢结构", 2, "industry"),
    Trade("C3392", "铸造", 1, "industry"),
    Trade("C3252", "铝业", 2, "industry"),
    Trade("C3484", "机械", 3, "industry"),
    Trade("C2110", "家具", 2, "industry"),
    Trade("C2035", "木业", 2, "industry"),
    Trade("C3512", "工程机械", 2, "industry"),
    Trade("C3361", "表面处理", 1, "industry"),
    Trade("C3216", "铝熔铸", 0.4, "industry"),
)
MATERIALS = (
    Trade("C2641", "涂料", 1, "emergency"),
    Trade("C2653", "合成材料", 2, "industry"),
    Trade("C2921", "薄膜", 2, "industry"),
    Trade("C3024", "建材", 2, "industry"),
    Trade("C2710", "药业", 2, "market"),
    Trade("C3061", "玻纤", 1, "industry"),
    Trade("C2669", "新材料", 3, "industry"),
    Trade("C2231", "包装", 1, "industry"),
)
TOWN_WORKS = (
    Trade("C1352", "肉食品", 1, "market"),
    Trade("C1411", "食品", 3, "market"),
    Trade("C1441", "乳品", 0.6, "market"),
    Trade("C1810", "服装", 3, "industry"),
    Trade("C1711", "纺织", 2, "industry"),
    Trade("C2319", "印务", 2, "industry"),
    Trade("C2110", "家具", 2, "industry"),
    Trade("C3351", "五金", 2, "industry"),
    Trade("C1310", "粮油", 1, "market"),
    Trade("C2035", "木业", 1, "industry"),
    Trade("C1951", "鞋业", 1, "industry"),
)
LOGISTICS = (
    Trade("G5990", "仓储", 4, "commerce"),
    Trade("G5930", "冷链", 1.2, "commerce"),
    Trade("G5431", "物流", 4, "transport"),
    Trade("G6020", "快递", 2, "transport"),
    Trade("F5199", "供应链", 2, "commerce"),
)
OFFICES = (
    Trade("I6513", "软件", 4, "industry"),
    Trade("I6550", "信息技术", 3, "industry"),
    Trade("M7320", "科技", 4, "industry"),
    Trade("L7240", "咨询", 2, "commerce"),
    Trade("F5179", "贸易", 4, "commerce"),
    Trade("K7020", "物业服务", 1, "housing"),
    Trade("E4910", "安装工程", 2, "housing"),
    Trade("E5013", "装饰工程", 2, "housing"),
    Trade("M7481", "工程设计", 1, "housing"),
    Trade("J6812", "保险代理", 0.6, "finance"),
    Trade("L7264", "人力资源", 1, "labour"),
    Trade("L7251", "广告", 1, "market"),
    Trade("M7452", "检测", 1, "market"),
)
SHOPS = (
    Trade("H6210", "餐饮", 5, "market"),
    Trade("F5212", "超市", 3, "commerce"),
    Trade("F5261", "汽车销售", 0.4, "commerce"),
    Trade("O8111", "汽车维修", 1, "transport"),
    Trade("F5251", "药房", 1, "market"),
    Trade("O8040", "美容", 1, "market"),
    Trade("F5274", "电器", 1, "commerce"),
    Trade("F5232", "服饰", 2, "commerce"),
    Trade("H6291", "小吃", 2, "market"),
    Trade("P8391", "培训", 0.6, "education"),
    Trade("R9012", "文化娱乐", 0.4, "culture"),
    Trade("F5281", "五金", 1, "commerce"),
    Trade("H6190", "民宿", 0.4, "culture"),
    Trade("O8090", "洗衣", 0.4, "market"),
)
SINGLE = {
    "chemical": Trade("C2614", "化工", 1, "emergency"),
    "depot": Trade("G5941", "化工仓储", 1, "emergency"),
    "petrol": Trade("F5265", "加油站", 1, "emergency"),
    "building_site": Trade("E4710", "建筑工程", 1, "housing"),
    "hotel": Trade("H6110", "酒店", 1, "culture"),
    "mall": Trade("F5211", "购物中心", 1, "commerce"),
    "market": Trade("F5219", "市场管理", 1, "commerce"),
    "gas": Trade("D4511", "燃气", 1, "city"),
    "carrier": Trade("G5435", "危货运输", 1, "transport"),
    "hazchem_dealer": Trade("F5169", "化工贸易", 1, "emergency"),
}
"""Trades of sites that have only one."""

WORKS_OF_CORE = {"qinghe": ELECTRONICS, "xiying": MACHINERY, "linjiang": MATERIALS}
