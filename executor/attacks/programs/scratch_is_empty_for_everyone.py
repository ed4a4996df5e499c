# Must print [] 0o700
# group: files
# attacks: tmpfs getdents64
import os

from executor.attacks.guest.attack import say

say(os.listdir("/tmp"), oct(os.stat("/tmp").st_mode & 0o777))
open("/tmp/left-behind", "w").write("for the next one")
