# Must print refused
# group: files
# attacks: rename utimensat rmdir mkdir chmod mount landlock
from executor.attacks.guest.attack import call, say, verdict

path = b"/rt/main.py"
say(
    verdict(
        call("truncate", path, 0),
        call("rename", path, b"/rt/other.py"),
        call("utimensat", -100, path, None, 0),
        call("chmod", path, 0o777),
        call("rmdir", b"/rt"),
        call("mkdir", b"/rt/new", 0o700),
        call("openat", -100, path, 2),
    )
)
