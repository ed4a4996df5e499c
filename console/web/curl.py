"""A template's example as somebody types it into a shell."""

import json
from shlex import quote

from console.webtasks.gallery import Template

_SIGN = {
    "github": (
        ['SIGNATURE=$(printf %s "$BODY" | openssl dgst -sha256 -hmac "$SECRET" -r | cut -d" " -f1)'],
        ['"X-Hub-Signature-256: sha256=$SIGNATURE"'],
    ),
    "slack": (
        [
            "TIME=$(date +%s)",
            'SIGNATURE=$(printf %s "v0:$TIME:$BODY" | openssl dgst -sha256 -hmac "$SECRET" -r | cut -d" " -f1)',
        ],
        ['"X-Slack-Request-Timestamp: $TIME"', '"X-Slack-Signature: v0=$SIGNATURE"'],
    ),
}


def curl(template: Template, url: str) -> str:
    """To a webtask at `url`. What must be signed is signed by `$SECRET`."""
    example = template.example
    before, signed = _SIGN[template.guard["kind"]] if template.guard else ([], [])
    if signed:
        before = [f"BODY={quote(example.body)}", *before]
    parts = ["curl"]
    if example.method != ("POST" if example.body else "GET"):
        parts.append(f"-X {example.method}")
    parts.append(quote(url + example.path))
    headers = [quote(f"{name}: {value}") for name, value in example.headers.items()]
    parts += [f"-H {header}" for header in [*headers, *signed]]
    if example.body:
        parts.append('-d "$BODY"' if signed else f"-d {quote(example.body)}")
    lines = [" ".join(parts[:3]), *(f"  {part}" for part in parts[3:])]
    return "\n".join([*before, " \\\n".join(lines)])


def answer(template: Template) -> str:
    example = template.example
    if example.json is not None:
        return json.dumps(example.json, ensure_ascii=False)
    return example.text or f"… {example.contains} …"
