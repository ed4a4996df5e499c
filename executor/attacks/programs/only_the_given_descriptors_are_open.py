# Must print 0 1 2 3
# group: limits
# attacks: descriptors fstat
import os

from executor.attacks.guest.attack import say


def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


say(*(number for number in range(1024) if is_open(number)))
