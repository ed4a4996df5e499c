# Must print EMFILE True
# group: limits
# behind: node
# attacks: eventfd2 rlimits
from executor.attacks.guest.attack import call, say

made = 0
while (code := call("eventfd2", 0, 0)) == "done":
    made += 1
say(code, made < 256)
