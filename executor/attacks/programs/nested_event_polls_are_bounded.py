# Must print ELOOP EINVAL
# group: kernel
# attacks: epoll_create1 epoll_ctl
import errno
import select

from executor.attacks.guest.attack import say


def code(attempt):
    try:
        attempt()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"


polls = [select.epoll() for _ in range(8)]


def chain():
    for before, after in zip(polls, polls[1:]):
        after.register(before)


say(code(chain), code(lambda: polls[0].register(polls[0])))
