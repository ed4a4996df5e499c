"""Stands where the executor listens: what the console sends, and an answer of the test's own."""

from http.server import BaseHTTPRequestHandler


class Wire(BaseHTTPRequestHandler):
    """Keeps what arrives and answers what the test says."""

    protocol_version = "HTTP/1.1"
    heard: dict[str, object] = {}
    answer: bytes = b""

    def handle_one_request(self):
        line = self.rfile.readline()
        if not line:
            self.close_connection = True
            return
        headers = []
        while (header := self.rfile.readline().decode("latin-1").strip()) != "":
            headers.append(tuple(header.split(": ", 1)))
        length = int({name.lower(): value for name, value in headers}.get("content-length", 0))
        Wire.heard = {"line": line.decode().strip(), "headers": headers, "body": self.rfile.read(length)}
        self.wfile.write(Wire.answer)
        self.close_connection = True


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body
