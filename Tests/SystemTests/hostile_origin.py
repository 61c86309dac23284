"""An origin on loopback that does everything wrong that an origin can, one behaviour for each path."""

import gzip
import socket
import threading
import time

JPEG_HEAD = b"\xff\xd8\xff\xe0\x00\x10JFIF\0"
SLOW_SECONDS = 8


class HostileOrigin:
    """Raw sockets: what leaves is exactly what a behaviour sends. `asked` has the heads that came in."""

    def __init__(self, picture, family=socket.AF_INET):
        self.picture = picture
        self.asked = []
        self._ending = threading.Event()
        host = "127.0.0.1" if family == socket.AF_INET else "::1"
        self._listener = socket.create_server((host, 0), family=family, backlog=100)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://{host if family == socket.AF_INET else '[::1]'}:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._ending.set()
        self._listener.close()

    def paths(self):
        return [head.split(b" ")[1].decode() for head in self.asked if b" " in head]

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            try:
                connection.settimeout(30)
                head = b""
                while b"\r\n\r\n" not in head:
                    piece = connection.recv(65536)
                    if not piece:
                        return
                    head += piece
                self.asked.append(head)
                path = head.split(b" ")[1].decode().split("?")[0].strip("/").split("/")
                getattr(self, "do_" + path[0].split(".")[0], self.do_missing)(connection, head, path[1:])
            except OSError:
                pass

    def _pause(self, seconds=SLOW_SECONDS):
        self._ending.wait(seconds)

    def _answer(self, connection, body=None, status="200 OK", fields=(), length=None):
        body = self.picture if body is None else body
        lines = [f"HTTP/1.1 {status}", "Content-Type: image/jpeg", "Connection: close", *fields]
        if length != "none":
            lines.append(f"Content-Length: {len(body) if length is None else length}")
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + body)

    # Well-behaved

    def do_good(self, connection, head, rest):
        self._answer(connection)

    def do_fresh(self, connection, head, rest):
        if b'if-none-match: "v1"' in head.lower():
            self._answer(connection, b"", "304 Not Modified", ['ETag: "v1"', "Cache-Control: max-age=120"], "none")
        else:
            self._answer(connection, fields=["Cache-Control: public, max-age=120", 'ETag: "v1"'])

    def do_private(self, connection, head, rest):
        self._answer(connection, fields=["Cache-Control: private, no-store", "Set-Cookie: secret=1"])

    def do_closed(self, connection, head, rest):
        self._answer(connection, length="none")

    def do_chunked(self, connection, head, rest):
        self._answer(connection, b"", fields=["Transfer-Encoding: chunked"], length="none")
        for start in range(0, len(self.picture), 1000):
            piece = self.picture[start : start + 1000]
            connection.sendall(f"{len(piece):x};a=b\r\n".encode() + piece + b"\r\n")
        connection.sendall(b"0\r\n\r\n")

    def do_gzip(self, connection, head, rest):
        self._answer(connection, gzip.compress(self.picture), fields=["Content-Encoding: gzip"])

    # Slow and endless

    def do_hang(self, connection, head, rest):
        self._pause()

    def do_halfhead(self, connection, head, rest):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: ima")
        self._pause()

    def do_drip(self, connection, head, rest):
        self._answer(connection, JPEG_HEAD, length=len(self.picture))
        end = time.monotonic() + SLOW_SECONDS
        while time.monotonic() < end and not self._ending.wait(0.1):
            connection.sendall(b"x")

    def do_driphead(self, connection, head, rest):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        end = time.monotonic() + SLOW_SECONDS
        while time.monotonic() < end and not self._ending.wait(0.1):
            connection.sendall(b"X-A: b\r\n")

    def do_halfbody(self, connection, head, rest):
        self._answer(connection, self.picture[: len(self.picture) // 2], length=len(self.picture))
        self._pause()

    def do_endless(self, connection, head, rest):
        self._answer(connection, b"", fields=["Transfer-Encoding: chunked"], length="none")
        piece = b"100000\r\n" + b"\0" * (1 << 20) + b"\r\n"
        while not self._ending.is_set():
            connection.sendall(piece)

    def do_endlessclosed(self, connection, head, rest):
        self._answer(connection, JPEG_HEAD, length="none")
        while not self._ending.is_set():
            connection.sendall(b"\0" * (1 << 20))

    def do_huge(self, connection, head, rest):
        self._answer(connection, JPEG_HEAD, length=10 << 30)
        self._pause()

    def do_informational(self, connection, head, rest):
        for _ in range(200_000):
            connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")

    # Liars

    def do_short(self, connection, head, rest):
        self._answer(connection, self.picture[:-20], length=len(self.picture))

    def do_cutchunk(self, connection, head, rest):
        self._answer(connection, b"ffff\r\n" + self.picture[:500], fields=["Transfer-Encoding: chunked"], length="none")

    def do_long(self, connection, head, rest):
        self._answer(connection, self.picture + b"x" * 1000, length=len(self.picture))

    def do_negative(self, connection, head, rest):
        self._answer(connection, length=-5)

    def do_two(self, connection, head, rest):
        self._answer(connection, fields=["Content-Length: 3"])

    def do_both(self, connection, head, rest):
        self._answer(connection, fields=["Transfer-Encoding: chunked"])

    def do_badchunk(self, connection, head, rest):
        self._answer(connection, b"zz\r\nabc\r\n", fields=["Transfer-Encoding: chunked"], length="none")

    def do_garbage(self, connection, head, rest):
        connection.sendall(b"\0\1\2 what is this?\r\n\r\n" * 100)

    def do_ssh(self, connection, head, rest):
        connection.sendall(b"SSH-2.0-OpenSSH_9.2p1\r\n")
        self._pause(1)

    def do_nothing(self, connection, head, rest):
        pass

    def do_hugeheader(self, connection, head, rest):
        self._answer(connection, fields=["X-Large: " + "x" * 2_000_000])

    def do_manyheaders(self, connection, head, rest):
        self._answer(connection, fields=["X-A: b"] * 200_000)

    def do_status(self, connection, head, rest):
        self._answer(connection, b"<html>no</html>", f"{rest[0]} Whatever")

    def do_html(self, connection, head, rest):
        self._answer(connection, b"<!doctype html><p>not a picture" * 30)

    def do_empty(self, connection, head, rest):
        self._answer(connection, b"")

    def do_brotli(self, connection, head, rest):
        self._answer(connection, b"\x0b\x02\x80abc\x03" * 40, fields=["Content-Encoding: br"])

    def do_gzipbomb(self, connection, head, rest):
        self._answer(
            connection, gzip.compress(self.picture + b"\0" * (200 << 20), 1), fields=["Content-Encoding: gzip"]
        )

    # Elsewhere

    def do_to(self, connection, head, rest):
        target = bytes.fromhex(rest[0]).decode()
        self._answer(connection, b"", "302 Found", ["Location: " + target])

    def do_loop(self, connection, head, rest):
        self._answer(connection, b"", "302 Found", [f"Location: /loop/{len(self.asked)}"])

    def do_self(self, connection, head, rest):
        self._answer(connection, b"", "301 Moved", ["Location: /self"])

    def do_nowhere(self, connection, head, rest):
        self._answer(connection, b"", "302 Found")

    def do_missing(self, connection, head, rest):
        self._answer(connection, b"no", "404 Not Found")
