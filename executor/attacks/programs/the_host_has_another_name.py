# Must print webtask EPERM
# group: privileges
# attacks: uts uname sethostname
import os

from executor.attacks.guest.attack import call, say

say(os.uname().nodename, call("sethostname", b"mine", 4))  # sethostname
