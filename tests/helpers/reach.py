"""What of the source is reached from the command line and the Python door: definitions, followed through imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from tree import ROOT, SOURCE

TOP = "<module>"
Node = tuple[str, str]  # module, and the name of a definition in it or TOP


@dataclass
class Module:
    """A module of the source.

    Args:
        name: Dotted name, within the package.
        tree: Its syntax.
        bound: What each name of the module stands for: a module, or a definition in one.
        defined: Definitions at its top, by name.
    """

    name: str
    tree: ast.Module
    bound: dict[str, Node] = field(default_factory=dict)
    defined: dict[str, ast.stmt] = field(default_factory=dict)


def modules() -> dict[str, Module]:
    """Every module of the source and of the tools by dotted name, with what its imports and definitions bind."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, ast.parse(path.read_text(encoding="utf-8")))
    for path in sorted((ROOT / "tools").glob("*.py")):
        found[f"tools.{path.stem}"] = Module(f"tools.{path.stem}", ast.parse(path.read_text(encoding="utf-8")))
    for module in found.values():
        for node in module.tree.body:
            for name in _defines(node):
                module.defined[name] = node
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    target = (whole, TOP) if whole in found else (node.module, alias.name)
                    module.bound[alias.asname or alias.name] = target
    return found


def reached(all_of: dict[str, Module], roots: list[Node], lazily: dict[str, list[str]]) -> set[Node]:
    """Every definition that can be reached.

    Args:
        all_of: From `modules`.
        roots: Where to begin.
        lazily: Modules that a module loads by name while it runs.
    """
    seen: set[Node] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        module = all_of.get(node[0])
        if node in seen or module is None:
            continue
        seen.add(node)
        if node[1] == TOP:
            waiting += [(name, TOP) for name in lazily.get(node[0], [])]
            loose = [one for one in module.tree.body if not isinstance(one, ast.FunctionDef | ast.ClassDef)]
            waiting += [(node[0], name) for name, one in module.defined.items() if _registered(one)]
            waiting += [one for part in loose for one in _uses(module, part, all_of)]
        elif node[1] in module.defined:
            waiting.append((node[0], TOP))
            waiting += _uses(module, module.defined[node[1]], all_of)
    return seen


def _registered(node: ast.stmt) -> bool:
    """Whether a decorator hands a function over, as `@app.command(...)` does."""
    if not isinstance(node, ast.FunctionDef):
        return False
    return any(isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) for one in node.decorator_list)


def _defines(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _uses(module: Module, part: ast.AST, all_of: dict[str, Module]) -> Iterator[Node]:
    """What a piece of code names: definitions beside it, what it imports, and attributes of imported modules."""
    if isinstance(part, ast.ImportFrom | ast.Import):
        return
    for node in ast.walk(part):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            target = module.bound.get(node.value.id)
            if target is not None and target[1] == TOP and target[0] in all_of:
                inner = all_of[target[0]]
                yield inner.bound.get(node.attr, (target[0], node.attr))
        if isinstance(node, ast.Name):
            if node.id in module.bound:
                yield module.bound[node.id]
            if node.id in module.defined:
                yield (module.name, node.id)
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield (whole, TOP) if whole in all_of else (node.module, alias.name)
