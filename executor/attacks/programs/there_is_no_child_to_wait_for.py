# Must print refused
# group: processes
# attacks: pid
from executor.attacks.guest.attack import call, say, verdict

say(verdict(call("wait4", -1, None, 0, None), call("waitid", 0, 0, None, 4, None)))
