"""An origin on loopback that answers byte for byte as a test says, and remembers everything it was asked."""

import contextlib
import email.utils
import socket
import threading
import time

from strict_http import ByteReader, Cut, Malformed, framing, reset

WAIT_SECONDS = 20


class Seen:
    """A request as it arrived."""

    def __init__(self, line, fields, connection):
        self.line = line
        self.method, self.target, self.version = line.decode("latin-1").split(" ")
        self.fields = fields
        self.connection = connection
        self.body = b""
        self.trailers = []

    def __getitem__(self, name):
        return self.fields[name]

    def __repr__(self):
        return f"<{self.line} {list(self.fields)}>"


class Closed(Exception):
    """A script ended its connection."""


class Turn:
    """One request and the connection to answer it on; a script is a function of a turn."""

    def __init__(self, request, connection):
        self.request = request
        self._connection = connection

    def send(self, *pieces):
        for piece in pieces:
            self._connection.sendall(piece)

    def wait(self, event):
        assert event.wait(WAIT_SECONDS), "nobody set the event that a script waits for"

    def close(self):
        raise Closed

    def half_close(self):
        self._connection.shutdown(socket.SHUT_WR)

    def reset(self):
        reset(self._connection)
        raise Closed

    def hang(self):
        """Says nothing more until the edge closes the connection, or the origin ends."""
        self._connection.settimeout(WAIT_SECONDS)
        with contextlib.suppress(OSError):
            while self._connection.recv(1 << 16):
                pass
        raise Closed


class ScriptedOrigin:
    """Answers each path by its script: answers in turn, the last of them again and again.

    An answer is bytes, or a function of a `Turn`. What the edge sends that is no proper HTTP/1.1 is in `violations`.
    """

    def __init__(self):
        self._scripts = {}
        self._changed = threading.Condition()
        self.seen = []
        self.violations = []
        self.busy = {}
        self.busy_max = {}
        self.connections = 0
        self._ending = False
        self._open = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        """Refuses from now on; open connections are reset."""
        self._ending = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._changed:
            connections = list(self._open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def script(self, path, *answers):
        with self._changed:
            self._scripts[path] = list(answers)

    def requests(self, path):
        """What was asked of a path, whatever the query."""
        with self._changed:
            return [request for request in self.seen if request.target.split("?")[0] == path]

    def wait_for(self, condition, what="what the test waits for", seconds=WAIT_SECONDS):
        """Blocks until `condition()` holds; looked at again after every event here and every 20 ms."""
        end = time.monotonic() + seconds
        with self._changed:
            while not condition():
                assert time.monotonic() < end, f"{what}: not within {seconds} s"
                self._changed.wait(0.02)

    def _accept(self):
        while not self._ending:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._changed:
                self.connections += 1
                self._open.add(connection)
                number = self.connections
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection, number):
        reader = ByteReader(connection)
        try:
            while not self._ending and self._turn(connection, reader, number):
                pass
        except (OSError, Cut, Closed):
            pass
        except Exception as error:  # noqa: BLE001 - a thread's failure has to reach the test
            with self._changed:
                self.violations.append(repr(error))
        finally:
            with self._changed:
                self._open.discard(connection)
            connection.close()

    def _turn(self, connection, reader, number):
        if reader.at_end():
            return False
        line = reader.line()
        if len(line.split(b" ")) != 3 or not line.endswith(b" HTTP/1.1"):
            raise Malformed(f"a bad request line: {line!r}")
        request = Seen(line, reader.fields(), number)
        if len(request.fields.all("host")) != 1:
            raise Malformed(f"not one Host in {request}")
        turn = Turn(request, connection)
        path = request.target.split("?")[0]
        with self._changed:
            self.seen.append(request)
            answers = self._scripts.get(path, [unscripted])
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            self.busy[path] = self.busy.get(path, 0) + 1
            self.busy_max[path] = max(self.busy_max.get(path, 0), self.busy[path])
            self._changed.notify_all()
        try:
            if not getattr(answer, "answers_before_body", False):
                self._read_body(request, reader, turn)
            self._answer(answer, turn)
        finally:
            with self._changed:
                self.busy[path] -= 1
                self._changed.notify_all()
        return b"connection: close" not in (answer.lower() if isinstance(answer, bytes) else b"")

    def _read_body(self, request, reader, turn):
        length = framing(request.fields)
        if length and (request["expect"] or "").lower() == "100-continue":
            turn.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if length == "chunked":
            chunks, request.trailers = reader.chunked()
            request.body = b"".join(chunks)
        elif length:
            request.body = reader.exactly(length)

    def _answer(self, answer, turn):
        if callable(answer):
            answer(turn)
        elif turn.request.method == "HEAD":
            turn.send(answer[: answer.index(b"\r\n\r\n") + 4])
        else:
            turn.send(answer)


def date(seconds=0):
    """An HTTP date some seconds from now."""
    return email.utils.formatdate(time.time() + seconds, usegmt=True)


def head(*fields, status="200 OK"):
    """A head with a Date, unless `fields` have one; a field "Date:" without value leaves it out."""
    if "Date:" in fields:
        fields = [field for field in fields if field != "Date:"]
    elif not any(field.lower().startswith("date:") for field in fields):
        fields = [f"Date: {date()}", *fields]
    return "\r\n".join([f"HTTP/1.1 {status}", *fields, "", ""]).encode("latin-1")


def ok(body, *fields, status="200 OK"):
    """A response with Content-Length."""
    return head(*fields, f"Content-Length: {len(body)}", status=status) + body


def chunked(chunks, *fields, trailers=(), status="200 OK"):
    """A response in chunks."""
    parts = [f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n" for chunk in chunks]
    end = "\r\n".join(["0", *trailers, "", ""]).encode()
    return head(*fields, "Transfer-Encoding: chunked", status=status) + b"".join(parts) + end


def then_close(data):
    """Sends bytes and closes."""
    def script(turn):
        turn.send(data)
        turn.close()
    return script


def then_reset(data):
    """Sends bytes and closes with a reset."""
    def script(turn):
        turn.send(data)
        turn.reset()
    return script


def then_hang(data):
    """Sends bytes and then nothing."""
    def script(turn):
        turn.send(data)
        turn.hang()
    return script


def after(event, data):
    """Sends bytes once an event is set."""
    def script(turn):
        turn.wait(event)
        turn.send(data)
    return script


def not_modified(*fields):
    return head(*fields, status="304 Not Modified")


unscripted = ok(b"unscripted", "Cache-Control: no-store", status="404 Not Found")
