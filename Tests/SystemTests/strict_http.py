"""Reads HTTP/1.1 as RFC 9112 says and no other way: what another recipient could read differently is an error."""

import re
import socket

TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
LINE_BYTES_MAX = 1 << 17


class Malformed(Exception):
    """What came is not HTTP/1.1."""


class Cut(Exception):
    """The connection ended before the message did; `received` is what came of it."""

    def __init__(self, received=b""):
        super().__init__(f"cut after {received[:200]!r}")
        self.received = received


class ByteReader:
    """Bytes of a socket, read as needed; whatever was read stays for the next message."""

    def __init__(self, connection):
        self._connection = connection
        self._bytes = bytearray()

    def _more(self):
        try:
            piece = self._connection.recv(1 << 16)
        except (ConnectionResetError, BrokenPipeError):
            piece = b""
        self._bytes += piece
        return bool(piece)

    def at_end(self):
        """Whether the peer has ended and nothing is left; waits for a byte or the end."""
        return not self._bytes and not self._more()

    def line(self):
        """A line without its CRLF."""
        while True:
            end = self._bytes.find(b"\n")
            if end >= 0:
                break
            if len(self._bytes) > LINE_BYTES_MAX:
                raise Malformed("endless line")
            if not self._more():
                raise Cut(bytes(self._bytes))
        line = bytes(self._bytes[: end + 1])
        del self._bytes[: end + 1]
        if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
            raise Malformed(f"a line that does not end in CRLF: {line!r}")
        return line[:-2]

    def exactly(self, count):
        while len(self._bytes) < count:
            if not self._more():
                raise Cut(self.rest())
        taken = bytes(self._bytes[:count])
        del self._bytes[:count]
        return taken

    def peek(self, is_enough):
        """Receives until `is_enough` is content with what was not yet taken, and leaves it there."""
        while not is_enough(self._bytes):
            if not self._more():
                raise Cut(self.rest())
        return bytes(self._bytes)

    def rest(self):
        """What was received and not yet taken."""
        taken = bytes(self._bytes)
        self._bytes.clear()
        return taken

    def to_end(self):
        while self._more():
            pass
        return self.rest()

    def fields(self):
        """Field lines up to the empty line, as pairs of lower-case name and value."""
        fields = []
        while line := self.line():
            name, colon, value = line.partition(b":")
            if not colon or not TOKEN.fullmatch(name):
                raise Malformed(f"a bad field name: {line!r}")
            if not VALUE.fullmatch(value):
                raise Malformed(f"a bad field value: {line!r}")
            fields.append((name.decode().lower(), value.strip(b" \t").decode("latin-1")))
        return Fields(fields)

    def chunked(self):
        """The chunks of a body and its trailer fields."""
        chunks = []
        try:
            while True:
                size, _, extension = self.line().partition(b";")
                if not re.fullmatch(rb"[0-9A-Fa-f]{1,15}", size) or not VALUE.fullmatch(extension):
                    raise Malformed(f"a bad chunk size: {size!r}")
                if int(size, 16) == 0:
                    return chunks, self.fields()
                chunks.append(self.exactly(int(size, 16)))
                if self.exactly(2) != b"\r\n":
                    raise Malformed("a chunk that does not end where it said")
        except Cut as cut:
            raise Cut(b"".join(chunks) + cut.received) from None


class Fields(list):
    """Field lines in order; `fields["name"]` is the combined value or None."""

    def __getitem__(self, name):
        if not isinstance(name, str):
            return super().__getitem__(name)
        values = self.all(name)
        return ", ".join(values) if values else None

    def all(self, name):
        return [value for known, value in self if known == name.lower()]

    def __contains__(self, name):
        return any(known == name.lower() for known, _ in self)


def framing(fields):
    """`"chunked"`, a number of bytes, or None if neither is said; both, or two lengths, are an error."""
    codings, lengths = fields.all("transfer-encoding"), fields.all("content-length")
    if codings and lengths:
        raise Malformed("Transfer-Encoding beside Content-Length")
    if codings:
        if [coding.lower() for coding in codings] != ["chunked"]:
            raise Malformed(f"Transfer-Encoding {codings}")
        return "chunked"
    if not lengths:
        return None
    if len(lengths) != 1 or not re.fullmatch("[0-9]{1,18}", lengths[0]):
        raise Malformed(f"Content-Length {lengths}")
    return int(lengths[0])


def reset(connection):
    """Closes with a RST instead of a FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()
