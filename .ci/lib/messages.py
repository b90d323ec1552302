"""Messages made from JSON Schemas (2020-12, the keywords that contracts' schemas use), and whether
two are the same but for what defaults fill in."""

import random
import re
import warnings
import urllib.parse
from decimal import Decimal

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import sre_constants as op
    import sre_parse

TEXTS = ["text", "a & b", "<b>not markup</b>", "it's \"quoted\"", "Grüße, 世界", "x", "]]>", "0042",
         "emoji \U0001F600", "true", "-12"]
MARKUP = ['<x xmlns="urn:other">text</x>', "<x>text</x>", '<o:y xmlns:o="urn:other" a="1"><o:z/></o:y>']


class Dead(Exception):
    """Nothing can be made here."""


class Flat:
    """What several schemas ask of one value together."""

    def __init__(self):
        self.types = None
        self.values = None
        self.properties = {}
        self.forbidden = set()
        self.required = []
        self.closed = False
        self.items = []
        self.prefix = None
        self.patterns = []
        self.additional = None
        self.conditions = []
        self.bounds = {}
        self.negations = []
        self.contained = []
        self.names = None
        self.markup = False

    def limit(self, key, value, pick):
        self.bounds[key] = value if key not in self.bounds else pick(self.bounds[key], value)


class Generator:
    def __init__(self, schema, seed):
        self.root = schema
        self.seed = seed
        self.defaults = {}
        self.note_defaults(schema)

    def note_defaults(self, schema):
        if isinstance(schema, dict):
            for name, value in schema.get("properties", {}).items():
                for inner in self.alternatives(value, 0):
                    for key in ("default", "const"):
                        if key in inner:
                            self.defaults.setdefault(name, []).append(inner[key])
            for value in schema.values():
                self.note_defaults(value)
        elif isinstance(schema, list):
            for value in schema:
                self.note_defaults(value)

    def alternatives(self, schema, depth):
        if not isinstance(schema, dict) or depth > 4:
            return
        yield schema
        for key in ("anyOf", "allOf", "oneOf"):
            for inner in schema.get(key, []):
                yield from self.alternatives(inner, depth + 1)
        if "items" in schema:
            yield from self.alternatives(schema["items"], depth + 1)

    def make(self, attempt):
        """The first attempt makes much of everything, later ones less."""
        self.random = random.Random("%s/%d" % (self.seed, attempt))
        self.attempt = attempt
        self.budget = 4000
        for depth in (7, 9, 12, 16, 24):
            for _ in range(6):
                try:
                    self.depth_max = depth
                    return self.value(self.root, 0, "")
                except Dead:
                    continue
        raise RecursionError

    # Flattening

    def resolve(self, reference):
        node = self.root
        for part in reference.lstrip("#/").split("/"):
            if part:
                part = urllib.parse.unquote(part)
                node = node[part.replace("~1", "/").replace("~0", "~")]
        return node

    def flatten(self, schema, flat, depth):
        if schema is True:
            return
        if schema is False:
            raise Dead
        self.budget -= 1
        if self.budget < 0:
            raise Dead
        if "$ref" in schema:
            self.flatten(self.resolve(schema["$ref"]), flat, depth)
        if schema.get("contentMediaType") == "application/xml":
            flat.markup = True
        if "type" in schema:
            types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            flat.types = types if flat.types is None else intersect(flat.types, types)
        for key in ("enum", "const"):
            if key in schema:
                values = schema["enum"] if key == "enum" else [schema["const"]]
                flat.values = values if flat.values is None else [
                    value for value in flat.values if value in values]
        for name, value in schema.get("properties", {}).items():
            if value is False:
                flat.forbidden.add(name)
            else:
                flat.properties.setdefault(name, []).append(value)
        for name in schema.get("required", []):
            if name not in flat.required:
                flat.required.append(name)
        if "additionalProperties" in schema:
            if schema["additionalProperties"] is False:
                flat.closed = True
            elif schema["additionalProperties"] is not True:
                flat.additional = schema["additionalProperties"]
        if "prefixItems" in schema or "items" in schema and "type" not in schema:
            flat.prefix = (schema.get("prefixItems", []), schema.get("items", True))
        elif "items" in schema:
            flat.items.append(schema["items"])
        if "pattern" in schema:
            flat.patterns.append(schema["pattern"])
        if "propertyNames" in schema:
            flat.names = schema["propertyNames"]
        for key in ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"):
            if key in schema:
                flat.limit(key, schema[key], max)
        for key in ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties",
                    "multipleOf"):
            if key in schema:
                flat.limit(key, schema[key], min)
        for inner in schema.get("allOf", []):
            self.flatten(inner, flat, depth)
        for key in ("anyOf", "oneOf"):
            if key in schema:
                chosen = self.branch(schema[key], depth)
                self.flatten(chosen, flat, depth)
                if key == "oneOf":
                    self.forbid_others(schema[key], chosen, flat)
        if "if" in schema:
            flat.conditions.append(schema)
        if "not" in schema:
            flat.negations.append(schema["not"])
        if "contains" in schema:
            flat.contained.append(schema["contains"])

    def forbid_others(self, branches, chosen, flat):
        """Of members of which at most one may be set, as `not` says it, one is."""
        for branch in branches:
            if branch is not chosen and isinstance(branch, dict) and set(branch) == {"not"}:
                flat.forbidden.update(branch["not"].get("properties", {}))

    def branch(self, branches, depth):
        choices = [b for b in branches if b is not False]
        if depth > 3 and {"type": "null"} in choices:
            return {"type": "null"}
        if depth > 4:
            # What refers to nothing ends sooner.
            choices = [b for b in choices if b is True or "$ref" not in b] or choices
        return self.random.choice(choices)

    # Values

    def value(self, schema, depth, name):
        if depth > self.depth_max:
            raise Dead
        flat = Flat()
        self.flatten(schema, flat, depth)
        if flat.values is not None:
            if not flat.values:
                raise Dead
            usable = [value for value in flat.values
                      if flat.types is None or self.has_type(value, flat.types)]
            return self.random.choice(usable or flat.values)
        kinds = flat.types or (
            ["object"] if flat.properties or flat.required or flat.conditions
            else ["array"] if flat.items else ["string"])
        if not kinds:
            raise Dead
        kind = self.random.choice(kinds)
        if kind == "null":
            return None
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind in ("integer", "number"):
            return self.number(flat, kind)
        if kind == "string":
            return self.text(flat, name)
        if kind == "array":
            return self.array(flat, depth, name)
        return self.object(flat, depth)

    def has_type(self, value, types):
        kind = ("null" if value is None else "boolean" if isinstance(value, bool)
                else "string" if isinstance(value, str) else "array" if isinstance(value, list)
                else "object" if isinstance(value, dict) else "number")
        return kind in types or (kind == "number" and "integer" in types)

    def number(self, flat, kind):
        low = flat.bounds.get("minimum")
        high = flat.bounds.get("maximum")
        if "exclusiveMinimum" in flat.bounds:
            low = Decimal(str(flat.bounds["exclusiveMinimum"])) + Decimal(
                1 if kind == "integer" else "0.01")
        if "exclusiveMaximum" in flat.bounds:
            high = Decimal(str(flat.bounds["exclusiveMaximum"])) - Decimal(
                1 if kind == "integer" else "0.01")
        low = None if low is None else Decimal(str(low))
        high = None if high is None else Decimal(str(high))
        if low is None:
            low = Decimal(-1000) if high is None else min(high - 1000, Decimal(-1))
            if flat.bounds.get("minimum") is None and high is not None:
                low = high - 1000
        if high is None:
            high = low + 2000
        if self.random.random() < 0.15:
            return self.tidy(self.random.choice([low, high]), kind)
        if kind == "integer":
            first, last = int(low.to_integral_value("ROUND_CEILING")), int(
                high.to_integral_value("ROUND_FLOOR"))
            if first > last:
                raise Dead
            if self.random.random() < 0.7:
                first, last = max(first, -9), min(last, 99) if last >= max(first, -9) else last
                if first > last:
                    first, last = last, first
            return self.random.randint(first, last)
        step = Decimal(str(flat.bounds.get("multipleOf", "0.25")))
        span = min(int((high - low) / step), 10 ** 6)
        base = (low / step).to_integral_value("ROUND_CEILING") * step
        value = base + step * self.random.randint(0, max(span - 1, 0))
        return self.tidy(value, kind)

    def tidy(self, value, kind):
        if value == value.to_integral_value():
            return int(value)
        return value

    def text(self, flat, name):
        least = flat.bounds.get("minLength", 0)
        most = flat.bounds.get("maxLength", 10 ** 6)
        if flat.patterns:
            best = None
            for _ in range(60):
                pattern = flat.patterns[0] if self.attempt % 2 == 0 else self.random.choice(
                    flat.patterns)
                text = self.match(pattern, least, most)
                if least <= len(text) <= most:
                    best = text
                    if all(fits(p, text) for p in flat.patterns):
                        return text
            if best is not None:
                return best
            raise Dead
        if flat.markup and name == "schema":
            return '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>'
        if flat.markup or name in ("@any", "@xml"):
            return MARKUP[self.attempt % len(MARKUP)]
        for _ in range(20):
            text = self.random.choice(TEXTS)
            if least <= len(text) <= most:
                return text
        text = ("lorem ipsum" * (least // 11 + 1))[:max(least, min(most, 3))].strip()
        return text + "x" * (least - len(text))

    def match(self, pattern, least, most):
        tree = parsed(pattern)
        out = []
        self.emit(tree, out, self.random.choice([0, 1, 3, least, min(least + 2, most), 10]))
        return "".join(out)

    def emit(self, tree, out, more):
        for code, argument in tree:
            if code is op.LITERAL:
                out.append(chr(argument))
            elif code is op.NOT_LITERAL:
                out.append("z" if argument != ord("z") else "y")
            elif code is op.ANY:
                out.append(self.random.choice("abc xyz019"))
            elif code is op.IN:
                out.append(self.one_of(argument))
            elif code in (op.MAX_REPEAT, op.MIN_REPEAT):
                least, most, inner = argument
                count = self.random.randint(int(least), int(min(most, max(least, more))))
                for _ in range(min(count, 400)):
                    self.emit(inner, out, 2)
            elif code is op.SUBPATTERN:
                self.emit(argument[3], out, more)
            elif code is op.BRANCH:
                self.emit(self.random.choice(argument[1]), out, more)

    def one_of(self, items):
        if items and items[0][0] is op.NEGATE:
            for candidate in "abcXYZ019-_ ,.":
                if not any(in_class(item, candidate) for item in items[1:]):
                    return candidate
            return "\u00e9"
        code, argument = self.random.choice(items)
        if code is op.LITERAL:
            return chr(argument)
        if code is op.RANGE:
            high = min(argument[1], max(argument[0], 0x17F))
            return chr(self.random.randint(argument[0], high))
        return {op.CATEGORY_DIGIT: "5", op.CATEGORY_SPACE: " ", op.CATEGORY_WORD: "w",
                op.CATEGORY_NOT_SPACE: "n", op.CATEGORY_NOT_DIGIT: "d",
                op.CATEGORY_NOT_WORD: "-"}.get(argument, "a")

    def array(self, flat, depth, name):
        least = flat.bounds.get("minItems", 0)
        most = flat.bounds.get("maxItems", 10 ** 6)
        if least > 200:
            raise Dead
        wanted = least if depth > 4 else self.random.choice([least, least + 1, least + 2])
        count = min(max(wanted, len(flat.contained)), most)
        items = []
        for number in range(count):
            schemas = flat.items + flat.contained[number:number + 1]
            if flat.prefix:
                first, rest = flat.prefix
                schemas.append(first[number] if number < len(first) else rest)
            before = len(items)
            # Another choice of branches may fit what must be contained.
            tries = 8 if number < len(flat.contained) else 1
            while tries > 0:
                tries -= 1
                try:
                    items.append(self.value({"allOf": schemas or [True]}, depth + 1, name))
                    break
                except Dead:
                    if tries == 0 and number < max(least, len(flat.contained)):
                        raise
            if len(items) == before:
                break
            # Texts of mixed content are not beside one another.
            if name == "@mixed" and len(items) > 1 and all(
                    isinstance(item, str) for item in items[-2:]):
                items.pop()
        return items

    def object(self, flat, depth):
        made = {}
        # What decides between branches comes first.
        for name in ("@type", "@element", "@nil"):
            if name in flat.properties and name not in flat.forbidden and (
                    name in flat.required or (depth < 5 and self.random.random() < 0.4)):
                made[name] = self.value({"allOf": flat.properties[name]}, depth + 1, name)
        chosen = list(made)
        generous = {0: 1.0, 1: 0.6, 2: 0.3}.get(self.attempt, self.random.choice([0, 0.3, 0.7]))
        if depth > 3:
            generous *= 0.5
        if depth > self.depth_max - 3:
            generous = 0
        offered = [name for name in flat.properties
                   if name not in flat.forbidden and not name.startswith("@")]
        if self.random.random() < 0.3:
            offered += [n for n in ("@any", "@anyAttribute", "@choice", "@sequence", "@content",
                                    "@mixed")
                        if n in flat.properties and n not in flat.forbidden]
        most = flat.bounds.get("maxProperties", 10 ** 6)
        least = flat.bounds.get("minProperties", 0)
        optional = [name for name in offered if name not in flat.required
                    and self.random.random() < generous]
        while len(optional) + len(flat.required) + len(chosen) < least:
            rest = [n for n in offered if n not in optional and n not in flat.required]
            if not rest:
                raise Dead
            optional.append(self.random.choice(rest))
        optional = optional[:max(0, most - len(flat.required) - len(chosen))]
        names = chosen + [n for n in flat.required if n not in chosen]
        names += [n for n in optional if n not in names]
        for _ in range(30):
            before = len(flat.required), len(flat.conditions)
            for condition in list(flat.conditions):
                if self.holds(condition["if"], names, made):
                    if "then" in condition:
                        flat.conditions.remove(condition)
                        self.flatten(condition["then"], flat, depth)
                elif "else" in condition and not self.may_hold(condition["if"], flat, names):
                    flat.conditions.remove(condition)
                    self.flatten(condition["else"], flat, depth)
                if not flat.types or flat.types == ["null"]:
                    flat.types = ["object"]
            for name in flat.required:
                if name not in names:
                    names.append(name)
            if (len(flat.required), len(flat.conditions)) == before:
                break
        if flat.types and "object" not in flat.types:
            return self.value_of(flat, depth)
        if flat.values:
            return self.random.choice(flat.values)
        names = [n for n in names if n not in flat.forbidden or n in flat.required]
        order = [n for n in flat.properties if n in names] + [
            n for n in names if n not in flat.properties]
        for name in order:
            if name in made:
                # A branch may say more about it.
                continue
            if name in flat.forbidden:
                raise Dead
            schemas = flat.properties.get(name)
            if schemas is None:
                if flat.closed:
                    raise Dead
                schemas = [flat.additional if flat.additional is not None else True]
            try:
                made[name] = self.value({"allOf": schemas}, depth + 1, name)
            except Dead:
                if name in flat.required or name in optional[:least]:
                    raise
        if flat.additional is not None and self.random.random() < 0.5:
            try:
                made.update(self.more(flat, depth))
            except Dead:
                if least:
                    raise
            order = list(made)
        return {name: made[name] for name in order if name in made} if order else made

    def more(self, flat, depth):
        """Members whose names are not written down."""
        name = "{urn:other}more"
        if flat.names is not None:
            name = self.value({"allOf": [flat.names, {"type": "string"}]}, depth + 1, "")
        return {name: self.value({"allOf": [flat.additional]}, depth + 1, "")}

    def value_of(self, flat, depth):
        kind = self.random.choice(flat.types)
        if kind in ("integer", "number"):
            return self.number(flat, kind)
        if kind == "string":
            return self.text(flat, "")
        if kind == "array":
            return self.array(flat, depth, "")
        return None if kind == "null" else self.random.random() < 0.5

    def holds(self, test, names, made):
        if test is True or test is False:
            return test
        if len(names) < test.get("minProperties", 0):
            return False
        for name in test.get("required", []):
            if name not in names:
                return False
        for name, inner in test.get("properties", {}).items():
            if name in made and isinstance(inner, dict):
                if "const" in inner and made[name] != inner["const"]:
                    return False
                if "enum" in inner and made[name] not in inner["enum"]:
                    return False
                if "pattern" in inner and isinstance(made[name], str) and not fits(
                        inner["pattern"], made[name]):
                    return False
            elif name in names and inner is False:
                return False
        if "anyOf" in test and not any(self.holds(t, names, made) for t in test["anyOf"]):
            return False
        if "allOf" in test and not all(self.holds(t, names, made) for t in test["allOf"]):
            return False
        if "not" in test and self.holds(test["not"], names, made):
            return False
        return True

    def may_hold(self, test, flat, names):
        return isinstance(test, dict) and any(
            name in flat.required and name not in names for name in test.get("required", []))


def intersect(left, right):
    both = [kind for kind in left if kind in right]
    if "integer" in left and "number" in right or "integer" in right and "number" in left:
        both.append("integer")
    return both


_parsed = {}


def parsed(pattern):
    if pattern not in _parsed:
        _parsed[pattern] = sre_parse.parse(translated(pattern))
    return _parsed[pattern]


def translated(pattern):
    pattern = re.sub(r"\\u\{([0-9A-Fa-f]+)\}", lambda m: "\\U%08x" % int(m.group(1), 16), pattern)
    inside = False
    out = []
    index = 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\" and index + 1 < len(pattern):
            following = pattern[index + 1]
            if following in "pP":
                end = pattern.index("}", index)
                name = pattern[index + 3:end]
                body = {"L": "a-zA-Z", "Lu": "A-Z", "Ll": "a-z", "Nd": "0-9", "N": "0-9"}.get(
                    name, "a-zA-Z0-9")
                if following == "P":
                    body = "\\-" if inside else "-"
                out.append(body if inside else "[%s]" % body)
                index = end + 1
                continue
            if following == "/":
                out.append("/")
            else:
                out.append(char + following)
            index += 2
            continue
        if char == "[" and inside:
            out.append("\\[")
        else:
            if char == "[":
                inside = True
            elif char == "]":
                inside = False
            out.append(char)
        index += 1
    return "".join(out)


def fits(pattern, text):
    try:
        return re.search(translated(pattern), text) is not None
    except re.error:
        return True


def in_class(item, char):
    code, argument = item
    if code is op.LITERAL:
        return chr(argument) == char
    if code is op.RANGE:
        return argument[0] <= ord(char) <= argument[1]
    return {op.CATEGORY_DIGIT: char.isdigit(), op.CATEGORY_SPACE: char.isspace(),
            op.CATEGORY_WORD: char.isalnum() or char == "_",
            op.CATEGORY_NOT_SPACE: not char.isspace(),
            op.CATEGORY_NOT_DIGIT: not char.isdigit()}.get(argument, False)


def to_json(value):
    import json
    if isinstance(value, dict):
        return "{%s}" % ",".join(
            "%s:%s" % (json.dumps(name), to_json(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return "[%s]" % ",".join(to_json(inner) for inner in value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(value)


def same_message(sent, back, defaults, path=""):
    """What differs, as a text; empty where nothing does that may not."""
    if sent == {} and back == "":
        return ""
    if isinstance(sent, dict) and isinstance(back, dict):
        for name, value in sent.items():
            if name not in back:
                # An empty repetition, and a type that is the declared one.
                if value == [] or name == "@type":
                    continue
                return "%s/%s is lost" % (path, name)
            difference = same_message(value, back[name], defaults, "%s/%s" % (path, name))
            if difference:
                return difference
        for name, value in back.items():
            if name not in sent and value not in defaults.get(name, []):
                return "%s/%s has come from nowhere" % (path, name)
        return ""
    if isinstance(sent, list) and isinstance(back, list):
        if len(sent) != len(back):
            return "%s has %d items, not %d" % (path, len(back), len(sent))
        for index, pair in enumerate(zip(sent, back)):
            difference = same_message(*pair, defaults, "%s/%d" % (path, index))
            if difference:
                return difference
        return ""
    if isinstance(sent, bool) or isinstance(back, bool) or sent is None or back is None:
        return "" if sent is back else "%s: %r became %r" % (path, sent, back)
    if isinstance(sent, str) and isinstance(back, str):
        if sent == back or ("<" in sent and "<" in back):
            return ""
        if " ".join(sent.split()) == " ".join(back.split()):
            return ""
        return "%s: %r became %r" % (path, sent, back)
    if isinstance(sent, str) or isinstance(back, str) or type(sent) is dict or type(back) is dict:
        return "%s: %r became %r" % (path, sent, back)
    return "" if sent == back else "%s: %r became %r" % (path, sent, back)
