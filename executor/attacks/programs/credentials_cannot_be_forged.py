# Must print EINVAL EPERM
# group: privileges
# attacks: sendmsg socketpair user pid
import errno
import socket
import struct

from executor.attacks.guest.attack import say


def send_as(pid, user):
    one, _other = socket.socketpair()
    try:
        one.sendmsg([b"x"], [(socket.SOL_SOCKET, 2, struct.pack("=iII", pid, user, user))])  # SCM_CREDENTIALS
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"


say(send_as(1, 0), send_as(2, 1000))  # an identity that does not exist here, and another process
