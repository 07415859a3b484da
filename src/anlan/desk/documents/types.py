"""What a file is, told by its content. Pure. What is not in this table is not accepted."""

import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

HEAD = 4096


class UnwantedType(ValueError):
    """The file is of no accepted kind; the text says what to bring instead."""


@dataclass(frozen=True)
class Kind:
    media_type: str
    endings: tuple[str, ...]  # the first is given to a file whose name says something else
    inline: bool = False  # a browser may show it in place


JPEG = Kind("image/jpeg", (".jpg", ".jpeg"), True)
PNG = Kind("image/png", (".png",), True)
GIF = Kind("image/gif", (".gif",), True)
WEBP = Kind("image/webp", (".webp",), True)
HEIC = Kind("image/heic", (".heic", ".heif"))
PDF = Kind("application/pdf", (".pdf",), True)
MP4 = Kind("video/mp4", (".mp4", ".m4v", ".mov"))
WEBM = Kind("video/webm", (".webm", ".mkv"))
M4A = Kind("audio/mp4", (".m4a",))
MP3 = Kind("audio/mpeg", (".mp3",))
WAV = Kind("audio/wav", (".wav",))
AMR = Kind("audio/amr", (".amr",))
OFD = Kind("application/ofd", (".ofd",))
OLE = Kind("application/x-ole-storage", (".doc", ".xls", ".ppt", ".wps", ".et"))
TEXT = Kind("text/plain", (".txt", ".csv", ".md", ".log"))
DOCX = Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
XLSX = Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
PPTX = Kind("application/vnd.openxmlformats-officedocument.presentationml.presentation", (".pptx",))
ALL = (JPEG, PNG, GIF, WEBP, HEIC, PDF, MP4, WEBM, M4A, MP3, WAV, AMR, OFD, OLE, TEXT, DOCX, XLSX, PPTX)
BY_MEDIA_TYPE = {kind.media_type: kind for kind in ALL}

# offset, bytes, kind
SIGNATURES = (
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (0, b"GIF87a", GIF),
    (0, b"GIF89a", GIF),
    (0, b"%PDF-", PDF),
    (0, b"\x1aE\xdf\xa3", WEBM),
    (0, b"ID3", MP3),
    (0, b"\xff\xfb", MP3),
    (0, b"\xff\xf3", MP3),
    (0, b"#!AMR", AMR),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
)
BRANDS = {b"heic": HEIC, b"heix": HEIC, b"mif1": HEIC, b"M4A ": M4A}
PARTS = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX))
DANGEROUS_STARTS = (b"mz", b"\x7felf", b"#!", b"<", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"@echo", b"{\\rtf")


def sniff(file: BinaryIO) -> Kind:
    """The kind of an open file. Leaves it at its beginning. Errors: UnwantedType."""
    file.seek(0)
    head = file.read(HEAD)
    kind = _by_signature(head) or _office(file, head) or _text(head)
    file.seek(0)
    if kind is None:
        raise UnwantedType(
            _("不接受这类文件。请上传图片（JPG、PNG、WebP、HEIC）、PDF、OFD、Word、Excel、PPT、文本、音频或视频。")
        )
    return kind


def _by_signature(head: bytes) -> Kind | None:
    for offset, signature, kind in SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], MP4)
    return None


def _office(file: BinaryIO, head: bytes) -> Kind | None:
    """An Office or OFD file is a ZIP with known parts; one that carries macros is refused like any other program."""
    if head[:4] != b"PK\x03\x04":
        return None
    try:
        names = zipfile.ZipFile(file).namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnwantedType(_("文件带有宏，不接受。请另存为不带宏的 docx、xlsx 或 pptx 再上传。"))
    if "OFD.xml" in names:
        return OFD
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for start, kind in PARTS if any(name.startswith(start) for name in names)), None)


def _text(head: bytes) -> Kind | None:
    """Plain text in UTF-8 or GB 18030, neither markup nor a script."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start or start.startswith(DANGEROUS_STARTS) or b"\0" in head:
        return None
    for encoding in ("utf-8", "gb18030"):
        try:
            decoded = head[: -4 or None].decode(encoding) if len(head) == HEAD else head.decode(encoding)
        except UnicodeDecodeError as error:
            if len(head) == HEAD and error.start >= HEAD - 8:
                return TEXT
            continue
        if all(character >= " " or character in "\t\r\n\f" for character in decoded):
            return TEXT
    return None
