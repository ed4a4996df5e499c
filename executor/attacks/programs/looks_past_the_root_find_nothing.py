# Must print ENOENT
# group: files
# attacks: access stat lstat newfstatat readlink mount
from executor.attacks.guest.attack import call, say

PLACES = (b"/proc/1/root", b"/proc/self/exe", b"/sys/kernel", b"/dev/kmsg", b"/etc/../../../HOST_FILE")
say(
    *{
        *(call(name, place, bytes(144)) for place in PLACES for name in ("stat", "lstat")),
        *(call("access", place, 0) for place in PLACES),
        *(call("readlink", place, bytes(64), 64) for place in PLACES),
        *(call("newfstatat", -100, place, bytes(144), 0x100) for place in PLACES),
    }
)
