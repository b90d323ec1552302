#!/usr/bin/env python3
"""The Echo service of echo.proto on grpcio, without generated code.

usage: grpc_server.py DESCRIPTOR_SET [PORT] [CERTIFICATE KEY] [--uncompressed] [--count]
`--uncompressed` takes no compressed messages; `--count` has Metadata answer how many bytes the client
has sent, as `bytes-received`. Prints the port that it listens on, and serves until its standard input ends or it is killed."""
import socket
import sys
import threading
import time
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

FLAGS = {item for item in sys.argv if item.startswith("--")}
sys.argv = [item for item in sys.argv if item not in FLAGS]
received = 0
pool = descriptor_pool.DescriptorPool()
with open(sys.argv[1], "rb") as file:
    for proto in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
        pool.Add(proto)
CODES = {code.value[0]: code for code in grpc.StatusCode}


def message(name):
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("dragoman.test.v1." + name))


Everything, MetadataReply = message("Everything"), message("MetadataReply")


def say(request, context):
    return request


def fail(request, context):
    context.set_trailing_metadata((("x-trailer", "seen"),))
    context.abort(CODES[request.code], request.message)


def wait(request, context):
    print("waiting", flush=True)
    ended = threading.Event()
    context.add_callback(ended.set)
    if ended.wait(request.milliseconds / 1000):
        print("cancelled", flush=True)
    return Everything(text="late")


def big(request, context):
    return Everything(text="x" * request.bytes)


def metadata(request, context):
    reply = MetadataReply(remaining=int((context.time_remaining() or 0) * 1000))
    for key, value in context.invocation_metadata():
        reply.entries[key] = value if isinstance(value, str) else value.hex()
    if "--count" in FLAGS:
        reply.entries["bytes-received"] = str(received)
    context.send_initial_metadata((("x-initial", "one"),))
    context.set_trailing_metadata((("x-trailer", "two"),))
    return reply


def method(function, request):
    return grpc.unary_unary_rpc_method_handler(
        function, request_deserializer=message(request).FromString,
        response_serializer=lambda reply: reply.SerializeToString())


service = pool.FindServiceByName("dragoman.test.v1.Echo")
functions = {"Say": say, "Fail": fail, "Wait": wait, "Big": big, "Metadata": metadata}
handlers = {m.name: method(functions[m.name], m.input_type.name) for m in service.methods}
server = grpc.server(futures.ThreadPoolExecutor(16), options=[
    ("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1),
    ("grpc.so_reuseport", 0)] + (
        [("grpc.compression_enabled_algorithms_bitset", 1)] if "--uncompressed" in FLAGS else []))
server.add_generic_rpc_handlers(
    (grpc.method_handlers_generic_handler("dragoman.test.v1.Echo", handlers),))
address = f"127.0.0.1:{sys.argv[2] if len(sys.argv) > 2 else 0}"
if len(sys.argv) > 4:
    with open(sys.argv[3], "rb") as chain, open(sys.argv[4], "rb") as key:
        credentials = grpc.ssl_server_credentials([(key.read(), chain.read())])
    port = server.add_secure_port(address, credentials)
else:
    port = server.add_insecure_port(address)
server.start()


def pump(source, target, counts):
    global received
    while data := source.recv(65536):
        if counts:
            received += len(data)
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)


def forward(listener, target):
    """Counts what goes to `target`."""
    while True:
        client, _ = listener.accept()
        backend = socket.create_connection(("127.0.0.1", target))
        threading.Thread(target=pump, args=(client, backend, True), daemon=True).start()
        threading.Thread(target=pump, args=(backend, client, False), daemon=True).start()


if "--count" in FLAGS:
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=forward, args=(listener, port), daemon=True).start()
    port = listener.getsockname()[1]
print(port, flush=True)
try:
    sys.stdin.read()
except KeyboardInterrupt:
    pass
server.stop(0)
time.sleep(0.05)
