"""Files that come in pieces: how much is here, take the next piece, and at the end a document.

A piece lies at its offset in a file beside the documents (`incoming/`, swept a day after the last piece: the phone then
begins anew). How much is here is the size of that file, so nothing has to agree with it after a crash.
"""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.models import User
from anlan.desk.access.standing import Refused, posts, posts_for
from anlan.desk.documents import actions as documents
from anlan.desk.fieldwork.models import Upload
from anlan.desk.fieldwork.reading import Announced

UNFINISHED = 300  # of one person at a time
PIECE = 1_000_000  # bytes of the largest piece taken


class WrongOffset(Exception):
    """The piece does not continue what is here; `offset` says where to go on."""

    def __init__(self, offset: int):
        super().__init__(offset)
        self.offset = offset


def begin(user: User, file: Announced) -> Upload:
    """Announces a file; announced again it is the same one, going on where it stopped."""
    upload = Upload.objects.filter(key=file.key).first()
    if upload is not None:
        if upload.user_id != user.pk or upload.digest != file.digest or upload.size != file.size:
            raise Refused(_("这个文件编号已用于另一个文件，请重新添加照片。"))
        return upload
    if Upload.objects.filter(user=user, document=None).count() >= UNFINISHED:
        raise ValidationError(_("未传完的文件过多，请先传完已有的 %(most)d 个。") % {"most": UNFINISHED})
    place = file.place or {}
    values = {
        "user": user,
        "name": file.name,
        "size": file.size,
        "digest": file.digest,
        "made_at": file.made_at,
        "begun_at": timezone.now(),
        **{name: place.get(name) for name in ("lon", "lat", "accuracy")},
    }
    return Upload.objects.get_or_create(key=file.key, defaults=values)[0]


def received(upload: Upload) -> int:
    """How many bytes are here."""
    if upload.document_id:
        return upload.size
    path = _path(upload)
    return min(path.stat().st_size, upload.size) if path.exists() else 0


def take(user: User, upload: Upload, offset: int, piece: bytes) -> int:
    """Adds a piece; answers how much is here now. With the last one the file becomes a document of the person's.
    Errors: WrongOffset; ValidationError when the content is not what was announced, or not of a kind taken."""
    here = received(upload)
    if upload.document_id:
        return here
    if offset != here:
        raise WrongOffset(here)
    if len(piece) > PIECE or here + len(piece) > upload.size:
        raise ValidationError(_("这一段超出了文件大小，请重新添加照片。"))
    path = _path(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "xb") as file:
        file.seek(offset)
        file.write(piece)
        file.truncate()
    if here + len(piece) == upload.size:
        _finish(user, upload, path)
    return here + len(piece)


def place_of(user: User, permission: str) -> tuple[str, str]:
    """(region, organisation) of the post by which the person does this, else of his first, else of none."""
    held = posts_for(user, permission) or posts(user)
    return (held[0].region, held[0].organisation) if held else ("", "")


def _finish(user: User, upload: Upload, path: Path) -> None:
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != upload.digest:
            path.unlink()
            raise WrongOffset(0)
        file.seek(0)
        region, organisation = place_of(user, "documents.add")
        with transaction.atomic():
            locked = Upload.objects.select_for_update().get(pk=upload.pk)
            if locked.document_id is None:
                kept = File(file, name=upload.name)
                locked.document = documents.add(user, kept, region=region, organisation=organisation)
                locked.save(update_fields=["document"])
            upload.document = locked.document
    path.unlink(missing_ok=True)


def _path(upload: Upload) -> Path:
    return Path(settings.DOCUMENTS) / "incoming" / f"phone-{upload.key.hex}"
