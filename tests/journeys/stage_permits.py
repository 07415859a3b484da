"""A welder's certificate in the ledger of a running platform; says its number."""

import os
from datetime import date, timedelta


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django

    django.setup()
    from anlan.desk.registers.actions import Entry, add_many, fill
    from anlan.desk.registers.declare import record_types
    from anlan.desk.registers.models import Record
    from tests.cast import ENTERPRISE_A, TOWN

    ledger, number = record_types()["certificates"], "T-300001"
    issued = (date.today() - timedelta(days=300)).isoformat()
    values = {"holder": "沈师傅", "number": number, "kind": "welding", "issued_on": issued}
    record = Record(type="certificates")
    until = date.today() + timedelta(days=900)
    fill(record, ledger, (Entry(values=values, region=TOWN, organisation=ENTERPRISE_A, valid_to=until), values))
    add_many(None, ledger, [record])
    print(number)


if __name__ == "__main__":
    main()
