"""The words of the language as a dictionary of libFuzzer, from the JSON Schema on standard input."""

import json
import sys


def words(schema: object) -> set[str]:
    """Keys and listed words of a schema, wherever they stand."""
    found: set[str] = set()
    if isinstance(schema, dict):
        found.update(schema.get("properties", {}))
        found.update(word for word in schema.get("enum", []) if isinstance(word, str))
        found.update(word for word in schema.get("examples", []) if isinstance(word, str))
        for value in schema.values():
            found |= words(value)
    elif isinstance(schema, list):
        for value in schema:
            found |= words(value)
    return found


def quoted(word: str) -> str:
    """A word as libFuzzer reads it."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


SYNTAX = ["[", "]", "{ ", " }", " = ", "\n", "\"", ", ", "[[", "2026-01-01", "'''", "0x", "1e308", "-0", "inf", "nan", "..", "rest"]
for word in sorted(words(json.load(sys.stdin)) | set(SYNTAX)):
    if word.isascii() and "\n" not in word:
        print(quoted(word))
