# Must die by SIGSEGV
# group: processes
# attacks: rt_sigaction
import ctypes

ctypes.string_at(0)
