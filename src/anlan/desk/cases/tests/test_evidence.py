import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.desk.cases.actions import NewCase, open_case
from anlan.desk.cases.registry import processes
from anlan.desk.documents.actions import add
from tests.cast import DISTRICT, ENTERPRISE_A, TOWN


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
def test_whoever_may_see_a_case_may_see_its_evidence(cast, signed_in, settings, tmp_path):
    settings.DOCUMENTS = tmp_path
    kind = next(kind for kind in processes() if kind.startswith("warnings"))
    case, _ = open_case(NewCase(kind=kind, title="超温", region=TOWN, organisation=ENTERPRISE_A, level=2))
    document = add(cast.duty, SimpleUploadedFile("照片.png", b"\x89PNG\r\n\x1a\n" + bytes(50)), region=DISTRICT)
    address = f"/documents/{document.pk}/download/"
    assert signed_in(cast.manager).get(address).status_code == 404
    case.steps.first().documents.add(document)
    assert signed_in(cast.manager).get(address).status_code == 200
    assert signed_in(cast.other_manager).get(address).status_code == 404
