"""The log stream over the public port, with real code behind it."""

import json

import httpx

CODE = 'module.exports = function (cb) { console.log("said"); console.error("cried"); cb(null, 1); }'


def test_what_ad_hoc_code_says_comes_over_the_stream_each_event_in_one_piece(stack):
    # Other tests' requests may be told here, too.
    url = f"{stack.url}/api/logs/tenant/acme?key={stack.token}"
    with httpx.stream("GET", url, headers={"accept": "text/event-stream"}, timeout=30) as stream:
        pieces = stream.iter_raw()
        assert next(pieces) == b":connected\n\n"
        invocation = stack.adhoc(CODE).headers["x-wt-invocation"]
        told: list[tuple[str, int]] = []
        for piece in pieces:
            assert piece.endswith(b"\n\n")
            events = [json.loads(part[6:]) for part in piece.split(b"\n\n") if part.startswith(b"data: ")]
            told += [(one["msg"], one["level"]) for one in events if one.get("req_id") == invocation]
            if told and told[-1][0].startswith("finished"):
                break
    assert told[0] == (f"new webtask request {invocation}", 30)
    assert ("said", 30) in told
    assert ("cried", 50) in told
    assert told[-1][0].startswith(f"finished webtask request {invocation} with HTTP 200 in ")
