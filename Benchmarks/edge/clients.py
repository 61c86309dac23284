"""Small clients: one connection after the other, many at once, many idle. They understand Content-Length and chunks."""

import collections
import json
import select
import socket
import threading
import time

ANSWER_SECONDS = 60
Answer = collections.namedtuple("Answer", "status seconds body")


def connect(port, source="127.0.0.1"):
    return socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS, source_address=(source, 0))


def request(port, path):
    """The same Host as wrk and paced send: it is a part of the key of most caches."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()


def read_answer(connection):
    """Status and body of one answer; status 0 when the connection ended before it was whole."""
    reader = connection.makefile("rb")
    line = reader.readline()
    if not line.endswith(b"\r\n"):
        return 0, b""
    status = int(line.split()[1])
    fields = {}
    while (line := reader.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        fields[name.strip().lower()] = value.strip()
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        body = b""
        while (size := int(reader.readline().split(b";")[0] or b"0", 16)) > 0:
            body += reader.read(size)
            reader.readline()
        reader.readline()
        return status, body
    expected = int(fields.get(b"content-length", b"0"))
    body = reader.read(expected)
    return (status if len(body) == expected else 0), body


def ask_each(port, paths):
    """Asks for all of these, one after the other on one connection; opens another when the server closes it."""
    connection = connect(port)
    try:
        for path in paths:
            for attempt in range(2):
                try:
                    connection.sendall(request(port, path))
                    status, _ = read_answer(connection)
                except ConnectionError:
                    status = 0
                if status:
                    break
                connection.close()
                connection = connect(port)
            if status != 200:
                raise OSError(f"{path} was answered with {status}")
    finally:
        connection.close()


def ask_at_once(port, path, count):
    """`count` clients ask for one path at the same moment, each on a connection that is already open."""
    answers = [Answer(0, ANSWER_SECONDS, b"")] * count
    barrier = threading.Barrier(count)

    def ask(index):
        connection = connect(port)
        try:
            barrier.wait()
            start = time.monotonic()
            connection.sendall(request(port, path))
            status, body = read_answer(connection)
            answers[index] = Answer(status, time.monotonic() - start, body)
        except OSError:
            answers[index] = Answer(0, time.monotonic() - start, b"")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def fetches(origin_port):
    """How often the origin was asked, by path."""
    connection = connect(origin_port)
    try:
        connection.sendall(request(origin_port, "/fetches"))
        return json.loads(read_answer(connection)[1])
    finally:
        connection.close()


class IdleConnections:
    """Connections that asked once and then stay silent. They come from many addresses, as from many viewers."""

    ADDRESSES = 200

    def __init__(self, port, path, count):
        self.port, self.path, self.count = port, path, count
        self.open = []

    def __enter__(self):
        for index in range(self.count):
            connection = connect(self.port, f"127.0.1.{index % self.ADDRESSES + 1}")
            connection.sendall(request(self.port, self.path))
            read_answer(connection)
            self.open.append(connection)
        return self

    def still_open(self):
        """How many the server has not closed: an idle connection that can be read has ended."""
        poll = select.poll()
        for connection in self.open:
            poll.register(connection, select.POLLIN)
        return len(self.open) - len(poll.poll(0))

    def __exit__(self, *_):
        for connection in self.open:
            connection.close()
