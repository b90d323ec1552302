#!/usr/bin/env python3
"""The Streams service of streams.proto on grpcio, without generated code.

usage: streams_server.py DESCRIPTOR_SET [PORT]
Prints the port that it listens on, then `cancelled METHOD` for each call that is cancelled, and
serves until its standard input ends or it is killed."""
import hashlib
import os
import sys
import time
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

pool = descriptor_pool.DescriptorPool()
with open(sys.argv[1], "rb") as file:
    for proto in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
        pool.Add(proto)
CODES = {code.value[0]: code for code in grpc.StatusCode}
KINDS = {"gzip": grpc.Compression.Gzip, "deflate": grpc.Compression.Deflate}


def message(name):
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


Item, Summary = message("dragoman.test.v1.Item"), message("dragoman.test.v1.Summary")
StoreRequest = message("dragoman.test.v1.StoreRequest")
HttpBody = message("google.api.HttpBody")
given = 0


def watch(context, name):
    def ended():
        if context.code() in (None, grpc.StatusCode.CANCELLED) and not getattr(context, "done", 0):
            print("cancelled", name, flush=True)
    context.add_callback(ended)


def count(request, context):
    global given
    given = 0
    watch(context, "Count")
    if request.compression:
        context.set_compression(KINDS[request.compression])
    if request.wait:
        time.sleep(request.wait / 1000)
    context.send_initial_metadata((("x-initial", "one"),))
    for number in range(request.count):
        if (request.fail or request.die) and number == request.after:
            break
        if request.pause:
            time.sleep(request.pause / 1000)
        given = number + 1
        yield Item(number=number, text="x" * request.size)
    context.done = True
    if request.die:
        time.sleep(0.2)
        os._exit(1)
    if request.fail:
        context.abort(CODES[request.fail], "as told")


def sum_up(items, context):
    watch(context, "Sum")
    reply = Summary()
    for item in items:
        reply.count += 1
        reply.total += item.number
        if len(reply.texts) < 100:
            reply.texts.append(item.text[:100])
    for key, value in context.invocation_metadata():
        reply.metadata[key] = value if isinstance(value, str) else value.hex()
    context.set_trailing_metadata((("x-trailer", "two"), ("x-raw-bin", b"\0\1\2")))
    context.done = True
    return reply


def chat(items, context):
    watch(context, "Chat")
    for item in items:
        if item.text == "fail":
            context.done = True
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "as told")
        if item.text == "bye":
            break
        yield item
    context.done = True


def greet(items, context):
    yield Item(text="hello")
    yield from chat(items, context)


def download(request, context):
    for number in range(request.count):
        yield HttpBody(
            content_type="text/csv" if number == 0 else "", data=b"%d;" % number + b"x" * request.size)
    if request.fail:
        context.abort(CODES[request.fail], "as told")


def upload(bodies, context):
    reply = Summary()
    for body in bodies:
        reply.count += 1
        reply.total += len(body.data)
        if body.content_type:
            reply.texts.append(body.content_type)
        if len(reply.data) < 1000:
            reply.data += body.data[:1000]
    return reply


def store(requests, context):
    """`texts`: the infos, as text; `count`: chunks; `total`: bytes; `data`: their SHA-256."""
    watch(context, "Store")
    reply, digest, largest = Summary(), hashlib.sha256(), 0
    for request in requests:
        if request.WhichOneof("part") == "info":
            info = request.info
            reply.texts.append(
                f"{info.name}|{info.media_type}|{info.pages}|{','.join(info.tags)}|{reply.count}")
            if info.name == "refused":
                context.done = True
                refuse(context, "info.name")
        else:
            reply.count += 1
            reply.total += len(request.chunk)
            largest = max(largest, len(request.chunk))
            digest.update(request.chunk)
    reply.data = digest.digest()
    reply.metadata["largest"] = str(largest)
    context.done = True
    return reply


def refuse(context, field):
    """google.rpc.Status with a BadRequest about one field."""
    def text(number, value):
        data = value if isinstance(value, bytes) else value.encode()
        return bytes([number << 3 | 2, len(data)]) + data
    bad = text(1, text(1, field) + text(2, "not that one"))
    any_of = text(1, "type.googleapis.com/google.rpc.BadRequest") + text(2, bad)
    context.set_trailing_metadata(
        (("grpc-status-details-bin", bytes([8, 3]) + text(2, "refused") + text(3, any_of)),))
    context.abort(grpc.StatusCode.INVALID_ARGUMENT, "refused")


def fetch(request, context):
    watch(context, "Fetch")
    yield StoreRequest(info={"name": request.name, "media_type": "text/csv"})
    left = request.size
    while left > 0:
        piece = min(left, request.piece or 65536)
        yield StoreRequest(chunk=b"x" * piece)
        left -= piece
    context.done = True
    if request.fail:
        context.abort(CODES[request.fail], "as told")


def one(request, context):
    if request.compression:
        context.set_compression(KINDS[request.compression])
    return Item(text="x" * request.size)


def progress(request, context):
    return Item(number=given)


METHODS = {
    "Count": count, "Sum": sum_up, "Chat": chat, "Greet": greet, "Download": download,
    "Upload": upload, "One": one, "Store": store,
    "Fetch": fetch, "Progress": progress}
service = pool.FindServiceByName("dragoman.test.v1.Streams")


def handler(method):
    sides = ("stream" if side else "unary"
             for side in (method.client_streaming, method.server_streaming))
    make = getattr(grpc, "_".join(sides) + "_rpc_method_handler")
    return make(
        METHODS[method.name],
        request_deserializer=message(method.input_type.full_name).FromString,
        response_serializer=lambda reply: reply.SerializeToString())


server = grpc.server(futures.ThreadPoolExecutor(32), options=[
    ("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1),
    ("grpc.so_reuseport", 0)])
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(
    "dragoman.test.v1.Streams", {method.name: handler(method) for method in service.methods}),))
port = server.add_insecure_port(f"127.0.0.1:{sys.argv[2] if len(sys.argv) > 2 else 0}")
server.start()
print(port, flush=True)
try:
    sys.stdin.read()
except KeyboardInterrupt:
    pass
os._exit(0)
