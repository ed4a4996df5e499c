# Must print done EFAULT EAGAIN
# group: kernel
# attacks: futex
import ctypes

from executor.attacks.guest.attack import call, say

# The plain operations: a wake-up nobody waits for, a lock at no address, a requeue whose value has changed
lock, other = ctypes.c_uint(0), ctypes.c_uint(0)
say(
    call("futex", ctypes.byref(lock), 1, 1),
    call("futex", 8, 0, 0, None),
    call("futex", ctypes.byref(lock), 4, 1, 1, ctypes.byref(other), 7),
)
