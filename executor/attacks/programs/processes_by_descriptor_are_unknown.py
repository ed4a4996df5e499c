# Must print ENOSYS ENOSYS
# group: processes
# attacks: pidfd_open pidfd_send_signal
from executor.attacks.guest.attack import call, say

say(call("pidfd_open", 1, 0), call("pidfd_send_signal", 3, 9, None, 0))  # pidfd_open, pidfd_send_signal
