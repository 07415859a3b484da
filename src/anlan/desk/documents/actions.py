"""The verbs of documents: add, sweep."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from anlan.desk.access.models import User
from anlan.desk.access.standing import Refused, may
from anlan.desk.audit.chain import Act, append
from anlan.desk.documents import store
from anlan.desk.documents.filenames import safe_name
from anlan.desk.documents.models import Document
from anlan.desk.documents.types import UnwantedType, sniff


def add(user: User, file: File, *, region: str, organisation: str = "") -> Document:
    """Keeps an uploaded file. Errors: Refused without `documents.add` for the place; ValidationError for a file that
    is empty, too large or of a kind not accepted, with a text for the person."""
    if not may(user, "documents.add", region=region, organisation=organisation):
        raise Refused(_("您的岗位不能在此上传文件。"))
    if not file.size:
        raise ValidationError(_("文件“%(name)s”是空的，请重新选择。") % {"name": file.name})
    try:
        kind = sniff(file.file if hasattr(file, "file") else file)
        digest, size = store.keep(file.chunks(), settings.DOCUMENT_BYTES)
    except (UnwantedType, store.TooLarge) as error:
        raise ValidationError(f"{file.name}: {error}") from error
    with transaction.atomic():
        document = Document.objects.create(
            name=safe_name(file.name or "", kind),
            media_type=kind.media_type,
            size=size,
            digest=digest,
            added_by=user,
            region=region,
            organisation=organisation,
        )
        append(
            Act(
                action="documents.add",
                subject=f"document:{document.pk}",
                region=region,
                organisation=organisation,
                words=document.name,
                data={"digest": digest, "size": size},
                actor=user.username,
            )
        )
    return document


def sweep() -> int:
    """Removes content that no document names and that is older than a day."""
    return len(store.sweep(set(Document.objects.values_list("digest", flat=True))))
