# Must print survived
# group: kernel
# attacks: set_tid_address exit set_robust_list clone
import _thread
import time

from executor.attacks.guest.attack import call, say

# Where the kernel writes when a thread ends is the thread's to say.
KERNEL = 0xFFFF_8880_0000_0000
leaving = _thread.allocate_lock()
leaving.acquire()


def leave():
    call("set_tid_address", KERNEL)
    call("set_robust_list", KERNEL, 24)
    leaving.release()
    call("exit", 0)


_thread.start_new_thread(leave, ())
leaving.acquire()
time.sleep(0.01)
say("survived")
