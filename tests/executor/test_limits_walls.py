"""Walls that are the same for every worker: code gets the system's error, the log says which limit that is."""

import pytest

FULL = {
    "descriptors": (
        "const kept = []; for (;;) kept.push(fs.openSync('/etc/hosts'));",
        "EMFILE",
        "(limit of file descriptors: 256 descriptors)",
    ),
    "size": (
        "for (let i = 0;; i++) fs.writeFileSync(`/tmp/${i}`, Buffer.alloc(1 << 20));",
        "ENOSPC",
        "(limit of size of /tmp: 16 MiB, limit of files in /tmp: 2,000 files)",
    ),
    "files": (
        "for (let i = 0;; i++) fs.writeFileSync(`/tmp/${i}`, '');",
        "ENOSPC",
        "(limit of size of /tmp: 16 MiB, limit of files in /tmp: 2,000 files)",
    ),
    "one": (
        "const file = fs.openSync('/tmp/one', 'w'); fs.ftruncateSync(file, 17 << 20);",
        "EFBIG",
        "(limit of size of /tmp: 16 MiB)",
    ),
}


@pytest.mark.parametrize("wall", FULL)
def test_an_error_nobody_handled_says_which_limit_it_is(limited, wall):
    code, error, hint = FULL[wall]
    answer, line = limited(f"const fs = require('fs');\nmodule.exports = cb => {{ {code} }};").reach(
        "limit of"
    )
    assert answer.status_code == 500
    assert error in answer.json()["message"]
    assert line["text"].endswith(hint)
    assert line["invocation"] == answer.headers["x-wt-invocation"]


def test_an_error_that_is_answered_says_it_too(limited):
    code = """
    const fs = require('fs'), kept = [];
    const open = cb => fs.open('/etc/hosts', (error, fd) => error ? cb(error) : open(cb, kept.push(fd)));
    module.exports = open;
    """
    answer, line = limited(code.replace("module.exports = open", "module.exports = cb => open(cb)")).reach(
        "limit of"
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "Script returned an error.")
    assert line["level"] == "warn"
    assert line["text"].endswith("(limit of file descriptors: 256 descriptors)")
