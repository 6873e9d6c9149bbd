"""Files and functions stay small enough to read in one go, and say their job first."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from tree import Parsed, python_files

FILE_LINES = 400
BODY_LINES = 60
PARAMETERS = 8

Function = ast.FunctionDef | ast.AsyncFunctionDef
SRC = python_files("src")
ALL = python_files("src", "tests", "tools", "benchmarks")


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def body_lines(function: Function) -> int:
    """Lines of the body, its docstring aside."""
    first = function.body[1] if ast.get_docstring(function) and len(function.body) > 1 else function.body[0]
    return (function.end_lineno or first.lineno) - first.lineno + 1


def excused(file: Parsed, function: Function) -> bool:
    """Whether a comment on the first line, or above it, says why this one is long: `# long: REASON`."""
    return any(re.search(r"# long: .{10,}", line) for line in file.lines[function.lineno - 2 : function.lineno])


def breaches(rule: str, found: Iterator[str]) -> None:
    listed = list(found)
    assert not listed, f"{rule}:\n" + "\n".join(listed)


def at(file: Parsed, node: Function | ast.stmt | ast.ExceptHandler | ast.expr) -> str:
    return f"{file.name}:{node.lineno}"


def test_no_file_is_longer_than_four_hundred_lines():
    breaches("too long", (f"{f.name}: {len(f.lines)}" for f in ALL if len(f.lines) > FILE_LINES))


def test_no_function_body_is_longer_than_sixty_lines():
    breaches(
        "too long",
        (
            f"{at(file, function)} {function.name}: {body_lines(function)}"
            for file in ALL
            for function in functions(file.tree)
            if body_lines(function) > BODY_LINES and not excused(file, function)
        ),
    )


def test_no_function_takes_more_than_eight_parameters_by_place_nor_eight_more_by_name():
    """Commands are left out: their parameters are the options that a user sees."""
    breaches(
        "too many",
        (
            f"{at(file, function)} {function.name}: {len(by_place)} by place, {len(by_name)} by name"
            for file in SRC
            if "/cli/" not in file.name
            for function in functions(file.tree)
            for by_place, by_name in [
                (
                    [a for a in (*function.args.posonlyargs, *function.args.args) if a.arg not in ("self", "cls")],
                    function.args.kwonlyargs,
                )
            ]
            if max(len(by_place), len(by_name)) > PARAMETERS
        ),
    )


@pytest.mark.parametrize("file", SRC, ids=lambda file: file.name)
def test_every_module_says_its_job_in_its_first_line(file):
    assert file.lines, "an empty file has no job"
    first = (ast.get_docstring(file.tree) or "").split("\n")[0]
    assert file.lines[0] == f'"""{first}' or file.lines[0] == f'"""{first}"""'
    assert re.match(r"[A-Z`].{15,}[.:;]$", first), f"not a sentence that says a job: {first!r}"


def test_everything_public_has_a_docstring():
    breaches(
        "no docstring",
        (
            f"{file.name}:{node.lineno} {node.name}"
            for file in SRC
            for holder in (file.tree, *(n for n in file.tree.body if isinstance(n, ast.ClassDef)))
            for node in holder.body
            if isinstance(node, Function | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ),
    )


def test_only_commands_import_inside_functions():
    breaches(
        "import inside a function",
        (
            at(file, node)
            for file in SRC
            if "/cli/" not in file.name
            for function in functions(file.tree)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ),
    )


def test_the_library_never_prints():
    breaches(
        "prints",
        (
            at(file, node)
            for file in SRC
            for node in ast.walk(file.tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        ),
    )


LAST_RESORT = "src/palanca/cli/fail.py"  # no input may end in a traceback


def test_no_except_catches_everything():
    def caught(handler: ast.ExceptHandler) -> set[str]:
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        return {kind.id for kind in kinds if isinstance(kind, ast.Name)}

    breaches(
        "catches everything",
        (
            at(file, node)
            for file in SRC
            if file.name != LAST_RESORT
            for node in ast.walk(file.tree)
            if isinstance(node, ast.ExceptHandler)
            and (node.type is None or caught(node) & {"Exception", "BaseException"})
        ),
    )


def test_nothing_is_left_unfinished():
    unfinished = re.compile(r"\b(TODO|FIXME|XXX)\b|NotImplementedError")
    breaches(
        "unfinished",
        (
            f"{file.name}:{number}: {line.strip()}"
            for file in SRC
            for number, line in enumerate(file.lines, 1)
            if unfinished.search(line)
        ),
    )
