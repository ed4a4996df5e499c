# Must die of fanotify_init
# group: files
# attacks: fanotify_init
from executor.attacks.guest.attack import call

call("fanotify_init", 0, 0)
