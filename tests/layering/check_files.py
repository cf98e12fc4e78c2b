#!/usr/bin/env python3
"""Checks the form of the repository's files.

    python3 tests/layering/check_files.py [ROOT]

- no header above 250 lines and no source above 500, unless LONG_FILES gives a reason;
- no absolute path of one developer's machine;
- each NOLINT names its check and gives a reason: `// NOLINT(check-name): reason`;
- no function of a source's namespace without a name is named like one that a header of its folder declares: where sources
  are compiled together (LEYE_UNITY) it would take calls that are meant for the other.

Prints each violation as `file:line: what is wrong`; exit status 1 if there is any.
"""

import collections
import os
import re

import source_tree

MOST_LINES = {'.h': 250, '.cc': 500}

# path: (most lines, why it is better in one piece). Shrink it, do not grow it.
LONG_FILES = {}

MACHINE_PATH = re.compile(r'(?<![\w.$}~/-])/(?:wor' r'k|roo' r't|home)/\w')
NOLINT = re.compile(r'\bNOLINT(?!END)(?:NEXTLINE|BEGIN)?\b')
NOLINT_WITH_REASON = re.compile(r'\bNOLINT(?:NEXTLINE|BEGIN)?\([\w.,* -]+\): \S')

# At the start of a line: a type, a name without a class before it, an opening parenthesis.
FUNCTION = re.compile(r'(?!return\b|using\b|else\b|TEST|LEYE_|EXPECT|ASSERT)(?:[A-Za-z_][\w:<>,*& ]*?)[ *&]([A-Za-z_]\w*)\(')


def check(root):
    yield from check_names(root)
    for path, full in source_tree.files(root):
        numbered_lines = source_tree.lines(full)
        yield from check_length(path, len(numbered_lines) - 1)
        for number, line in numbered_lines:
            if MACHINE_PATH.search(line):
                yield f'{path}:{number}: a path of one machine'
            if path.endswith(('.h', '.cc')) and NOLINT.search(line):
                if not NOLINT_WITH_REASON.search(line):
                    yield f'{path}:{number}: write NOLINT(check-name): reason'


def check_length(path, count):
    suffix = '.' + path.rsplit('.', 1)[-1]
    most, _ = LONG_FILES.get(path, (MOST_LINES.get(suffix), ''))
    if most is not None and count > most:
        yield f'{path}:{count}: longer than {most} lines; split it by what it does'


def check_names(root):
    declared = collections.defaultdict(dict)  # folder: {name: header}
    hidden = []
    for path, full in source_tree.files(root, ('.h', '.cc')):
        folder, without_name = os.path.dirname(path), False
        for number, line in source_tree.lines(full):
            if line.startswith(('namespace {', '}  // namespace')):
                without_name = line.startswith('namespace {')
            elif function := FUNCTION.match(line):
                if path.endswith('.h'):
                    declared[folder].setdefault(function[1], path)
                elif without_name:
                    hidden.append((path, number, folder, function[1]))
    for path, number, folder, name in hidden:
        if name in declared[folder]:
            yield f'{path}:{number}: {name}() is also declared in {declared[folder][name]}'


if __name__ == '__main__':
    source_tree.main(check, __doc__)
