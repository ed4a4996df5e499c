# Must print EINVAL EINVAL
# group: memory
# attacks: madvise
from executor.attacks.guest.attack import ANONYMOUS, PRIVATE, READ, WRITE, call, map_memory, say

page = map_memory(READ | WRITE, PRIVATE | ANONYMOUS)
say(call("madvise", page, 4096, 12), call("madvise", page, 4096, 100))  # MADV_MERGEABLE, MADV_HWPOISON
