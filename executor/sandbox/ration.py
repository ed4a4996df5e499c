"""A memory limit for a process of another user, where that takes a capability which containers are not given."""

import os
import resource

from executor.sandbox.identity import Identity


def impose(pid: int, identity: Identity, data: int) -> bool:
    """RLIMIT_DATA in bytes, set by a child that becomes `identity`: to one of the same user the kernel allows it.

    False when it could not be set; a process that is gone has no need of it.
    """
    child = os.fork()
    if child == 0:
        try:
            os.setresgid(identity.group, identity.group, identity.group)
            os.setresuid(identity.user, identity.user, identity.user)
            resource.prlimit(pid, resource.RLIMIT_DATA, (data, data))
            os._exit(0)
        except ProcessLookupError:
            os._exit(0)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    return status == 0
