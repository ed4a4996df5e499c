# Must print refused
# group: files
# attacks: descriptors openat chdir
from executor.attacks.guest.attack import call, say, verdict

ways = [("openat", b"..", 0), ("openat", b"etc", 0), ("fchdir",)]
say(verdict(*(call(name, number, *rest) for number in range(4) for name, *rest in ways)))
