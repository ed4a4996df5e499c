# Must print EPERM 1000
# group: processes
# attacks: fork clone
import errno
import os

from executor.attacks.guest.attack import say

codes = []
for _ in range(1000):
    try:
        os.fork()
    except OSError as error:
        codes.append(errno.errorcode[error.errno])
say(*set(codes), len(codes))
