# Must print webtask EPERM
import os

from tests.escape.guest.attack import call, say

say(os.uname().nodename, call(170, b"mine", 4))  # sethostname
