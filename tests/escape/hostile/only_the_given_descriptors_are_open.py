# Must print 0 1 2 3
import os

from tests.escape.guest.attack import say


def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


say(*(number for number in range(1024) if is_open(number)))
