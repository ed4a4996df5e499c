"""Two sandboxes of one launcher, side by side: nothing that one does is seen by the other."""

import pytest

from executor.attacks.arena import policy
from executor.attacks.running import Running
from tests.sandbox.ground import resident

# What one does first, then what the other tries; the other must print "alone".
PAIRS = {
    "flags of standard input": (
        "fcntl.fcntl(0, fcntl.F_SETFL, os.O_APPEND | os.O_NONBLOCK)",
        "alone = not fcntl.fcntl(0, fcntl.F_GETFL) & (os.O_APPEND | os.O_NONBLOCK)",
    ),
    "scratch files": ("open('/tmp/there', 'w').write('x')", "alone = os.listdir('/tmp') == []"),
    "abstract sockets": (
        "it = socket.socket(socket.AF_UNIX); it.bind('\\0meet'); it.listen()",
        "alone = socket.socket(socket.AF_UNIX).connect_ex('\\0meet') != 0",
    ),
    "datagrams": (
        "it = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); it.bind(('0.0.0.0', 5000))",
        # A port nobody holds answers the first datagram with an error for the second.
        "it = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "try: it.connect(('127.0.0.1', 5000)); alone = it.send(b'x') + it.send(b'x') == 0\n"
        "except OSError: alone = True",
    ),
    "locks of the root's files": (
        "call(73, os.open('/rt/main.py', os.O_RDONLY), 2)",
        "alone = call(73, os.open('/rt/main.py', os.O_RDONLY), 6) != 'EAGAIN'",
    ),
    "times of the root's files": (
        "call('utimensat', -100, b'/rt/main.py', None, 0)",
        "alone = os.stat('/rt/main.py').st_mtime_ns == os.stat('/rt/main.py').st_mtime_ns",
    ),
    "signals": ("pass", "alone = call('kill', int('OTHER'), 0) == 'EPERM'"),
    "the other's memory": ("pass", "alone = not os.path.exists('/proc/OTHER')"),
}
PRELUDE = """
import fcntl, os, socket
from executor.attacks.guest.attack import call, say
"""
FIRST = PRELUDE + "{act}\nos.write(3, b'done')\nimport time; time.sleep(60)"
OTHER = PRELUDE + "{look}\nsay('alone' if alone else 'together')"


@pytest.mark.parametrize("pair", PAIRS)
def test_nothing_passes_between_them(person, pair):
    act, look = PAIRS[pair]
    assert person.run(meet, data=person.data, act=act, look=look) == "alone"


async def meet(data, act: str, look: str) -> str:
    launcher = await resident("python", lambda: policy("python", data))
    one, other = await Running.start(launcher), await Running.start(launcher)
    await one.feed(FIRST.format(act=act), None)
    acted = await one.line()
    await other.feed(OTHER.format(look=look.replace("OTHER", str(one.sandbox.pid))), None)
    _ended, said, complained = await other.finish()
    _ended, _said, trouble = await one.stop()
    return said.strip() if acted == "done" else complained + trouble
