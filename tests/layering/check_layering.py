#!/usr/bin/env python3
"""Checks that every include and every link line keeps to the table in rooms.py.

    python3 tests/layering/check_layering.py [ROOT]

Prints each violation as `file:line: what is wrong`; exit status 1 if there is any.
"""

import re

import rooms
import source_tree

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
LIBRARY = re.compile(r'^\s*leye_(?:library|executable)\(\s*(\w+)')
TARGET = re.compile(r'[A-Za-z][\w:+]*')


def check(root):
    for path, full in source_tree.files(root, ('.h', '.cc')):
        room = rooms.room_of(path)
        if room is not None:
            for number, line in source_tree.lines(full):
                found = INCLUDE.match(line)
                problem = found and check_include(path, room, found[2], found[1] == '"')
                if problem:
                    yield f'{path}:{number}: {problem}'
    for path, full in source_tree.files(root, ('CMakeLists.txt', )):
        yield from check_links(path, source_tree.lines(full))


def check_include(path, room, include, quoted):
    """What is wrong with one include of the file `path`, or None."""
    other = rooms.room_of(include)
    if other is not None:
        return check_room(room, other, include)
    if include in rooms.FORBIDDEN_STANDARD.get(room, ()):
        return f'{room} may not include {include}: no files, no clock'
    word = rooms.third_party_of(include)
    if word is not None:
        return check_third_party(path, room, include, word)
    if quoted or '/' in include:
        return f'{include} is not from the root of the repository, or a third party rooms.py does not know'
    return None


def check_room(room, other, include):
    if not rooms.may_use_room(room, other):
        return f'{room} may not include {other} ({include})'
    if rooms.matches(include, rooms.CONCRETE_STORES) and room not in rooms.NAMES_STORES:
        return f'{room} may not name a concrete store ({include}), only the Store interface'
    return None


def check_third_party(path, room, include, word):
    if not rooms.may_use_third_party(room, word):
        return f'{room} may not include {word} ({include})'
    owners = rooms.OWNERS.get(word)
    if owners and room != 'tests' and not rooms.matches(path, owners):
        return f'{word} ({include}) stays in {" ".join(owners)}'
    return None


def check_links(path, numbered_lines):
    """Looks at the targets named inside leye_library(...) and leye_executable(...)."""
    room = rooms.room_of(path.removesuffix('/CMakeLists.txt'))
    inside = False
    for number, line in numbered_lines:
        code = line.split('#')[0]
        inside = inside or LIBRARY.match(code) is not None
        if inside and room is not None:
            for target in TARGET.findall(code):
                problem = check_target(room, target)
                if problem:
                    yield f'{path}:{number}: {problem}'
        if ')' in code:
            inside = False


def check_target(room, target):
    word = rooms.TARGETS.get(target)
    other = 'matcher' if word == 'matcher' else rooms.room_of(
        'services/' + target.removeprefix('leye_')) if target.startswith('leye_') else None
    if other is not None:
        return None if rooms.may_use_room(room, other) else f'{room} may not link {target}'
    if word is not None and not rooms.may_use_third_party(room, word):
        return f'{room} may not link {target}'
    return None


if __name__ == '__main__':
    source_tree.main(check, __doc__)
