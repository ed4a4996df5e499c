# Must print refused
# group: memory
# attacks: set_robust_list
import ctypes

from executor.attacks.guest.attack import call, say, verdict

# The list of another process would tell where its memory is; one's own must be of the right size.
head, size = ctypes.c_void_p(), ctypes.c_size_t()
say(
    verdict(
        call("get_robust_list", int("HOST_PID"), ctypes.byref(head), ctypes.byref(size)),
        call("set_robust_list", 0, 25),
    )
)
