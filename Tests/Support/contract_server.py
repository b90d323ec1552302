#!/usr/bin/env python3
"""Any contract's unary methods on grpcio, with server reflection, without generated code.

usage: contract_server.py DESCRIPTOR_SET [--v1] SERVICE...
A reply is the request's fields of the same names. A request whose field `violations` names fields
is refused for them. With --v1 reflection is grpc.reflection.v1, else v1alpha. Prints the port."""
import sys
import threading
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

pool = descriptor_pool.DescriptorPool()
with open(sys.argv[1], "rb") as file:
    for proto in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
        pool.Add(proto)


def varint(value):
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varint(value >> 7)


def text(number, value):
    value = value.encode() if isinstance(value, str) else value
    return bytes([number << 3 | 2]) + varint(len(value)) + value


def detail(name, value):
    return text(3, text(1, "type.googleapis.com/google.rpc." + name) + text(2, value))


def refuse(request, context):
    """google.rpc.Status with a BadRequest, a RetryInfo of 1.5 s, a DebugInfo."""
    fields = b"".join(text(1, text(1, f) + text(2, "no good")) for f in request.violations)
    status = (
        bytes([8, 3]) + text(2, "refused") + detail("BadRequest", fields)
        + detail("RetryInfo", text(1, bytes([8, 1, 16]) + varint(500_000_000)))
        + detail("DebugInfo", text(2, "secret place")))
    context.set_trailing_metadata((("grpc-status-details-bin", status),))
    context.abort(grpc.StatusCode.INVALID_ARGUMENT, "refused")


def function(method):
    reply = message_factory.GetMessageClass(method.output_type)

    def answer(request, context):
        if getattr(request, "violations", None):
            refuse(request, context)
        return reply.FromString(request.SerializeToString())
    return grpc.unary_unary_rpc_method_handler(
        answer, request_deserializer=message_factory.GetMessageClass(
            method.input_type).FromString,
        response_serializer=lambda message: message.SerializeToString())


server = grpc.server(futures.ThreadPoolExecutor(8), options=[("grpc.so_reuseport", 0)])
names = [name for name in sys.argv[2:] if not name.startswith("--")]
for name in names:
    methods = {m.name: function(m) for m in pool.FindServiceByName(name).methods}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, methods),))
try:
    from grpc_reflection.v1alpha import reflection, reflection_pb2
    if "--v1" in sys.argv:
        servicer = reflection.ReflectionServicer(names, pool=pool)
        handler = grpc.stream_stream_rpc_method_handler(
            servicer.ServerReflectionInfo,
            request_deserializer=reflection_pb2.ServerReflectionRequest.FromString,
            response_serializer=lambda message: message.SerializeToString())
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(
            "grpc.reflection.v1.ServerReflection", {"ServerReflectionInfo": handler}),))
    else:
        reflection.enable_server_reflection(
            [*names, reflection.SERVICE_NAME], server, pool=pool)
except ImportError:
    print("no grpcio-reflection", file=sys.stderr)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), server.stop(0)), daemon=True).start()
server.wait_for_termination()
