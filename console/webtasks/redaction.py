"""Answers that are kept for somebody to look at, without the secrets of whose answer it is."""

from dataclasses import replace

from console.accounts import vault
from console.webtasks.calls import Answer
from console.webtasks.deployments import secrets_of
from console.webtasks.models import Webtask
from executor.redaction import MAX_NEEDLE, Redactor

# What to ask for beyond what is kept: a value that the cut goes through is seen whole.
MARGIN = MAX_NEEDLE
_UNKNOWN = b"(not kept: the secrets that may stand in it cannot be opened)"


def redactor_for(webtask: Webtask) -> Redactor | None:
    """None when its secrets cannot be opened: then nobody can tell them from the rest."""
    try:
        return Redactor(secrets_of(webtask))
    except vault.Broken:
        return None


def kept(answer: Answer, redactor: Redactor | None, *, most: int) -> Answer:
    """The answer as it may be kept, with `most` bytes of its body; MARGIN more are to be asked for."""
    if redactor is None:
        return replace(answer, headers=[], body=_UNKNOWN, truncated=True)
    body = redactor.data(answer.body)
    if answer.truncated:
        # Of a value that began here the rest is not known.
        body = body[:-MARGIN]
    return replace(
        answer,
        headers=[(name, redactor.text(value)) for name, value in answer.headers],
        body=body[:most],
        truncated=answer.truncated or len(body) > most,
    )
