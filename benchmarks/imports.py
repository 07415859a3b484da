"""How long ledgers of 50,000 enterprises and of 50,000 hidden dangers take from the uploaded workbook to the last saved
row, on a scratch SQLite."""

import io
import os
import random
import tempfile
import time
from collections.abc import Iterable, Sequence
from functools import partial

from openpyxl import Workbook

from anlan.demo.credit_codes import ENTERPRISE, credit_code

ROWS = 50_000
TOWNS = ("999901001", "999901002")
WHO = ("统一社会信用代码", "企业名称", "所属乡镇", "经营状态", "风险等级")
ENTERPRISES = (*WHO, "从业人数", "法人", "电话", "详细地址", "成立时间")
WHAT = ("序号", "受检单位", "检查时间", "存在的问题及隐患", "隐患部位", "隐患类型", "隐患级别")
HAZARDS = (*WHAT, "整改措施", "整改责任人", "整改期限", "整改完成日期", "备注")
FAULTS = (
    "灭火器压力不足",
    "配电箱未上锁",
    "安全出口堵塞",
    "临边防护栏杆缺失",
    "可燃气体探测器未标定",
    "动火作业无人监护",
)


def main() -> None:
    os.environ.setdefault("ANLAN_HOME", tempfile.mkdtemp(prefix="anlan-bench-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django

    django.setup()
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from anlan.desk.exchange import runs
    from anlan.desk.exchange.declare import imports
    from anlan.desk.exchange.models import ImportRun
    from tests.cast import Cast

    _towns()
    clerk = Cast().inspector
    for name, book in (("enterprises", _enterprises()), ("hazards", _hazards())):
        file = SimpleUploadedFile(f"{name}.xlsx", book)
        run = _timed(f"{name}: upload, heading found", partial(runs.upload, clerk, imports()[name], file))
        _timed("  every row judged", partial(runs.check.call, run.pk))
        run.refresh_from_db()
        assert (run.new, run.bad) == (ROWS, 0), (run.new, run.bad, run.problem, run.sample[:1])
        ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.SAVING)
        _timed("  every row saved, with its record", partial(runs.save.call, run.pk))
        run.refresh_from_db()
        assert run.state == ImportRun.State.SAVED, run.problem


def _towns() -> None:
    from anlan.know.places.models import Region

    for code in ("999901", *TOWNS):
        Region.objects.get_or_create(code=code, defaults={"name": code, "level": len(code)})


def _enterprises() -> bytes:
    dice = random.Random(2026)
    return _workbook(
        "某区规模以上企业台账",
        ENTERPRISES,
        (
            (
                *(credit_code(ENTERPRISE, number), f"澄江第{number}企业", dice.choice(TOWNS), "生产经营"),
                *(dice.choice(("重大", "较大", "一般", "低")), dice.randrange(1, 900), "张三", f"139{number:08d}"),
                *(f"工业路{number}号", _day(dice, 2000, 24)),
            )
            for number in range(ROWS)
        ),
    )


def _hazards() -> bytes:
    dice = random.Random(2027)
    return _workbook(
        "某区安全生产大检查问题隐患整改台账",
        HAZARDS,
        (
            (
                *(
                    number + 1,
                    f"澄江第{dice.randrange(ROWS)}企业",
                    _day(dice, 2020, 5),
                    f"{number}号点{dice.choice(FAULTS)}",
                ),
                *(f"{dice.randrange(20)}号车间", dice.choice(("消防", "用电", "设备")), dice.choice(("一般", "重大"))),
                *(
                    "按标准整改",
                    "张三",
                    f"2025.{dice.randrange(1, 13)}.28",
                    "2025年12月30日" if number % 3 else None,
                    "第一轮",
                ),
            )
            for number in range(ROWS)
        ),
    )


def _day(dice: random.Random, since: int, years: int) -> str:
    return f"{since + dice.randrange(years)}.{dice.randrange(1, 13)}.{dice.randrange(1, 28)}"


def _workbook(title: str, head: Sequence[str], rows: Iterable[Sequence]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    for row in ([title], head, *rows):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _timed(words: str, work):
    begun, busy = time.perf_counter(), time.process_time()
    found = work()
    print(f"{words:40} {time.perf_counter() - begun:6.1f} s, {time.process_time() - busy:6.1f} s of one core")
    return found


if __name__ == "__main__":
    main()
