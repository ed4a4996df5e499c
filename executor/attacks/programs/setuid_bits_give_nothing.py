# Must print EPERM 1000
# group: privileges
# attacks: chmod execveat tmpfs
import os

from executor.attacks.guest.attack import call, say

file = os.open("/tmp/root", os.O_CREAT | os.O_RDWR)
os.write(file, b"#!/bin/sh\n")
os.chmod("/tmp/root", 0o6755)
say(call("execveat", file, b"", None, None, 0x1000), os.geteuid())
