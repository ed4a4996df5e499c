# Must print ENOSYS EPERM
import sys

from tests.escape.guest.attack import call, say

program = sys.executable.encode()
say(call(59, program, None, None), call(322, -100, program, None, None, 0))  # execve, execveat
