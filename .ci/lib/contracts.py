"""The schemas of a WSDL as files of their own, for judges other than this program: every
`xs:schema` with its imports made explicit, rpc/literal messages as generated wrapper elements."""

import os
import re
import xml.dom.minidom as minidom

XSD = "http://www.w3.org/2001/XMLSchema"
XMLNS = "http://www.w3.org/2000/xmlns/"
BUILT_IN = {"http://www.w3.org/XML/1998/namespace": "xml.xsd"}
ENVELOPES = {
    "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"}


class Schemas:
    """The schemas of a contract as files of their own that xmllint can read."""

    def __init__(self, files, references, folder):
        self.folder = folder
        self.targets = {(base, location): target for base, location, target in references}
        self.by_namespace = {}  # namespace -> file names
        self.globals = set()    # (namespace, local) of global elements
        self.names = {}         # file -> file name here, for whole schemas
        self.included = set()
        self.waiting = []
        self.uses_encoding = False
        self.has_drafts = False  # schemas that libxml2 does not read: XSD of 1999 or 2000
        for path in files:
            try:
                document = minidom.parse(path)
            except Exception:
                continue
            root = document.documentElement
            self.has_drafts |= any(
                re.fullmatch(r"http://www\.w3\.org/(1999|2000/10)/XMLSchema", node.namespaceURI or "")
                for node in root.getElementsByTagNameNS("*", "schema"))
            if root.namespaceURI == XSD and root.localName == "schema":
                self.names[path] = "f%d.xsd" % len(self.names)
                self.waiting.append((root, path, self.names[path]))
            else:
                for number, node in enumerate(root.getElementsByTagNameNS(XSD, "schema")):
                    name = "w%d_%d.xsd" % (len(self.waiting), number)
                    self.waiting.append((node, path, name))
        for root, path, name in self.waiting:
            self.note_includes(root, path)
        for root, path, name in self.waiting:
            space = root.getAttribute("targetNamespace")
            for node in root.childNodes:
                if node.nodeType == node.ELEMENT_NODE and node.localName == "element":
                    self.globals.add((space, node.getAttribute("name")))
            if name not in self.included:
                self.by_namespace.setdefault(space, []).append(name)
        for root, path, name in self.waiting:
            # Files that include one another: the first stands for all.
            space = root.getAttribute("targetNamespace")
            if space and space not in self.by_namespace:
                self.by_namespace[space] = [name]

    def note_includes(self, root, path):
        for kind in ("include", "redefine"):
            for node in root.getElementsByTagNameNS(XSD, kind):
                target = self.targets.get((path, node.getAttribute("schemaLocation")))
                if target in self.names:
                    self.included.add(self.names[target])

    def write(self, wrappers):
        """`wrappers`: (namespace, element text) to be global elements beside the rest."""
        extra = {}
        for space, text in wrappers:
            extra.setdefault(space, []).append(text)
        for root, path, name in self.waiting:
            self.write_one(root, path, name)
        spaces = sorted(set(self.by_namespace) | set(extra))
        numbers = {space: "n%d.xsd" % index for index, space in enumerate(spaces)}
        self.numbers = numbers
        for root, path, name in self.waiting:
            self.rewrite_imports(name)
        for space in spaces:
            lines = ['<xs:schema xmlns:xs="%s" elementFormDefault="unqualified"%s>' % (
                XSD, ' targetNamespace="%s"' % quoted(space) if space else "")]
            lines += ['<xs:include schemaLocation="%s"/>' % name
                      for name in self.by_namespace.get(space, [])]
            if extra.get(space):
                lines += ['<xs:import %s schemaLocation="%s"/>' % (
                    'namespace="%s"' % quoted(other) if other else "", numbers[other])
                    for other in spaces if other != space]
                lines += extra[space]
            lines.append("</xs:schema>")
            self.put(numbers[space], "\n".join(lines))
        driver = ['<xs:schema xmlns:xs="%s" targetNamespace="urn:wsdl-table:driver">' % XSD]
        for space in spaces:
            if space == "urn:wsdl-table:driver":
                continue
            driver.append('<xs:import %s schemaLocation="%s"/>' % (
                'namespace="%s"' % quoted(space) if space else "", numbers[space]))
        driver.append("</xs:schema>")
        self.put("driver.xsd", "\n".join(driver))

    def write_one(self, root, path, name):
        for node in list(root.getElementsByTagNameNS(XSD, "*")):
            if node.localName in ("unique", "key", "keyref"):
                node.parentNode.removeChild(node)
        for kind in ("include", "redefine"):
            for node in root.getElementsByTagNameNS(XSD, kind):
                target = self.targets.get((path, node.getAttribute("schemaLocation")))
                if target in self.names:
                    node.setAttribute("schemaLocation", self.names[target])
        parent = root.parentNode
        while parent is not None and parent.nodeType == parent.ELEMENT_NODE:
            for index in range(parent.attributes.length):
                item = parent.attributes.item(index)
                if item.namespaceURI == XMLNS and not root.hasAttribute(item.name):
                    root.setAttributeNS(XMLNS, item.name, item.value)
            parent = parent.parentNode

    def rewrite_imports(self, name):
        root = next(root for root, _, other in self.waiting if other == name)
        for node in root.getElementsByTagNameNS(XSD, "import"):
            space = node.getAttribute("namespace")
            if space in self.numbers:
                node.setAttribute("schemaLocation", self.numbers[space])
            elif node.hasAttribute("schemaLocation"):
                node.removeAttribute("schemaLocation")
        seen = {n.getAttribute("namespace") for n in root.getElementsByTagNameNS(XSD, "import")}
        # Contracts in the wild forget imports of what they refer to.
        own = root.getAttribute("targetNamespace")
        used = set()
        text = root.toxml()
        for prefix, uri in re.findall(r'xmlns:([\w.-]+)="([^"]*)"', text):
            if re.search(r'="%s:' % re.escape(prefix), text):
                used.add(uri)
        if own and "" in self.numbers and "" not in seen and re.search(
                r'(ref|type|base)="[^:"]+"', text) and not root.hasAttribute("xmlns"):
            used.add("")
        for space in sorted(used - seen - {own, XSD}):
            if space in self.numbers:
                node = root.ownerDocument.createElementNS(XSD, root.prefix + ":import"
                                                          if root.prefix else "import")
                if space:
                    node.setAttribute("namespace", space)
                node.setAttribute("schemaLocation", self.numbers[space])
                root.insertBefore(node, root.firstChild)
        self.put(name, root.toxml())

    def put(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)


def quoted(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def wrapper(message):
    """The global element that an rpc/literal message is, as XML Schema."""
    lines = ['<xs:element name="%s"><xs:complexType><xs:sequence>' % message["local"]]
    for number, part in enumerate(message["parts"]):
        name = part.get("type") or part.get("element")
        space, local = re.match(r"(?:\{(.*)\})?(.*)$", name).groups()
        if "type" in part:
            declared = ' xmlns:q="%s"' % quoted(space) if space else ""
            lines.append('<xs:element name="%s" form="unqualified" type="%s%s"%s/>' % (
                part["name"], "q:" if space else "", local, declared))
        else:
            return None
    lines.append("</xs:sequence></xs:complexType></xs:element>")
    return message["namespace"], "".join(lines)


def body_documents(envelope):
    """What stands in the Body, each child as a document of its own."""
    if envelope.lstrip().startswith("--"):  # a multipart message: its first part
        envelope = envelope[envelope.index("<"):envelope.index("Envelope>") + 9]
    root = minidom.parseString(envelope.encode()).documentElement
    documents = []
    for body in root.childNodes:
        if body.nodeType != body.ELEMENT_NODE or body.localName != "Body":
            continue
        for child in body.childNodes:
            if child.nodeType != child.ELEMENT_NODE:
                continue
            for parent in (body, root):
                for index in range(parent.attributes.length):
                    item = parent.attributes.item(index)
                    if item.namespaceURI == XMLNS and not child.hasAttribute(item.name):
                        if item.value not in ENVELOPES:
                            child.setAttributeNS(XMLNS, item.name, item.value)
            documents.append(child.toxml())
    return documents
