"""Mail: what anything sends with Django's functions becomes a job, and leaves when the mail server takes it.

Letters hold codes and links that open accounts: in the job's row they are sealed.
"""

import base64
import json
import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as Smtp

from console.accounts import vault
from console.jobs import queue

JOB = "accounts.mail"
PLACE = "mail"

logger = logging.getLogger("console.mail")


class Queued(BaseEmailBackend):
    """Django's backend. Plain text only; the letter is sent if the transaction that it belongs to is."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            letter = {
                "subject": message.subject,
                "body": message.body,
                "from_email": message.from_email,
                "to": message.to,
            }
            sealed = base64.b64encode(vault.seal(json.dumps(letter), PLACE)).decode()
            queue.enqueue(JOB, letter=sealed)
        return len(email_messages)


def deliver(letter: str) -> None:
    """To the mail server; without one, to the log. Raises what the server answers, and vault.Broken."""
    message = EmailMessage(**json.loads(vault.unseal(base64.b64decode(letter), PLACE)))
    if settings.SMTP is None:
        logger.info("%s", _as_read(message))
        return
    server: Any = Smtp(**settings.SMTP, timeout=settings.EMAIL_TIMEOUT)
    server.send_messages([message])


def _as_read(message: EmailMessage) -> str:
    lines = [
        f"To: {', '.join(message.to)}",
        f"Subject: {message.subject}",
        "",
        *str(message.body).splitlines(),
    ]
    return "\n".join(["no mail server is set (WEBTASKS_SMTP_URL); this would be sent:", *lines])
