"""How long a ledger of 50,000 rows takes from the uploaded workbook to the last saved row, on a scratch SQLite."""

import io
import os
import random
import tempfile
import time

ROWS = 50_000
TOWNS = ("999901001", "999901002")
WHO = ("统一社会信用代码", "企业名称", "所属乡镇", "经营状态", "风险等级")
HEAD = (*WHO, "从业人数", "法人", "电话", "详细地址", "成立时间")


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
    file = SimpleUploadedFile("企业台账.xlsx", _workbook())
    clerk = Cast().inspector
    run = _timed("upload, heading found", lambda: runs.upload(clerk, imports()["enterprises"], file))
    _timed("every row judged", lambda: runs.check.call(run.pk))
    run.refresh_from_db()
    assert (run.new, run.bad) == (ROWS, 0), (run.new, run.bad, run.problem, run.sample[:1])
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.SAVING)
    _timed("every row saved, each change recorded", lambda: runs.save.call(run.pk))
    run.refresh_from_db()
    assert run.state == ImportRun.State.SAVED, run.problem


def _towns() -> None:
    from anlan.know.places.models import Region

    for code in ("999901", *TOWNS):
        Region.objects.get_or_create(code=code, defaults={"name": code, "level": len(code)})


def _workbook() -> bytes:
    from openpyxl import Workbook

    from anlan.demo.credit_codes import ENTERPRISE, credit_code

    dice = random.Random(2026)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("企业")
    sheet.append(["某区规模以上企业台账"])
    sheet.append(HEAD)
    for number in range(ROWS):
        sheet.append(
            (
                credit_code(ENTERPRISE, number),
                f"澄江第{number}企业",
                dice.choice(TOWNS),
                "生产经营",
                dice.choice(("重大", "较大", "一般", "低")),
                dice.randrange(1, 900),
                "张三",
                f"139{number:08d}",
                f"工业路{number}号",
                f"20{dice.randrange(24):02}.{dice.randrange(1, 13)}.{dice.randrange(1, 28)}",
            )
        )
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
