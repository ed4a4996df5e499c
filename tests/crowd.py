"""Many requests at once."""

import socket

from tests.stack import Stack


def crowd(stack: Stack, path: str, count: int) -> int:
    """Sends all in one go over one connection, as fast as the executor answers; returns how many were 200."""
    request = f"GET {path} HTTP/1.1\r\nhost: localhost:{stack.port}\r\n"
    last = f"{request}connection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", stack.port), timeout=60) as client:
        client.sendall(f"{request}\r\n".encode() * (count - 1) + last.encode())
        return b"".join(iter(lambda: client.recv(65536), b"")).count(b"HTTP/1.1 200 ")
