"""Sockets of every kind. What listens on names and port 80 is in tracer.py."""

import contextlib
import http.client
import select
import selectors
import socket
import socketserver
import threading
import urllib.request

OUTSIDE = "outside.example"


def outside():
    for _ in range(3):
        urllib.request.urlopen(f"http://{OUTSIDE}/").read()
    client = http.client.HTTPConnection("1.2.3.4")
    client.request("POST", "/", b"question")
    client.getresponse().read()
    client.close()
    with contextlib.suppress(OSError):
        socket.create_connection((OUTSIDE, 81), timeout=1)


def names():
    socket.getaddrinfo(OUTSIDE, 80)
    socket.gethostbyname("localhost")
    socket.gethostname()
    with contextlib.suppress(OSError):
        socket.getaddrinfo("nowhere.example", 80)


def local():
    class Echo(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(self.rfile.readline())

    with socketserver.ThreadingUnixStreamServer("/tmp/echo.sock", Echo) as server:
        threading.Thread(target=server.serve_forever).start()
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect("/tmp/echo.sock")
            client.sendall(b"x\n")
            client.recv(10)
            client.shutdown(socket.SHUT_RDWR)
        server.shutdown()


def pairs():
    one, other = socket.socketpair()
    with one, other:
        one.setblocking(False)
        socket.send_fds(one, [b"x"], [1])
        socket.recv_fds(other, 10, 1)
        one.sendmsg([b"x"])
        other.recvmsg(10)
        one.getpeername()
        select.select([one], [other], [], 0)
        poller = select.poll()
        poller.register(one)
        poller.poll(0)
        with selectors.DefaultSelector() as selector:
            selector.register(other, selectors.EVENT_READ)
            selector.select(0)


def datagrams():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.sendto(b"x", ("1.2.3.4", 9999))
        one.getsockname()
        one.settimeout(0.01)
        with contextlib.suppress(OSError):
            one.recvfrom(10)


def files_over_sockets():
    one, other = socket.socketpair()
    with one, other, open("/rt/main.py", "rb") as file:
        one.sendfile(file)


STEPS = (outside, names, local, pairs, datagrams, files_over_sockets)
