# Must print ENOSYS EPERM
# group: processes
# attacks: execve execveat seal
import sys

from executor.attacks.guest.attack import call, say

program = sys.executable.encode()
say(call("execve", program, None, None), call("execveat", -100, program, None, None, 0))  # execve, execveat
