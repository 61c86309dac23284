"""A client that sends exactly the bytes it is told to, and reads the answers strictly."""

import re
import socket

from strict_http import ByteReader, Cut, Fields, Malformed, framing, reset

HOST = "pictures.example"
ANSWER_SECONDS = 20


class Response:
    """A response; `complete` is False if the connection ended before it did, `status` 0 if before its head did."""

    def __init__(self, status, fields, informational):
        self.status = status
        self.fields = fields
        self.informational = informational
        self.body = b""
        self.trailers = Fields()
        self.framing = None
        self.complete = False

    def __getitem__(self, name):
        return self.fields[name]

    def __repr__(self):
        return f"<{self.status} {list(self.fields)} {self.body[:80]!r}>"

    @property
    def age(self):
        return int(self["age"])

    @property
    def cache_status(self):
        """The parameters of the last member of Cache-Status: the cache nearest to the client (RFC 9211 §2)."""
        members = split_outside_quotes(self["cache-status"] or "", ",")
        parameters = split_outside_quotes(members[-1], ";")[1:]
        pairs = (parameter.strip().partition("=") for parameter in parameters)
        return {name: value if equals else True for name, equals, value in pairs}

    @property
    def is_hit(self):
        return self.cache_status.get("hit") is True


def split_outside_quotes(text, separator):
    return [part for part in re.findall(rf'(?:[^{separator}"]|"(?:[^"\\]|\\.)*")+', text)] or [""]


class ResponseReader:
    """Responses from a reader of bytes."""

    def __init__(self, reader):
        self.reader = reader

    def head(self):
        """A response's head with the interim responses before it; its body is for `body`."""
        informational = []
        while True:
            line = self.reader.line()
            if not re.fullmatch(rb"HTTP/1\.1 [1-9][0-9][0-9] [\t\x20-\x7e\x80-\xff]*", line):
                raise Malformed(f"a bad status line: {line!r}")
            response = Response(int(line[9:12]), self.reader.fields(), informational)
            if response.status >= 200:
                return response
            informational.append(response)

    def body(self, response, method="GET"):
        """Reads the body that belongs to a head."""
        try:
            response.framing = framing(response.fields)
            if method == "HEAD" or response.status in (204, 304):
                if response.framing == "chunked" and response.status == 204:
                    raise Malformed("Transfer-Encoding in a response that has no body")
            elif response.framing == "chunked":
                chunks, response.trailers = self.reader.chunked()
                response.body = b"".join(chunks)
            elif response.framing is None:
                response.body = self.reader.to_end()
            else:
                response.body = self.reader.exactly(response.framing)
            response.complete = True
        except Cut as cut:
            response.body = cut.received
        return response

    def response(self, method="GET", may_be_cut=False):
        try:
            response = self.body(self.head(), method)
        except Cut:
            if not may_be_cut:
                raise
            return Response(0, Fields(), [])
        assert response.complete or may_be_cut, f"the response was cut: {response}"
        return response


class RawClient(ResponseReader):
    """One connection."""

    def __init__(self, address, seconds=ANSWER_SECONDS, receive_buffer=None):
        host, port = address.rsplit(":", 1)
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(seconds)
        self.socket.connect((host, int(port)))
        super().__init__(ByteReader(self.socket))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        self.socket.sendall(data)
        return self

    def ask(self, path, *fields, method="GET", body=None):
        """Sends a well-formed request and reads its response."""
        self.send(request(path, *fields, method=method, body=body))
        return self.response(method)

    def is_closed(self):
        """Waits until the server says more or ends; whether it ended."""
        return self.reader.at_end()

    def abort(self):
        reset(self.socket)

    def close(self):
        self.socket.close()


def request(path, *fields, method="GET", body=None, version="1.1", host=HOST):
    """The bytes of a request; `body` gets a Content-Length."""
    lines = [f"{method} {path} HTTP/{version}"]
    if host is not None:
        lines.append(f"Host: {host}")
    lines += fields
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")
