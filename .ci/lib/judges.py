"""Backends that keep what they are sent, and what other implementations say of it: libxml2 of SOAP
bodies against the contract's own schemas, Google's protobuf of gRPC messages."""

import concurrent.futures
import glob
import http.server
import json
import os
import re
import subprocess
import tempfile
import threading

import grpc
import yaml
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, unknown_fields
from lxml import etree

from contracts import Schemas, body_documents, wrapper

FAULT = (b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>'
         b"<faultcode>e:Server</faultcode><faultstring>kept</faultstring></e:Fault></e:Body>"
         b"</e:Envelope>")


class Keeper(http.server.BaseHTTPRequestHandler):
    """Answers every request with a fault, and keeps the last one."""

    protocol_version = "HTTP/1.1"
    wbufsize = 65536

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.kept = (self.headers.get("content-type", ""), body)
        self.send_response(500)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(FAULT)))
        self.end_headers()
        self.wfile.write(FAULT)
        self.wfile.flush()

    do_GET = do_POST

    def log_message(self, *_):
        pass


class Contract:
    """The schemas of one WSDL, compiled by libxml2."""

    def __init__(self, harness, path, folder):
        process = subprocess.run(
            [harness, "round-trip", path], stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=300)
        self.schema = None
        self.why = None
        if not process.stdout:
            self.why = "the harness says nothing"
            return
        listing = json.loads(process.stdout.splitlines()[0])
        schemas = Schemas(listing["files"], listing["references"], folder)
        self.names = set(schemas.globals)
        wrappers, clashes = [], set()
        for message in listing["messages"]:
            name = (message["namespace"], message["local"])
            if message["encoded"]:
                clashes.add(name)
            elif message["style"] == "rpc" and name not in self.names:
                made = wrapper(message)
                if made is None:
                    clashes.add(name)
                else:
                    self.names.add(name)
                    wrappers.append(made)
            elif message["style"] == "rpc":
                clashes.add(name)
        self.names -= clashes
        schemas.write(wrappers)
        try:
            self.schema = etree.XMLSchema(etree.parse(os.path.join(folder, "driver.xsd")))
        except etree.LxmlError as error:
            self.why = "libxml2 rejects the schemas: %s" % str(error)[:200]

    def judge(self, text):
        """What is wrong with a Body's child; None where nothing is, False where it can not be
        judged."""
        try:
            root = etree.fromstring(text.encode("utf-8"))
        except etree.XMLSyntaxError:
            # Attributes of SOAP's encoding, whose prefix the Envelope declares.
            return False
        name = etree.QName(root)
        if self.schema is None or (name.namespace or "", name.localname) not in self.names:
            return False
        if self.schema.validate(root):
            return None
        error = self.schema.error_log[0].message
        # libxml2 reads URIs more strictly than XSD 1.0 does (part 2, 3.2.17).
        if re.search(r"'(xs:anyURI|\{[^}]*\}swaRef)'", error):
            return None
        return error


class Judges:
    """Stands in for all backends of a gateway directory."""

    def __init__(self, harness, directory):
        self.directory = directory
        self.judged = 0
        self.notes = []
        self.folder = tempfile.TemporaryDirectory()
        self.contracts = []
        self.http = self.grpc = None
        self.kept = None
        self.arguments = []
        protocols = {}
        for path in glob.glob(os.path.join(directory, "mappings", "**", "*.yaml"), recursive=True):
            with open(path, encoding="utf-8") as file:
                mapping = yaml.safe_load(file)
            backend = mapping.get("backend", {})
            kind = next((k for k in ("soap", "grpc") if k in backend), None)
            upstream = backend.get("upstream", mapping.get("service"))
            if kind is None or not isinstance(backend[kind].get("contract"), str):
                continue
            protocols[upstream] = kind
            contract = os.path.join(directory, "schemas", backend[kind]["contract"])
            if kind == "grpc":
                self.add_descriptors(contract)
            elif contract not in [known for known, _ in self.contracts]:
                place = os.path.join(self.folder.name, str(len(self.contracts)))
                os.mkdir(place)
                made = Contract(harness, contract, place)
                self.contracts.append((contract, made))
                if made.why:
                    self.notes.append(made.why)
        for upstream, kind in protocols.items():
            port = self.grpc_port() if kind == "grpc" else self.http_port()
            self.arguments += ["--upstream", "%s=http://127.0.0.1:%d" % (upstream, port)]

    def http_port(self):
        if self.http is None:
            self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Keeper)
            self.http.daemon_threads = True
            self.http.kept = None
            threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return self.http.server_address[1]

    def add_descriptors(self, path):
        if self.grpc is None:
            self.pool = descriptor_pool.DescriptorPool()
            self.inputs = {}
        files = descriptor_pb2.FileDescriptorSet()
        with open(path, "rb") as file:
            files.ParseFromString(file.read())
        for file in files.file:
            try:
                self.pool.FindFileByName(file.name)
                continue
            except KeyError:
                self.pool.Add(file)
            for service in file.service:
                for method in service.method:
                    name = "/%s%s/%s" % (
                        file.package + "." if file.package else "", service.name, method.name)
                    self.inputs[name] = method.input_type.lstrip(".")

    def grpc_port(self):
        if self.grpc is not None:
            return self.port
        keeper = self

        class Handler(grpc.GenericRpcHandler):
            def service(self, call):
                def keep(messages, context):
                    for message in messages:
                        keeper.kept = (call.method, message)
                    context.abort(grpc.StatusCode.UNIMPLEMENTED, "kept")

                return grpc.stream_stream_rpc_method_handler(keep)

        self.grpc = grpc.server(
            concurrent.futures.ThreadPoolExecutor(2), handlers=(Handler(),),
            options=[("grpc.so_reuseport", 0)])
        self.port = self.grpc.add_insecure_port("127.0.0.1:0")
        self.grpc.start()
        return self.port

    def forget(self):
        self.kept = None
        if self.http is not None:
            self.http.kept = None

    def say(self):
        """What is wrong with the message that came last; None where nothing is or none came."""
        if self.kept is not None:
            return self.judge_message(*self.kept)
        if self.http is not None and self.http.kept is not None:
            return self.judge_envelope(*self.http.kept)
        return None

    def judge_envelope(self, kind, body):
        if kind.startswith("multipart/"):
            return None
        try:
            documents = body_documents(body.decode("utf-8"))
        except Exception as error:
            return "no XML: %s" % error
        for text in documents:
            verdicts = [contract.judge(text) for _, contract in self.contracts]
            if any(verdict is None for verdict in verdicts):
                self.judged += 1
                continue
            wrong = [verdict for verdict in verdicts if verdict]
            if wrong:
                self.judged += 1
                return "libxml2: %s in %s" % (wrong[0][:300], text[:700])
        return None

    def judge_message(self, method, body):
        name = self.inputs.get(method)
        if name is None:
            return "there is no method %s" % method
        kind = message_factory.GetMessageClass(self.pool.FindMessageTypeByName(name))
        try:
            message = kind.FromString(body)
        except Exception as error:
            return "protobuf can not read the %s: %s" % (name, error)
        self.judged += 1
        if not message.IsInitialized():
            return "the %s lacks %s" % (name, ", ".join(message.FindInitializationErrors()))
        if len(unknown_fields.UnknownFieldSet(message)):
            return "the %s has fields that it does not know" % name
        return None

    def close(self):
        if self.http is not None:
            self.http.shutdown()
            self.http.server_close()
        if self.grpc is not None:
            self.grpc.stop(None)
        self.folder.cleanup()
