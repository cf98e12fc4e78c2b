"""Walks the repository's own files, without what is built or fetched."""

import os
import pathlib

SKIPPED_FOLDERS = {'.git', 'build', 'node_modules', '__pycache__', '.cache', '.idea', '.vscode'}


def files(root, suffixes=None):
    """Yields (path relative to root with '/', full path), sorted; `suffixes` as in ('.h', '.cc')."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        for name in sorted(names):
            full = pathlib.Path(folder, name)
            if suffixes is None or name.endswith(suffixes):
                yield full.relative_to(root).as_posix(), full


def lines(full):
    """The lines of a text file, numbered from 1; a binary file has none."""
    try:
        text = full.read_text(encoding='utf-8')
    except (UnicodeDecodeError, FileNotFoundError):  # others may be writing at the same time
        return []
    return list(enumerate(text.split('\n'), start=1))


def main(check, description):
    """Prints what `check(root)` yields; exit status 1 if there was anything."""
    import argparse
    import sys
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument('root', nargs='?', type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[2])
    root = parser.parse_args().root.resolve()
    violations = list(check(root))
    for violation in violations:
        print(violation)
    print(f'{len(violations)} violations', file=sys.stderr)
    sys.exit(1 if violations else 0)
