# Must print EPERM EPERM EPERM
# group: processes
# attacks: fork clone
from executor.attacks.guest.attack import call, say

SIGCHLD, VM, THREAD, NEW_USER = 17, 0x100, 0x10000, 0x10000000
say(
    call("fork"),
    call("clone", SIGCHLD, None, None, None, 0),
    call("clone", VM | THREAD | NEW_USER, None, None, None, 0),
)
