#!/usr/bin/env python3
"""Runs clang-tidy over our own sources, as many as time allows.

Works from the compile database build/tidy/compile_commands.json (preset tidy, generated protos
made). Files changed since the base commit come first, the others in an order that changes with
the commit, so that over some runs all are tidied. A source that passed is remembered in
build/tidy/passed under a digest of itself, its headers, the protos and the configuration, and is
not read again. Exit status 1 if a changed source failed, with --strict if any did; not if time ran
out. What is found in the others is told: which of them a run reaches is chance, and must not
decide about a change.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = ROOT / 'build/tidy'
PASSED = BUILD / 'passed'
INCLUDE = re.compile(r'^\s*#\s*include\s*"((?:services|matcher|tests)/[^"]+)"', re.M)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--seconds', type=float, default=600)
    parser.add_argument('--base', default='HEAD~1', help='files changed since then come first')
    parser.add_argument('--strict', action='store_true', help='any finding fails')
    arguments = parser.parse_args()
    PASSED.mkdir(parents=True, exist_ok=True)
    changed = changed_since(arguments.base)
    work = ordered(own_commands(), changed)
    end = time.monotonic() + arguments.seconds
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        kinds = list(pool.map(lambda item: check(*item, end), work))
    for kind in ('tidied', 'remembered', 'not reached', 'failed'):
        print(f'tidy: {kinds.count(kind)} of {len(kinds)} sources {kind}')
    failed = [path for (path, _), kind in zip(work, kinds) if kind == 'failed']
    deciding = [path for path in failed if arguments.strict or changed & own_files(path)]
    for path in failed:
        print(f'tidy: {path}: {"failed" if path in deciding else "to be mended, not of this change"}')
    sys.exit(1 if deciding or not kinds else 0)


def own_commands():
    """{path relative to the root: compile command}, generated sources left out."""
    entries = json.loads((BUILD / 'compile_commands.json').read_text())
    commands = {os.path.relpath(entry['file'], ROOT): entry['command'] for entry in entries}
    return {path: command for path, command in commands.items() if not path.startswith('build')}


def changed_since(base):
    """Paths that git sees as changed; all are equal where there is no such commit (shallow clone)."""
    answer = subprocess.run(['git', 'diff', '--name-only', base], cwd=ROOT, text=True,
                            capture_output=True, check=False)
    return set(answer.stdout.split('\n'))


def ordered(commands, changed):
    head = subprocess.run(['git', 'rev-parse', 'HEAD'], cwd=ROOT, text=True, capture_output=True,
                          check=False).stdout
    return sorted(commands.items(), key=lambda item: (
        not changed & own_files(item[0]), hashlib.sha1((head + item[0]).encode()).digest()))


def own_files(path):
    """The source and every header of ours that it reaches."""
    reached, todo = set(), [path]
    while todo:
        path = todo.pop()
        if path not in reached and (ROOT / path).exists():
            reached.add(path)
            todo += INCLUDE.findall((ROOT / path).read_text(encoding='utf-8'))
    return reached


def check(path, command, end):
    """Checks one source; returns what became of it."""
    mark = PASSED / digest(path, command)
    if mark.exists():
        return 'remembered'
    if time.monotonic() > end:
        return 'not reached'
    run = subprocess.run(['clang-tidy-14', '--quiet', '-p', str(BUILD), path], cwd=ROOT, text=True,
                         capture_output=True, check=False)
    if run.returncode != 0:
        print(f'--- {path}\n{run.stdout or run.stderr}', flush=True)
        return 'failed'
    mark.touch()
    return 'tidied'


def digest(path, command):
    """Names everything of ours that the verdict on a source depends on."""
    protos = sorted((ROOT / 'proto').rglob('*.proto'))
    own = sorted(ROOT / name for name in own_files(path))
    summed = hashlib.sha256(command.encode())
    for file in [ROOT / '.clang-tidy', *protos, *own]:
        summed.update(str(file).encode() + b'\0' + file.read_bytes())
    return summed.hexdigest()


if __name__ == '__main__':
    main()
