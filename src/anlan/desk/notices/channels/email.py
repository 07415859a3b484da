"""E-mail through an SMTP server (ANLAN_MAIL_URL, for instance smtps://name:password@mail.example:465)."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.desk.notices.channels import Message, Passing, Permanent

NAME = "email"
TITLE = gettext_lazy("邮件")
SECONDS = 15
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def ready() -> bool:
    return bool(settings.MAIL_URL)


def address_of(user) -> str:
    return user.email


def compose(message: Message, sender: str) -> EmailMessage:
    """Pure: the mail as it goes out. A line break in a title cannot add a header."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, message.address
    mail["Subject"] = " ".join(message.title.split())
    mail["Date"] = message.at
    mail["X-Anlan-Delivery"] = str(message.number)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n\n".join(part for part in (message.body, message.url) if part) or message.title)
    return mail


def send(message: Message) -> str:
    try:
        with _server() as server:
            refused = server.send_message(compose(message, settings.MAIL_FROM))
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise _kind(code)(_("邮件服务器拒绝该地址（%(code)d）") % {"code": code}) from None
    except smtplib.SMTPResponseException as error:
        raise _kind(error.smtp_code)(_("邮件服务器应答 %(code)d") % {"code": error.smtp_code}) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Passing(_("连接不上邮件服务器：%(error)s") % {"error": type(error).__name__}) from None
    except ValueError as error:
        raise Permanent(_("邮件无法生成：%(error)s") % {"error": type(error).__name__}) from None
    if refused:
        raise Permanent(_("邮件服务器拒绝该地址"))
    return ""


def _server() -> smtplib.SMTP:
    address = urlsplit(settings.MAIL_URL)
    if address.scheme not in PORTS or not address.hostname:
        raise Permanent(f"ANLAN_MAIL_URL must begin with one of {', '.join(PORTS)}:// and name a server")
    port, context = address.port or PORTS[address.scheme], ssl.create_default_context()
    if address.scheme == "smtps":
        server = smtplib.SMTP_SSL(address.hostname, port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(address.hostname, port, timeout=SECONDS)
        if address.scheme == "smtp+starttls":
            server.starttls(context=context)
    if address.username:
        server.login(unquote(address.username), unquote(address.password or ""))
    return server


def _kind(code: int) -> type[Exception]:
    return Permanent if 500 <= code < 600 else Passing
