"""One class name stands for one thing in the whole of the source."""

from __future__ import annotations

import ast
from collections import defaultdict

from tree import python_files


def test_each_class_name_stands_in_one_module():
    places = defaultdict(set)
    for file in python_files("src"):
        for node in ast.walk(file.tree):
            if isinstance(node, ast.ClassDef):
                places[node.name].add(file.name)
    assert not {name: sorted(files) for name, files in places.items() if len(files) > 1}
