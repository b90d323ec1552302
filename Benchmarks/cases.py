# SPDX-License-Identifier: Apache-2.0
# The documents that are measured: real formats, large instances made with a fixed seed, each in a
# valid form and in one that breaks its schema near the end.
import copy
import json
import pathlib
import random

HERE = pathlib.Path(__file__).resolve().parent
ORDERS = HERE.parent.parent / "shared" / "bench" / "data"
SEED = 20261121

WORDS = (
    "order parcel invoice harbour river meadow copper silver window letter market garden bridge "
    "station engine paper colour winter summer morning evening north south ledger account"
).split()


class Case:
    """A document with a schema; `text` is what is parsed, `indent` how it is laid out."""

    def __init__(self, name, value, schema, indent=None, text=None):
        self.name = name
        self.schema = schema
        separators = (",", ":") if indent is None else None
        self.text = text or json.dumps(
            value, ensure_ascii=False, indent=indent, separators=separators)


def sentence(rng, words):
    return " ".join(rng.choice(WORDS) for _ in range(words))


def own_schema(name):
    return json.loads((HERE / "schemas" / name).read_text())


# --- the orders of shared/bench


def orders():
    if not ORDERS.is_dir():
        return
    schema = json.loads((ORDERS / "order.schema.json").read_text())
    for size in ("small", "large"):
        text = (ORDERS / f"order-{size}.json").read_text()
        yield Case(f"order-{size}", None, schema, text=text)
        broken = json.loads(text)
        broken["items"][-1]["quantity"] = "many"
        yield Case(f"order-{size} invalid", broken, schema)


# --- GeoJSON (RFC 7946)


def geometry(rng, kind):
    def place():
        return [round(rng.uniform(-180, 180), 6), round(rng.uniform(-90, 90), 6)]

    def ring():
        points = [place() for _ in range(rng.randrange(6, 24))]
        return points + [points[0]]

    coordinates = {
        "Point": place,
        "MultiPoint": lambda: [place() for _ in range(5)],
        "LineString": lambda: [place() for _ in range(20)],
        "Polygon": lambda: [ring()],
        "MultiPolygon": lambda: [[ring()], [ring(), ring()]],
    }[kind]()
    return {"type": kind, "coordinates": coordinates}


def geojson():
    rng = random.Random(SEED)
    kinds = ["Point", "MultiPoint", "LineString", "Polygon", "MultiPolygon"]
    features = [
        {
            "type": "Feature",
            "id": f"way/{rng.randrange(10**9)}",
            "geometry": geometry(rng, rng.choice(kinds)),
            "properties": {
                "name": sentence(rng, 3), "population": rng.randrange(10**7),
                "capital": rng.random() < 0.1, "area": round(rng.uniform(1, 9999), 2),
                "tags": {"highway": rng.choice(WORDS), "surface": rng.choice(WORDS)},
            },
        }
        for _ in range(400)
    ]
    valid = {"type": "FeatureCollection", "features": features}
    broken = copy.deepcopy(valid)
    broken["features"][-2]["geometry"]["coordinates"] = ["east", "north"]
    schema = own_schema("geojson.schema.json")
    yield Case("geojson", valid, schema)
    yield Case("geojson invalid", broken, schema)


# --- OpenAPI, judged by the schemas of the openapi-spec-validator package


def openapi(version):
    import openapi_spec_validator

    resources = pathlib.Path(openapi_spec_validator.__file__).parent / "resources" / "schemas"
    schema = json.loads((resources / f"v{version}" / "schema.json").read_text())
    rng = random.Random(SEED)
    paths = {}
    schemas = {}
    for number in range(120):
        resource = f"{rng.choice(WORDS)}{number}"
        schemas[resource] = openapi_schema(rng, resource)
        paths[f"/v1/{resource}"] = {
            "get": openapi_operation(rng, "list", resource, False),
            "post": openapi_operation(rng, "create", resource, True),
        }
        paths[f"/v1/{resource}/{{id}}"] = {
            "parameters": [openapi_parameter(rng, "id", "path")],
            "get": openapi_operation(rng, "get", resource, False),
            "delete": openapi_operation(rng, "delete", resource, False),
        }
    valid = {
        "openapi": "3.1.0" if version == "3.1" else "3.0.3",
        "info": {
            "title": "Shop", "version": "1.4.0", "description": sentence(rng, 60),
            "contact": {"name": "Ada", "email": "ada@example.org"},
        },
        "servers": [{"url": "https://api.example.org/v1"}],
        "tags": [{"name": word} for word in WORDS],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {"type": "apiKey", "name": "X-Key", "in": "header"},
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
        },
    }
    broken = copy.deepcopy(valid)
    last = list(broken["paths"])[-1]
    broken["paths"][last]["delete"]["responses"]["default"] = {"content": {}}
    yield Case(f"openapi-{version}", valid, schema, indent=2)
    yield Case(f"openapi-{version} invalid", broken, schema, indent=2)


def openapi_parameter(rng, name, place):
    return {
        "name": name, "in": place, "required": place == "path",
        "description": sentence(rng, 8),
        "schema": {"type": "string", "maxLength": rng.randrange(10, 90)},
    }


def openapi_operation(rng, verb, resource, has_body):
    reference = {"$ref": f"#/components/schemas/{resource}"}
    content = {"application/json": {"schema": reference}}
    operation = {
        "operationId": f"{verb}_{resource}", "summary": sentence(rng, 5),
        "description": sentence(rng, 30), "tags": [rng.choice(WORDS)],
        "parameters": [
            openapi_parameter(rng, name, "query") for name in rng.sample(WORDS, 3)
        ],
        "responses": {
            "200": {"description": "It is here.", "content": content},
            "404": {"description": sentence(rng, 4)},
            "default": {"description": "Something else.", "content": content},
        },
        "security": [{"key": []}, {"token": []}],
    }
    if has_body:
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def openapi_schema(rng, resource):
    properties = {}
    for word in rng.sample(WORDS, 8):
        properties[word] = rng.choice([
            {"type": "string", "description": sentence(rng, 10), "minLength": 1},
            {"type": "integer", "format": "int64", "minimum": 0},
            {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
            {"type": "string", "enum": rng.sample(WORDS, 5)},
            {"type": "object", "additionalProperties": {"type": "number"}},
        ])
    return {
        "type": "object", "title": resource, "properties": properties,
        "required": list(properties)[:3],
    }


# --- a package manifest


def manifest():
    rng = random.Random(SEED)

    def version():
        numbers = ".".join(str(rng.randrange(30)) for _ in range(3))
        return rng.choice(["^", "~", "", ">="]) + numbers

    def packages(count):
        names = (f"@{rng.choice(WORDS)}/{rng.choice(WORDS)}-{n}" for n in range(count))
        return {name if rng.random() < 0.5 else name[1:].replace("/", "-"): version()
                for name in names}

    valid = {
        "name": "@example/shop", "version": "3.14.0", "description": sentence(rng, 20),
        "keywords": rng.sample(WORDS, 12), "license": "Apache-2.0", "private": False,
        "homepage": "https://example.org/shop", "type": "module", "main": "./dist/index.js",
        "author": {"name": "Ada", "email": "ada@example.org", "url": "https://example.org/ada"},
        "contributors": [
            {"name": sentence(rng, 2), "email": f"{rng.choice(WORDS)}{n}@example.org"}
            for n in range(40)
        ],
        "repository": {"type": "git", "url": "https://example.org/shop.git"},
        "files": [f"dist/{word}.js" for word in WORDS],
        "engines": {"node": ">=20.0.0", "npm": ">=10"},
        "scripts": {f"{word}:{n}": f"run {sentence(rng, 4)}"
                    for n, word in enumerate(WORDS)},
        "exports": {f"./{word}": {"import": f"./dist/{word}.js", "types": f"./dist/{word}.d.ts"}
                    for word in WORDS},
        "dependencies": packages(220), "devDependencies": packages(300),
        "peerDependencies": packages(12), "workspaces": [f"packages/{word}" for word in WORDS],
    }
    broken = copy.deepcopy(valid)
    broken["workspaces"][-1] = broken["workspaces"][0]
    schema = own_schema("manifest.schema.json")
    yield Case("manifest", valid, schema, indent=2)
    yield Case("manifest invalid", broken, schema, indent=2)


# --- health records in the manner of FHIR


def fhir():
    rng = random.Random(SEED)

    def coding(code):
        return {"coding": [{"system": "http://loinc.org", "code": code, "display":
                            sentence(rng, 3)}], "text": sentence(rng, 2)}

    def patient(number):
        return {
            "resourceType": "Patient", "id": f"pat-{number}", "active": True,
            "meta": {"versionId": "1", "lastUpdated": "2026-03-04T05:06:07.123Z"},
            "identifier": [{"use": "official", "system": "urn:oid:1.2.36.146",
                            "value": str(rng.randrange(10**9))}],
            "name": [{"use": "official", "family": rng.choice(WORDS).title(),
                      "given": [rng.choice(WORDS).title(), "J."]}],
            "telecom": [{"system": "phone", "value": "+49 30 1234567", "use": "home"}],
            "gender": rng.choice(["male", "female", "other", "unknown"]),
            "birthDate": f"19{rng.randrange(10, 99)}-0{rng.randrange(1, 10)}-1{rng.randrange(10)}",
            "address": [{"line": [sentence(rng, 3)], "city": "Zürich", "postalCode": "8001",
                         "country": "CH"}],
        }

    def observation(number):
        return {
            "resourceType": "Observation", "id": f"obs-{number}", "status": "final",
            "category": [coding("vital-signs")], "code": coding("8867-4"),
            "subject": {"reference": f"Patient/pat-{rng.randrange(50)}"},
            "effectiveDateTime": "2026-03-04T05:06:07+01:00",
            "valueQuantity": {"value": round(rng.uniform(40, 180), 1), "unit": "/min",
                              "system": "http://unitsofmeasure.org", "code": "/min"},
            "referenceRange": [{"low": {"value": 60}, "high": {"value": 100}}],
        }

    def condition(number):
        return {
            "resourceType": "Condition", "id": f"con-{number}", "code": coding("386661006"),
            "subject": {"reference": f"Patient/pat-{rng.randrange(50)}"},
            "onsetDateTime": "2026-01", "note": [{"text": sentence(rng, 25)}],
        }

    kinds = [patient, observation, observation, condition]
    entries = []
    for number in range(250):
        resource = rng.choice(kinds)(number)
        entries.append({
            "fullUrl": f"https://example.org/fhir/{resource['resourceType']}/{resource['id']}",
            "resource": resource, "search": {"mode": "match"},
        })
    valid = {"resourceType": "Bundle", "id": "all", "type": "searchset", "total": len(entries),
             "entry": entries}
    broken = copy.deepcopy(valid)
    broken["entry"][-1]["resource"]["id"] = "not an id"
    schema = own_schema("fhir.schema.json")
    yield Case("fhir", valid, schema)
    yield Case("fhir invalid", broken, schema)


# --- a continuous-integration workflow, judged by the schema of the check-jsonschema package


def workflow():
    import check_jsonschema

    vendored = pathlib.Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
    schema = json.loads((vendored / "github-workflows.json").read_text())
    rng = random.Random(SEED)

    def steps():
        return [{"uses": "actions/checkout@v4", "with": {"fetch-depth": 0}}] + [
            {"name": sentence(rng, 3), "run": f"make {rng.choice(WORDS)}\n",
             "env": {"MODE": rng.choice(WORDS), "LEVEL": str(rng.randrange(9))}}
            for _ in range(8)
        ]

    jobs = {
        f"{word}-{number}": {
            "runs-on": "ubuntu-latest", "timeout-minutes": rng.randrange(5, 90), "steps": steps(),
            "strategy": {"matrix": {"version": ["5.9", "6.0", "6.1"], "os": ["a", "b"]}},
        }
        for number in range(4) for word in WORDS
    }
    valid = {"name": "build", "on": {"push": {"branches": ["main"]}, "pull_request": {}},
             "permissions": {"contents": "read"}, "jobs": jobs}
    broken = copy.deepcopy(valid)
    list(broken["jobs"].values())[-1]["steps"][-1]["runs"] = "make"
    yield Case("workflow", valid, schema, indent=4)
    yield Case("workflow invalid", broken, schema, indent=4)


def all_cases():
    yield from orders()
    yield from geojson()
    yield from openapi("3.0")
    yield from openapi("3.1")
    yield from manifest()
    yield from fhir()
    yield from workflow()


# --- messages of the sample shop's gRPC contract


class MessageCase:
    def __init__(self, name, type, value):
        self.name = name
        self.type = type
        self.text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def shop_order(rng, lines):
    return {
        "id": str(rng.randrange(10 ** 6)), "customer": sentence(rng, 2),
        "lines": [{"sku": f"SKU-{i:05}", "quantity": rng.randrange(1, 99),
                   "unitPrice": str(rng.randrange(10 ** 6))} for i in range(lines)],
        "status": "STATUS_SHIPPED", "placed": "2026-11-21T09:00:00.123Z",
        "total": str(rng.randrange(10 ** 12)), "labels": {"channel": "web", "note": sentence(rng, 6)},
    }


def message_cases():
    rng = random.Random(SEED)
    yield MessageCase("order", "shop.orders.v1.Order", shop_order(rng, 4))
    yield MessageCase("orders", "shop.orders.v1.ListOrdersResponse",
                      {"orders": [shop_order(rng, 8) for _ in range(200)]})
