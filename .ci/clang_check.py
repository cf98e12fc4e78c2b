#!/usr/bin/env python3
"""Reads every source of ours with clang 14: clang-tidy where time allows, else a compile check.

Works from the compile database build/tidy/compile_commands.json (preset tidy, generated protos
made). Files changed since the base commit come first, the others in an order that changes with
the commit, so that over some runs all are tidied. A source that passed is remembered in
build/tidy/passed under a digest of itself, its headers, the protos and the configuration, and is
not read again. Exit status 1 if a source failed.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = ROOT / 'build/tidy'
PASSED = BUILD / 'passed'
INCLUDE = re.compile(r'^\s*#\s*include\s*"((?:services|matcher|tests)/[^"]+)"', re.M)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--tidy-seconds', type=float, default=600)
    parser.add_argument('--base', default='HEAD~1', help='files changed since then come first')
    arguments = parser.parse_args()
    PASSED.mkdir(parents=True, exist_ok=True)
    work = ordered(own_commands(), changed_since(arguments.base))
    end = time.monotonic() + arguments.tidy_seconds
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        kinds = list(pool.map(lambda item: check(*item, end), work))
    for kind in ('tidied', 'remembered', 'compiled', 'failed'):
        print(f'clang_check: {kinds.count(kind)} of {len(kinds)} sources {kind}')
    if kinds.count('compiled'):
        print('clang_check: clang-tidy had no time for the sources that were only compiled')
    sys.exit(0 if kinds and 'failed' not in kinds else 1)


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
    if time.monotonic() < end:
        kind, line = 'tidied', ['clang-tidy-14', '--quiet', '-p', str(BUILD), path]
    else:
        kind, line = 'compiled', syntax_only(command)
    run = subprocess.run(line, cwd=ROOT if kind == 'tidied' else BUILD, text=True,
                         capture_output=True, check=False)
    if run.returncode != 0:
        print(f'--- {path}\n{run.stdout}{run.stderr if kind == "compiled" or not run.stdout else ""}',
              flush=True)
        return 'failed'
    if kind == 'tidied':
        mark.touch()
    return kind


def digest(path, command):
    """Names everything of ours that the verdict on a source depends on."""
    protos = sorted((ROOT / 'proto').rglob('*.proto'))
    own = sorted(ROOT / name for name in own_files(path))
    summed = hashlib.sha256(command.encode())
    for file in [ROOT / '.clang-tidy', *protos, *own]:
        summed.update(str(file).encode() + b'\0' + file.read_bytes())
    return summed.hexdigest()


def syntax_only(command):
    words = shlex.split(command)
    if words[0].endswith('ccache'):
        words = words[1:]
    output = words.index('-o')
    return words[:output] + words[output + 2:] + ['-fsyntax-only']


if __name__ == '__main__':
    main()
