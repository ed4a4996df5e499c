# Must print EINVAL
# group: kernel
# attacks: epoll_wait poll pselect6 epoll_create1
import select

from executor.attacks.guest.attack import call, say

poll = select.epoll()
say(
    *{
        call("epoll_wait", poll.fileno(), bytes(64), -1, 0),
        call("poll", None, 0xFFFF_FFFF, 0),
        call("pselect6", -1, None, None, None, None, None),
    }
)
