"""Which system calls the runtimes make, watched behind their own walls: script/trace."""
