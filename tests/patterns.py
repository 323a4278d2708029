"""Every regular expression of the package, and text made from each to make it backtrack."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import sahel_map

PACKAGE = Path(sahel_map.__file__).parent
_CALLS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
_ENDLESS = 12  # a repeat that may go on so long can be pumped


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """The patterns: as they stand in the source, and as they are compiled from data when texts are read.

    Collected by a process of its own: what earlier tests have compiled here is not compiled again.
    """
    command = [sys.executable, "-c", "from tests.patterns import _tell; _tell()"]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=PACKAGE.parent).stdout
    return {f"{pattern}/{flags}": re.compile(pattern, flags) for pattern, flags in json.loads(told)}


def _tell() -> None:
    print(json.dumps([(p.pattern, p.flags) for p in _collected().values()]))  # noqa: T201


def _collected() -> dict[str, re.Pattern[str]]:
    found: dict[str, re.Pattern[str]] = {}
    for pattern in (*_written(), *_compiled()):
        if isinstance(pattern.pattern, str):
            found.setdefault(f"{pattern.pattern}/{pattern.flags}", pattern)
    return found


def hostile(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Texts of that length that repeat what each repeat of the pattern matches, and end in what nothing matches."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    for before, body in _repeats(tree, ""):
        pump = _example(body) or "a"
        for end in ("\x00", ""):
            yield (before + pump * (length // len(pump) + 1))[:length] + end


def _written() -> Iterator[re.Pattern[str]]:
    """Patterns written out in a call of re."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CALLS
            if called and getattr(node.func.value, "id", "") == "re" and node.args:
                yield from _constant(node)


def _constant(node: ast.Call) -> Iterator[re.Pattern[str]]:
    flags = 0
    for argument in (*node.args[1:], *(k.value for k in node.keywords if k.arg == "flags")):
        for name in (n.attr for n in ast.walk(argument) if isinstance(n, ast.Attribute)):
            flags |= getattr(re, name, 0) if isinstance(getattr(re, name, 0), re.RegexFlag) else 0
    try:
        yield re.compile(ast.literal_eval(node.args[0]), flags)
    except (ValueError, TypeError, SyntaxError):
        return  # put together when it runs: see _compiled


def _compiled() -> list[re.Pattern[str]]:
    """Patterns that the package compiles when all of it is imported and the examples are read."""
    from sahel_map.pipeline import run

    found: list[re.Pattern[str]] = []
    compile_ = re._compiler.compile  # type: ignore[attr-defined]

    def noted(pattern: Any, flags: int = 0) -> Any:
        made = compile_(pattern, flags)
        frame = sys._getframe(1)
        while (
            frame is not None
            and Path(frame.f_code.co_filename).name in ("__init__.py",)
            and "/re/" in frame.f_code.co_filename
        ):
            frame = frame.f_back  # type: ignore[assignment]
        if frame is not None and str(PACKAGE) in frame.f_code.co_filename:
            found.append(made)
        return made

    re.purge()
    re._compiler.compile = noted  # type: ignore[attr-defined]
    try:
        for module in pkgutil.walk_packages([str(PACKAGE)], "sahel_map."):
            if "migrations" not in module.name:
                importlib.import_module(module.name)
        run([PACKAGE.parent / "examples" / "reports"])
    finally:
        re._compiler.compile = compile_  # type: ignore[attr-defined]
    for name, module in sorted(sys.modules.items()):
        if name.startswith("sahel_map"):
            found += [p for value in vars(module).values() for p in _held(value)]
    return found


def _held(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _held(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _held(inner)


def _repeats(tree: Any, before: str) -> Iterator[tuple[str, Any]]:
    """(what comes before, body) of every repeat without a small limit, however deep."""
    for op, argument in tree:
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, getattr(codes, "POSSESSIVE_REPEAT", None)):
            _, most, body = argument
            if most is codes.MAXREPEAT or most >= _ENDLESS:
                yield before, body
            yield from _repeats(body, before)
        for inner in _inner(op, argument):
            yield from _repeats(inner, before)
        before += _example([(op, argument)])


def _inner(op: Any, argument: Any) -> list[Any]:
    if op is codes.SUBPATTERN:
        return [argument[-1]]
    if op is codes.BRANCH:
        return list(argument[1])
    if op in (codes.ASSERT, codes.ASSERT_NOT):
        return [argument[1]]
    return [argument] if op is getattr(codes, "ATOMIC_GROUP", None) else []


def _example(tree: Any) -> str:
    """A short text that the tree matches, as far as that is plain."""
    text = ""
    for op, argument in tree:
        if op is codes.LITERAL:
            text += chr(argument)
        elif op is codes.IN:
            text += _one_of(argument)
        elif op in (codes.ANY, codes.NOT_LITERAL):
            text += "a"
        elif op in (codes.MAX_REPEAT, codes.MIN_REPEAT, getattr(codes, "POSSESSIVE_REPEAT", None)):
            text += _example(argument[2]) * max(1, min(argument[0], 3))
        elif op is codes.BRANCH:
            text += _example(argument[1][0])
        elif op is codes.SUBPATTERN:
            text += _example(argument[-1])
    return text


def _one_of(choices: Any) -> str:
    classes = {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "a", codes.CATEGORY_NOT_SPACE: "a",
               codes.CATEGORY_NOT_DIGIT: "a", codes.CATEGORY_NOT_WORD: " "}  # fmt: skip
    if choices and choices[0][0] is codes.NEGATE:
        return next((c for c in "a1 .,-\né" if not _among(choices[1:], c)), "☃")
    op, argument = choices[0]
    if op is codes.LITERAL:
        return chr(argument)
    if op is codes.RANGE:
        return chr(argument[0])
    return classes.get(argument, "a")


def _among(choices: Any, letter: str) -> bool:
    for op, argument in choices:
        if op is codes.LITERAL and chr(argument) == letter:
            return True
        if op is codes.RANGE and argument[0] <= ord(letter) <= argument[1]:
            return True
        if op is codes.CATEGORY and re.match(
            {codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_SPACE: r"\s", codes.CATEGORY_WORD: r"\w"}.get(
                argument, r"(?!)"
            ),
            letter,
        ):
            return True
    return False
