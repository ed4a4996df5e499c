"""Root of a container is root of few users, or of one: the walls stand there too."""

import json
import os
import subprocess

import pytest

from tests.sandbox.person import PROJECT, environment, python_for


def contained(data, first, count):
    """Program `contained`, and what it says of a sandbox made there."""
    python = python_for(None if first == os.geteuid() else first)
    command = [python, "-m", "tests.sandbox.contained", *map(str, (data, first, count))]
    ran = subprocess.run(command, cwd=PROJECT, env=environment(), capture_output=True, check=True)
    return json.loads(ran.stdout)


async def test_a_container_of_one_user_shares_it(data):
    said, user, weaker = contained(data, os.geteuid(), 1)
    assert (said, user, set(weaker) - {"quota"}) == ("1000 1", 0, {"identity"})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a container of many users")
def test_a_container_of_many_users_gives_each_sandbox_its_own(person):
    place = person.data / "container"
    place.mkdir()
    os.chown(place, 100_000, 100_000)
    person.data.chmod(0o755)
    said, user, weaker = contained(place, 100_000, 65_536)
    assert (said, set(weaker) - {"quota"}) == ("1000 1", set())
    assert 32_768 <= user < 65_536
