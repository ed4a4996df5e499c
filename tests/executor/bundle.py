"""A package of tests/clients beside a webtask's code in one file, as a bundler makes it: its own files, unchanged."""

import json

from tests.stack import ROOT

PACKAGES = ROOT / "tests" / "clients" / "node_modules"
LOADER = """
const files = { %s };
const loaded = {};
const load = (name) => {
  const file = name.replace(/^\\.\\/(lib\\/)?/, '') + '.js';
  if (!name.startsWith('.')) return require(name);
  if (!loaded[file]) files[file]((loaded[file] = { exports: {} }), loaded[file].exports, load);
  return loaded[file].exports;
};
"""


def with_ws(code: str) -> str:
    """`code` finds the package as `ws`."""
    package = PACKAGES / "ws"
    files = [package / "index.js", *sorted((package / "lib").glob("*.js"))]
    parts = [
        f"{json.dumps(file.name)}(module, exports, require) {{\n{file.read_text()}\n}}" for file in files
    ]
    return LOADER % ",\n".join(parts) + "const ws = load('./index');\n" + code
