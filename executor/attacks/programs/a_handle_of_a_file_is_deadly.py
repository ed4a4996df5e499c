# Must die of name_to_handle_at
# group: files
# attacks: name_to_handle_at
from executor.attacks.guest.attack import call

call("name_to_handle_at", -100, b"/", None, None, 0)
