# Must die of open_by_handle_at
# group: files
# attacks: open_by_handle_at
from executor.attacks.guest.attack import call

call("open_by_handle_at", -100, None, 0)  # open_by_handle_at
