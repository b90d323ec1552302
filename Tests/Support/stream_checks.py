#!/usr/bin/env python3
"""Streams through the gateway, as clients of HTTP/1.1 and of WebSockets see them.

usage: stream_checks.py PORT [NAME]...
Runs every check (or those named) and prints a line for each; exit 1 where one fails."""
import base64
import json
import os
import socket
import struct
import sys
import time
import traceback

PORT = int(sys.argv[1])
STREAMS = "/dragoman.test.v1.Streams/"
CHECKS = {}


def check(function):
    CHECKS[function.__name__] = function
    return function


class Client:
    """One connection, read as the bytes come."""

    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", PORT), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def begin(self, method, path, headers=(), body=None, chunked=False, version="1.1"):
        lines = [f"{method} {path} HTTP/{version}", "Host: localhost", *headers]
        if chunked:
            lines.append("Transfer-Encoding: chunked")
        elif body is not None:
            body = body if isinstance(body, bytes) else body.encode()
            lines.append(f"Content-Length: {len(body)}")
        self.socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b""))
        return self

    def chunk(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        self.socket.sendall(b"%x\r\n%b\r\n" % (len(data), data))
        return self

    def end(self):
        self.socket.sendall(b"0\r\n\r\n")
        return self

    def head(self):
        self.status = int(self.file.readline().split()[1])
        self.fields = {}
        while line := self.file.readline().strip():
            name, value = line.decode().split(":", 1)
            self.fields[name.lower()] = value.strip()
        return self

    def piece(self):
        """A chunk of the answer; None after the last, an error where it is missing."""
        line = self.file.readline()
        if not line:
            raise EOFError("closed without the last chunk")
        data = self.file.read(int(line, 16))
        self.file.readline()
        return data or None

    def body(self):
        """Everything, and whether it is whole."""
        if "content-length" in self.fields:
            return self.file.read(int(self.fields["content-length"])), True
        if "transfer-encoding" not in self.fields:
            return self.file.read(), True
        pieces = []
        try:
            while (piece := self.piece()) is not None:
                pieces.append(piece)
        except EOFError:
            return b"".join(pieces), False
        return b"".join(pieces), True

    def close(self):
        self.file.close()
        self.socket.close()


JSON = "Content-Type: application/json"
LINES = "Content-Type: application/x-ndjson"


def ask(method, path, body=None, headers=(), **more):
    client = Client().begin(method, path, [JSON, *headers] if body is not None else headers, body, **more)
    client.head()
    client.data, client.whole = (b"", True) if method == "HEAD" else client.body()
    client.close()
    return client


def count(request, accept=None, **more):
    return ask("POST", STREAMS + "Count", json.dumps(request),
               [f"Accept: {accept}"] if accept else [], **more)


def equal(given, wanted):
    assert given == wanted, f"{given!r} is not {wanted!r}"


# Server streams


@check
def array():
    answer = count({"count": 3, "size": 1})
    equal((answer.status, answer.whole), (200, True))
    equal(answer.fields["content-type"], "application/json")
    equal(answer.data, b'[{"text":"x"},{"number":"1","text":"x"},{"number":"2","text":"x"}]')


@check
def empty():
    equal(count({}).data, b"[]")
    for accept in "application/x-ndjson", "text/event-stream":
        answer = count({}, accept)
        equal((answer.status, answer.data, answer.whole), (200, b"", True))


@check
def lines():
    answer = count({"count": 3}, "application/x-ndjson")
    equal(answer.fields["content-type"], "application/x-ndjson")
    equal(answer.data, b'{}\n{"number":"1"}\n{"number":"2"}\n')


@check
def events():
    answer = count({"count": 2}, "text/event-stream")
    equal(answer.fields["content-type"], "text/event-stream")
    equal(answer.data, b'data: {}\n\ndata: {"number":"1"}\n\n')


@check
def accept():
    for value, wanted in {
        "*/*": "application/json",
        "application/json;q=0.5, application/x-ndjson;q=0.6": "application/x-ndjson",
        "application/*": "application/json",
        "text/event-stream, */*;q=0.1": "text/event-stream",
        "text/*": "text/event-stream",
        "application/x-ndjson, application/json": "application/x-ndjson",
        "application/json;q=0, */*": "application/x-ndjson",
    }.items():
        equal(count({}, value).fields["content-type"], wanted)
    equal(count({}, "text/html").status, 406)
    equal(count({}, "text/html").fields["content-type"], "application/problem+json")


@check
def flushed():
    """Each message goes out when it has come: here the backend has not given the second yet."""
    client = Client().begin("POST", STREAMS + "Count", [JSON, "Accept: application/x-ndjson"],
                            '{"count":2,"pause":3000}').head()
    equal(client.piece(), b"{}\n")
    equal(json.loads(ask("POST", STREAMS + "Progress", "{}").data), {"number": "1"})
    client.close()


@check
def fails_before():
    for accept in "application/json", "application/x-ndjson", "text/event-stream":
        answer = count({"fail": 5}, accept)
        equal(answer.status, 404)
        equal(answer.fields["content-type"], "application/problem+json")
        equal(json.loads(answer.data)["grpc"]["status"], "NOT_FOUND")


@check
def fails_after():
    answer = count({"count": 5, "after": 2, "fail": 7})
    equal((answer.status, answer.whole, answer.data), (200, False, b'[{},{"number":"1"}'))
    answer = count({"count": 5, "after": 1, "fail": 7}, "application/x-ndjson")
    equal((answer.status, answer.whole), (200, False))
    first, last = answer.data.decode().splitlines()
    error = json.loads(last)["error"]
    equal((error["status"], error["grpc"]["status"]), (403, "PERMISSION_DENIED"))
    answer = count({"count": 5, "after": 1, "fail": 7}, "text/event-stream")
    equal((answer.status, answer.whole), (200, False))
    name, data = answer.data.decode().split("\n\n")[1].splitlines()
    equal(name, "event: error")
    equal(json.loads(data.removeprefix("data: "))["type"], "urn:dragoman:problem:grpc-permission-denied")


@check
def patience():
    """Lines and events begin after a second, an array waits."""
    start = time.monotonic()
    client = Client().begin("POST", STREAMS + "Count", [JSON, "Accept: application/x-ndjson"],
                            '{"count":1,"wait":30000}').head()
    equal(client.status, 200)
    assert 0.8 < time.monotonic() - start < 25
    client.close()
    answer = count({"wait": 4000, "fail": 3}, "application/x-ndjson")
    equal((answer.status, answer.whole), (200, False))
    equal(json.loads(answer.data)["error"]["status"], 400)
    equal(count({"wait": 1300, "fail": 3}).status, 400)


@check
def old_clients():
    answer = count({"count": 2}, version="1.0")
    assert "transfer-encoding" not in answer.fields
    equal(answer.data, b'[{},{"number":"1"}]')


@check
def head_only():
    answer = ask("HEAD", "/count/3")
    equal((answer.status, answer.fields["content-type"]), (203, "application/json"))


@check
def template():
    answer = ask("GET", "/count/2")
    equal((answer.status, answer.data), (203, b'[{"n":"","of":2},{"n":"","of":2}]'))
    equal(answer.fields["x-first"], "one")


@check
def ruled():
    answer = ask("GET", "/ruled")
    equal((answer.status, json.loads(answer.data)["initial"]), (410, "one"))


@check
def refused():
    answer = count({"count": "x"})
    equal((answer.status, json.loads(answer.data)["errors"][0]["pointer"]), (400, "/count"))
    equal(ask("GET", "/count/x").status, 400)


@check
def keeps_alive():
    client = Client()
    for _ in range(3):
        client.begin("POST", STREAMS + "Count", [JSON], '{"count":2}').head()
        equal(client.body(), (b'[{},{"number":"1"}]', True))
    client.close()


@check
def bytes_pass():
    answer = ask("POST", STREAMS + "Download", '{"count":3,"size":2}')
    equal((answer.fields["content-type"], answer.data, answer.whole), ("text/csv", b"0;xx1;xx2;xx", True))
    answer = ask("POST", STREAMS + "Download", '{"count":1,"size":2,"fail":13}')
    equal((answer.status, answer.whole), (200, False))
    equal(ask("POST", STREAMS + "Download", '{"fail":13}').status, 500)


@check
def compressed():
    for kind in "gzip", "deflate":
        answer = count({"count": 3, "size": 3000, "compression": kind})
        equal([len(item["text"]) for item in json.loads(answer.data)], [3000] * 3)
        answer = ask("POST", STREAMS + "One", json.dumps({"size": 100000, "compression": kind}))
        equal(len(json.loads(answer.data)["text"]), 100000)
        answer = ask("POST", STREAMS + "One", json.dumps({"size": 3000000, "compression": kind}))
        equal((answer.status, json.loads(answer.data)["limit"]["name"]), (502, "reply"))


@check
def large_messages():
    answer = count({"count": 3, "size": 1500000})
    equal([len(item["text"]) for item in json.loads(answer.data)], [1500000] * 3)
    equal(count({"count": 1, "size": 2200000}).status, 502)


@check
def deadlines():
    """`timeout` of that route is 300 ms."""
    equal(ask("GET", "/late").status, 504)
    answer = ask("POST", STREAMS + "Count", '{"wait":10000,"count":1}', ["grpc-timeout: 200m"])
    equal(answer.status, 504)
    equal(ask("POST", STREAMS + "One", "{}", ["grpc-timeout: soon"]).status, 400)
    answer = count({"count": 2, "pause": 50, "wait": 100}, "application/json")
    equal(answer.status, 200)


@check
def gaps():
    """`idle` of that route is 300 ms."""
    answer = ask("GET", "/slow")
    equal((answer.status, answer.whole, answer.data), (200, False, b"[{}"))


# Client streams


@check
def sums():
    items = [{"number": str(number), "text": "a"} for number in range(5)]
    for body, kind in (json.dumps(items), JSON), ("\n".join(map(json.dumps, items)), LINES), (
            json.dumps(items, indent=3), "X-No: type"):
        answer = Client().begin("POST", STREAMS + "Sum", [kind], body).head()
        reply = json.loads(answer.body()[0])
        equal((answer.status, reply["count"], reply["total"]), (200, "5", "10"))
        answer.close()
    for body in "[]", "":
        equal(json.loads(ask("POST", STREAMS + "Sum", body).data).get("count"), None)
    equal(ask("POST", STREAMS + "Sum", "[]", ["Accept: text/html"]).status, 406)
    answer = Client().begin("POST", STREAMS + "Sum", ["Content-Type: text/plain"], "[]").head()
    equal(answer.status, 415)
    answer.close()


@check
def drip():
    """Cut anywhere."""
    body = '[ {"number":1, "text":"a\\"]},"} ,{"number":-2},\n {"text":"\\\\"} ]'
    client = Client().begin("POST", STREAMS + "Sum", [JSON], chunked=True)
    for character in body:
        client.chunk(character)
    reply = json.loads(client.end().head().body()[0])
    equal((reply["total"], reply["texts"]), ("-1", ['a"]},', "", "\\"]))
    client.close()


@check
def bad_elements():
    for body, place in {
        "[{},{]": (5, 1, 6), "[{}\n,\n {]": (8, 3, 3), "[{} {}]": (4, 1, 5), "[{}": (3, 1, 4),
        "[{},]": None, "[1": (2, 1, 3), "[{}]]": (4, 1, 5), " ": (1, 1, 2), "[": (1, 1, 2),
    }.items():
        answer = ask("POST", STREAMS + "Sum", body)
        problem = json.loads(answer.data)
        equal((answer.status, problem["type"]), (400, "urn:dragoman:problem:malformed-json"))
        error = problem["errors"][0]
        if place:
            equal((body, error["offset"], error["line"], error["column"]), (body, *place))
    answer = Client().begin("POST", STREAMS + "Sum", [LINES], '{}\n\n{"text":"a"}\n{"text" 1}').head()
    error = json.loads(answer.body()[0])["errors"][0]
    equal((error["offset"], error["line"]), (25, 4))
    answer.close()
    answer = ask("POST", STREAMS + "Sum", '[{},{"number":1},{"number":"x"}]')
    equal((answer.status, json.loads(answer.data)["errors"][0]["pointer"]), (400, "/2/number"))
    answer = ask("POST", STREAMS + "Sum", '[{},{"nothing":1}]')
    equal(json.loads(answer.data)["errors"][0]["pointer"], "/1/nothing")
    answer = ask("POST", STREAMS + "Sum", "{}")
    equal((answer.status, json.loads(answer.data)["errors"][0]["keyword"]), (400, "type"))


@check
def element_limits():
    """`limits.body` is 1 MiB, of each message."""
    text = "y" * 700000
    answer = ask("POST", STREAMS + "Sum", json.dumps([{"text": text}] * 4))
    equal((answer.status, json.loads(answer.data)["count"]), (200, "4"))
    answer = ask("POST", STREAMS + "Sum", json.dumps([{"text": "y" * 1100000}]))
    equal((answer.status, json.loads(answer.data)["limit"]), (413, {"name": "body", "value": "1MiB"}))


@check
def silent_client():
    """Nothing comes for longer than `idle`, which is 300 ms there."""
    client = Client().begin("POST", "/sum-soon", [JSON], chunked=True).chunk("[{}").head()
    equal(client.status, 408)
    equal(json.loads(client.body()[0])["limit"]["name"], "idle")
    client.close()


@check
def uploads():
    client = Client().begin("POST", STREAMS + "Upload", ["Content-Type: image/png"], chunked=True)
    for _ in range(5):
        client.chunk(b"\x89P" * 50000)
    reply = json.loads(client.end().head().body()[0])
    equal((reply["total"], reply["texts"]), ("500000", ["image/png"]))
    assert base64.b64decode(reply["data"]).startswith(b"\x89P\x89P")
    client.close()


@check
def metadata():
    raw = base64.b64encode(b"\0\xff\xfe!").decode()
    answer = ask("POST", "/sum/blue", "[{}]", [f"X-Raw: {raw}", "X-Tenant: red", "X-Other: no"])
    reply = json.loads(answer.data)
    equal(reply["metadata"]["x-tenant"], "red")
    equal(reply["metadata"]["x-raw-bin"], "00fffe21")
    assert "x-other" not in reply["metadata"]
    equal((answer.fields["x-trailer"], answer.fields["x-raw"]), ("two", "AAEC"))
    equal(ask("POST", "/sum/blue", "[{}]", ["X-Raw: *"]).status, 400)
    equal(reply["texts"], ["blue"])


# Both ways


@check
def talks():
    """Answers come while the request is still being sent."""
    client = Client().begin("POST", STREAMS + "Chat", [LINES, "Accept: application/x-ndjson"], chunked=True)
    client.chunk('{"text":"one"}\n').head()
    equal((client.status, client.piece()), (200, b'{"text":"one"}\n'))
    client.chunk('{"text":"two"}\n{"text":"three"}\n')
    data = b""
    while data.count(b"\n") < 2:
        data += client.piece()
    equal(data, b'{"text":"two"}\n{"text":"three"}\n')
    client.end()
    equal(client.body(), (b"", True))
    client.close()


@check
def hears_first():
    client = Client().begin("POST", STREAMS + "Greet", [LINES, "Accept: application/x-ndjson"], chunked=True)
    client.head()
    equal(client.piece(), b'{"text":"hello"}\n')
    client.chunk('{"text":"bye"}\n')
    equal(client.body(), (b"", True))
    client.close()


@check
def refuses_late():
    client = Client().begin("POST", STREAMS + "Chat", [LINES, "Accept: application/x-ndjson"], chunked=True)
    client.chunk('{"text":"one"}\n').head()
    client.piece()
    client.chunk('{"text":2}\n')
    data, whole = client.body()
    error = json.loads(data)["error"]
    equal((whole, error["status"], error["errors"][0]["pointer"]), (False, 400, "/1/text"))
    client.close()


@check
def ends_early():
    client = Client().begin("POST", STREAMS + "Chat", [LINES, "Accept: application/x-ndjson"], chunked=True)
    client.chunk('{"text":"fail"}\n').head()
    equal(client.status, 400)
    client.close()


@check
def leaves():
    """The client is gone in the middle: the script that runs this sees the call cancelled."""
    client = Client().begin("POST", STREAMS + "Count", [JSON, "Accept: application/x-ndjson"],
                            '{"count":100000,"pause":20}').head()
    client.piece()
    client.close()


@check
def half_closed():
    client = Client().begin("POST", STREAMS + "Count", [JSON], '{"count":3,"pause":20}')
    client.socket.shutdown(socket.SHUT_WR)
    equal(json.loads(client.head().body()[0]), [{}, {"number": "1"}, {"number": "2"}])
    client.close()
    client = Client().begin("POST", STREAMS + "Count", [JSON], '{"count":3,"pause":20}').head()
    client.socket.shutdown(socket.SHUT_WR)
    equal(len(json.loads(client.body()[0])), 3)
    client.close()


@check
def holds_back():
    """A client that reads nothing makes the backend wait, and gets everything in the end."""
    client = Client()
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    client.begin("POST", STREAMS + "Count", [JSON, "Accept: application/x-ndjson"],
                 '{"count":3000,"size":10000}').head()
    seen = -1
    for _ in range(50):
        time.sleep(0.2)
        given = int(json.loads(ask("POST", STREAMS + "Progress", "{}").data).get("number", 0))
        if given == seen > 0:
            break
        seen = given
    assert 0 < seen < 2500, seen
    data, whole = client.body()
    equal((whole, data.count(b"\n")), (True, 3000))
    client.close()


@check
def waits_for_backend():
    """A backend that reads slowly makes the client wait: all arrives."""
    items = [{"text": "z" * 1000}] * 3000
    answer = ask("POST", STREAMS + "Chat", json.dumps(items), ["Accept: application/x-ndjson"])
    equal((answer.status, answer.data.count(b"\n"), answer.whole), (200, 3000, True))


# WebSockets


def connect(path, **more):
    from websockets.sync.client import connect as open_socket
    return open_socket(f"ws://127.0.0.1:{PORT}{path}", open_timeout=120, close_timeout=60, **more)


def closed(socket_):
    from websockets.exceptions import ConnectionClosed
    try:
        while True:
            extra = socket_.recv(timeout=120)
            assert not extra, extra
    except ConnectionClosed as error:
        return error.rcvd.code if error.rcvd else None


@check
def web_chat():
    with connect(STREAMS + "Chat") as chat:
        for text in "one", "zwei \u00fc \U0001f600":
            chat.send(json.dumps({"text": text}))
            equal(json.loads(chat.recv(timeout=120)), {"text": text})
        chat.send("")
        equal(closed(chat), 1000)


@check
def web_greet():
    with connect(STREAMS + "Greet", subprotocols=["other", "dragoman.json"]) as chat:
        equal(chat.subprotocol, "dragoman.json")
        equal(json.loads(chat.recv(timeout=120)), {"text": "hello"})
        chat.send('{"text":"bye"}')
        equal(closed(chat), 1000)


@check
def web_server_stream():
    with connect(STREAMS + "Count") as items:
        items.send('{"count":3}')
        equal([json.loads(items.recv(timeout=120)).get("number", "0") for _ in range(3)], ["0", "1", "2"])
        equal(closed(items), 1000)
    with connect("/count/2") as items:
        equal([json.loads(items.recv(timeout=120)) for _ in range(2)], [{"n": "", "of": 2}] * 2)
        equal(closed(items), 1000)


@check
def web_client_stream():
    with connect(STREAMS + "Sum") as sums_:
        for number in range(4):
            sums_.send(json.dumps({"number": number}))
        sums_.send("")
        equal(json.loads(sums_.recv(timeout=120))["total"], "6")
        equal(closed(sums_), 1000)


@check
def web_errors():
    with connect(STREAMS + "Chat") as chat:
        chat.send('{"text":1}')
        error = json.loads(chat.recv(timeout=120))["error"]
        equal((error["status"], error["errors"][0]["pointer"]), (400, "/0/text"))
        equal(closed(chat), 4400)
    with connect(STREAMS + "Count") as items:
        items.send('{"count":5,"after":1,"fail":5}')
        items.recv(timeout=120)
        equal(json.loads(items.recv(timeout=120))["error"]["grpc"]["status"], "NOT_FOUND")
        equal(closed(items), 4404)
    with connect(STREAMS + "Chat") as chat:
        chat.send("{")
        equal(json.loads(chat.recv(timeout=120))["error"]["errors"][0]["offset"], 1)
        equal(closed(chat), 4400)
    with connect(STREAMS + "Chat") as chat:
        chat.send(b"{}")
        equal(closed(chat), 1003)
    with connect(STREAMS + "Chat") as chat:
        chat.send(json.dumps({"text": "y" * 1100000}))
        equal(closed(chat), 1009)


@check
def web_pieces():
    with connect(STREAMS + "Chat", max_size=None) as chat:
        chat.send(['{"te', 'xt":', '"in pieces"}'])
        equal(json.loads(chat.recv(timeout=120)), {"text": "in pieces"})
        chat.ping(b"are you there").wait(timeout=120)
        for size in 10, 60000, 70000, 900000:
            chat.send(json.dumps({"text": "x" * size}))
            equal(len(json.loads(chat.recv(timeout=120))["text"]), size)
        chat.close()


@check
def web_refused():
    from websockets.exceptions import InvalidStatus
    for path, status in (STREAMS + "One", 405), ("/nothing", 404), ("/count/x", 400):
        try:
            connect(path)
            assert False, path
        except InvalidStatus as error:
            equal((path, error.response.status_code), (path, status))
    upgrade = ["Upgrade: websocket", "Connection: Upgrade"]
    key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
    answer = ask("GET", STREAMS + "Chat", None, [*upgrade, key, "Sec-WebSocket-Version: 12"])
    equal((answer.status, answer.fields["sec-websocket-version"]), (426, "13"))
    for origin in "https://elsewhere.test", "null":
        answer = ask("GET", STREAMS + "Chat", None, [
            *upgrade, key, "Sec-WebSocket-Version: 13", "Cookie: a=b", f"Origin: {origin}"])
        equal((answer.status, json.loads(answer.data)["type"]),
              (403, "urn:dragoman:problem:origin-not-allowed"))
    answer = ask("GET", STREAMS + "Chat", None, [*upgrade, "Sec-WebSocket-Version: 13"])
    equal(answer.status, 400)


def raw_socket():
    client = Client().begin("GET", STREAMS + "Chat", [
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]).head()
    equal((client.status, client.fields["sec-websocket-accept"]), (101, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
    return client


@check
def web_violations():
    def frame(first, payload=b"", masked=True):
        mask = os.urandom(4)
        body = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        return bytes([first, len(payload) | 0x80]) + mask + body if masked else bytes(
            [first, len(payload)]) + payload

    for data, code in {
        frame(0x81, b"{}", masked=False): 1002, frame(0xC1, b"{}"): 1002, frame(0x83, b"{}"): 1002,
        frame(0x80, b"{}"): 1002, frame(0x09, b""): 1002, frame(0x81, b"\xff{}"): 1007,
        frame(0x01, b"{") + frame(0x01, b"}"): 1002, frame(0x88, b"\x03"): 1002,
        frame(0x88, struct.pack(">H", 1005)): 1002, frame(0x88, struct.pack(">H", 1000) + b"\xff"): 1007,
    }.items():
        client = raw_socket()
        for byte in data:
            client.socket.sendall(bytes([byte]))
        head = client.file.read(2)
        equal((data, head[0]), (data, 0x88))
        equal(struct.unpack(">H", client.file.read(head[1])[:2])[0], code)
        client.close()
    client = raw_socket()
    client.socket.sendall(frame(0x89, b"hi") + frame(0x88, struct.pack(">H", 1001)))
    equal(client.file.read(), b"\x8a\x02hi\x88\x02\x03\xe9")
    client.close()


failed = 0
for name in sys.argv[2:] or list(CHECKS):
    try:
        CHECKS[name]()
        print("ok", name, flush=True)
    except Exception as error:
        failed += 1
        where = traceback.extract_tb(error.__traceback__)[-1]
        lines_ = [str(frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
        print(f"FAILED {name} (line {', '.join(lines_)}): {type(error).__name__}: {error}"[:1000], flush=True)
sys.exit(1 if failed else 0)
