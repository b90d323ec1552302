#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times the rooms of Dragoman beside the Python packages of the same purpose, in one run.

Both do the same work on the same bytes; the two take turns, so that whatever else the machine does
meets both. Each figure is CPU time of the working thread, the median of the rounds. A ratio is
ours over theirs.

  parse      Document.append(source:) and readJSON, the arena used again;  orjson.loads(bytes)
  validate   (a valid document must cost no allocation)
             SchemaProgram.isValid on the Document;   jsonschema_rs is_valid on the loaded value
  print      JSONWriter.write into the buffer;        orjson.dumps(value)
  to-wire    readJSON and MessagePlan.write;   json_format.Parse and SerializeToString (upb)
  to-json    MessagePlan.read and JSONWriter;  FromString and json_format.MessageToJson (upb)
"""
import argparse
import gc
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import jsonschema_rs
import orjson
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.internal import api_implementation

import cases

TURN = 10_000_000  # nanoseconds that one turn should take


class Ours:
    """The bench program: one line in, one line out."""

    def __init__(self, binary):
        self.process = subprocess.Popen(
            [binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer or answer.startswith("error"):
            sys.exit(f"bench: {answer or 'ended'} ({' '.join(map(str, words))})")
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def timed(operation, argument, times):
    start = time.thread_time_ns()
    for _ in range(times):
        operation(argument)
    return time.thread_time_ns() - start


def times_for(measure):
    """How often an operation is to be done for one turn."""
    times = 1
    while True:
        taken = measure(times)
        if taken > TURN / 10:
            return max(1, int(times * TURN / taken))
        times *= 4


class Measurement:
    """One operation on one case: ours by name, theirs as a function of an argument."""

    def __init__(self, ours, case, operation, theirs, argument):
        self.name, self.operation = case, operation
        self.measures = (
            lambda times: int(ours.ask(operation, case, times)),
            lambda times: timed(theirs, argument, times),
        )

    def run(self, rounds):
        counts = [times_for(measure) for measure in self.measures]
        samples = ([], [])
        for _ in range(rounds):
            for side in (0, 1):
                samples[side].append(self.measures[side](counts[side]) / counts[side])
        mine, other = map(statistics.median, samples)
        spread = sorted(a / b for a, b in zip(*samples))
        return mine, other, mine / other, spread[0], spread[-1]


def measurements(ours, case, directory):
    """The measurements of one case; add to these for other operations."""
    document = directory / "document.json"
    schema = directory / "schema.json"
    document.write_text(case.text)
    schema.write_text(json.dumps(case.schema))
    size, verdict = ours.ask("load", case.name, document, schema).split()[1:]
    text = case.text.encode()
    value = orjson.loads(text)
    validator = jsonschema_rs.validator_for(case.schema, validate_formats=True)
    theirs = "valid" if validator.is_valid(value) else "invalid"
    if (verdict == "invalid") != case.name.endswith("invalid") or verdict != theirs:
        sys.exit(f"bench: {case.name} is {verdict}, and {theirs} to jsonschema-rs")
    found = [Measurement(ours, case.name, "validate", validator.is_valid, value)]
    if verdict == "valid":
        allocated = int(ours.ask("allocations", case.name, 100))
        if allocated > 0:
            sys.exit(f"bench: {allocated} objects allocated by 100 validations of {case.name}")
        found.insert(0, Measurement(ours, case.name, "parse", orjson.loads, text))
        found.append(Measurement(ours, case.name, "print", orjson.dumps, value))
    return int(size), found


def message_measurements(ours, case, directory):
    """JSON to protobuf and back, on the sample shop's own contract."""
    contract = cases.HERE.parent / "schemas" / "shop" / "orders.binpb"
    document = directory / "message.json"
    document.write_text(case.text)
    name = "message-" + case.name
    _, size, wire_size = ours.ask("message", name, contract, case.type, document).split()
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(contract.read_bytes()).file:
        pool.Add(file)
    kind = message_factory.GetMessageClass(pool.FindMessageTypeByName(case.type))
    wire = json_format.Parse(case.text, kind()).SerializeToString()
    if len(wire) != int(wire_size):
        sys.exit(f"bench: {name} has {wire_size} bytes, and {len(wire)} by {IMPLEMENTATION}")
    return int(size), [
        Measurement(ours, name, "to-wire",
                    lambda text: json_format.Parse(text, kind()).SerializeToString(), case.text),
        Measurement(ours, name, "to-json",
                    lambda data: json_format.MessageToJson(kind.FromString(data), indent=None),
                    wire),
    ]


IMPLEMENTATION = "protobuf's " + api_implementation.Type()
HOSTILE = ("names alike objects escapes unicode surrogates number exponent string multibyte "
           "space lines deep empty").split()


def hostile(ours, size):
    """Documents made to be slow, beside a friendly one of the same size."""
    friendly = int(ours.ask("hostile", "friendly", size))
    print(f"\n{size / 1e6:.0f} MB documents, ns for each byte; ratio to the friendly one")
    print(f"{'friendly':<24}{friendly / size:10.2f}")
    worst = 0.0
    for kind in HOSTILE:
        taken = int(ours.ask("hostile", kind, size))
        worst = max(worst, taken / friendly)
        print(f"{kind:<24}{taken / size:10.2f}{taken / friendly:8.2f}")
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--case", help="only cases whose name contains this")
    parser.add_argument("--operation", help="only this operation")
    parser.add_argument("--hostile", type=int, default=100_000_000, metavar="BYTES",
                        help="size of the hostile documents; 0 leaves them out")
    options = parser.parse_args()
    gc.disable()
    ours = Ours(options.binary)
    print(f"{'case':<24}{'operation':<10}{'bytes':>9}{'ours us':>11}{'theirs us':>11}"
          f"{'ratio':>8}{'lowest':>8}{'highest':>8}")
    worst = {}
    with tempfile.TemporaryDirectory() as directory:
        for case in cases.all_cases():
            if options.case and options.case not in case.name:
                continue
            size, found = measurements(ours, case, pathlib.Path(directory))
            for measurement in found:
                operation = measurement.operation
                if options.operation and options.operation != operation:
                    continue
                mine, other, ratio, low, high = measurement.run(options.rounds)
                worst[operation] = max(worst.get(operation, 0), ratio)
                print(f"{case.name:<24}{operation:<10}{size:>9}{mine / 1e3:>11.2f}"
                      f"{other / 1e3:>11.2f}{ratio:>8.3f}{low:>8.3f}{high:>8.3f}", flush=True)
        for case in cases.message_cases():
            if options.case and options.case not in "message-" + case.name:
                continue
            size, found = message_measurements(ours, case, pathlib.Path(directory))
            for measurement in found:
                if options.operation and options.operation != measurement.operation:
                    continue
                mine, other, ratio, low, high = measurement.run(options.rounds)
                worst[measurement.operation] = max(worst.get(measurement.operation, 0), ratio)
                print(f"{measurement.name:<24}{measurement.operation:<10}{size:>9}"
                      f"{mine / 1e3:>11.2f}{other / 1e3:>11.2f}{ratio:>8.3f}{low:>8.3f}"
                      f"{high:>8.3f}  {size / mine * 1e3:.0f} MB/s", flush=True)
    print("highest ratio: " + ", ".join(f"{name} {ratio:.3f}" for name, ratio in worst.items()))
    if options.hostile:
        print(f"highest ratio: {hostile(ours, options.hostile):.2f}")
    ours.close()


if __name__ == "__main__":
    main()
