#!/usr/bin/env python3
"""Checks the form of the repository's files.

    python3 tests/layering/check_files.py [ROOT]

- no header above 250 lines and no source above 500, unless LONG_FILES gives a reason;
- no absolute path of one developer's machine;
- each NOLINT names its check and gives a reason: `// NOLINT(check-name): reason`.

Prints each violation as `file:line: what is wrong`; exit status 1 if there is any.
"""

import re

import source_tree

MOST_LINES = {'.h': 250, '.cc': 500}

# path: (most lines, why it is better in one piece). Shrink it, do not grow it.
LONG_FILES = {}

MACHINE_PATH = re.compile(r'(?<![\w.$}~/-])/(?:wor' r'k|roo' r't|home)/\w')
NOLINT = re.compile(r'\bNOLINT(?!END)(?:NEXTLINE|BEGIN)?\b')
NOLINT_WITH_REASON = re.compile(r'\bNOLINT(?:NEXTLINE|BEGIN)?\([\w.,* -]+\): \S')


def check(root):
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


if __name__ == '__main__':
    source_tree.main(check, __doc__)
