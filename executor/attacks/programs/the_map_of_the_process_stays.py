# Must print EPERM EPERM EPERM
# group: memory
# attacks: prctl
from executor.attacks.guest.attack import call, say

# Where code and arguments begin (PR_SET_MM), who may trace (PR_SET_PTRACER), merging pages with others' (PR_SET_MEMORY_MERGE)
say(
    call("prctl", 35, 1, 0x10000, 0, 0), call("prctl", 0x59616D61, -1, 0, 0, 0), call("prctl", 67, 1, 0, 0, 0)
)
