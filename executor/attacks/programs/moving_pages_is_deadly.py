# Must die of move_pages
# group: memory
# attacks: move_pages
from executor.attacks.guest.attack import call

call("move_pages", int("HOST_PID"), 0, None, None, None, 0)
