# Must die of open_tree
# group: privileges
# attacks: open_tree
from executor.attacks.guest.attack import call

call("open_tree", -100, b"/", 1)  # OPEN_TREE_CLONE
