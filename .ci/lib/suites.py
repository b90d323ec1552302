"""What import makes of the contracts of the suites, a gateway directory for each."""

import os
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SUITES = os.environ.get("DRAGOMAN_SUITES", os.path.join(ROOT, "..", "shared", "suites"))


def sources():
    """Every WSDL, and every .proto with a service, with what import needs to find its imports."""
    found = []
    for base, _, names in sorted(os.walk(os.path.join(SUITES, "wsdl"))):
        found += [(os.path.join(base, name), []) for name in sorted(names)
                  if name.endswith(".wsdl")]
    seen = set()
    for base, include in [("googleapis", "googleapis"),
                          ("transcoding/gapic-showcase/schema",
                           "transcoding/gapic-showcase/schema"), ("transcoding", "transcoding")]:
        for at, _, names in sorted(os.walk(os.path.join(SUITES, base))):
            for name in sorted(names):
                path = os.path.join(at, name)
                if not name.endswith(".proto") or path in seen:
                    continue
                with open(path, encoding="utf-8") as file:
                    if "\nservice " not in file.read():
                        continue
                seen.add(path)
                found.append((path, ["-I", os.path.join(SUITES, include),
                                     "-I", os.path.join(SUITES, "googleapis")]))
    return found


def imported(binary, folder, only="", shard="0/1"):
    """Yields (name, directory) of each contract that import takes; the directory is gone when the
    next is asked for. `shard`: I/N, every Nth from the Ith on."""
    first, step = (int(part) for part in shard.split("/"))
    for number, (source, include) in list(enumerate(sources()))[first::step]:
        name = os.path.relpath(source, SUITES)
        if only not in name:
            continue
        into = os.path.join(folder, "%03d" % number)
        made = subprocess.run(
            [binary, "import", source, "--into", into, *include], capture_output=True, text=True)
        if made.returncode == 0:
            yield name, into
        shutil.rmtree(into, ignore_errors=True)
