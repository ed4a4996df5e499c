# Must print EINVAL EINVAL ENOSYS
# group: kernel
# behind: node
# attacks: epoll_pwait epoll_create1
import select

from executor.attacks.guest.attack import call, say

poll = select.epoll()
number = poll.fileno()
say(
    call("epoll_pwait", number, bytes(64), -1, 0, None, 8),
    call("epoll_pwait", number, bytes(64), 1 << 30, 0, None, 8),
    call("epoll_pwait2", number, bytes(64), 1, None, None, 8),
)
