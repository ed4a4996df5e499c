# Must print EPERM EPERM EPERM
from tests.escape.guest.attack import call, say

SIGCHLD, VM, THREAD, NEW_USER = 17, 0x100, 0x10000, 0x10000000
say(call(57), call(56, SIGCHLD, None, None, None, 0), call(56, VM | THREAD | NEW_USER, None, None, None, 0))
