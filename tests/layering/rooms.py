"""The rooms of the house and what each may include: the table of ARCHITECTURE as data.

A room is a folder. A file belongs to the longest room that is a prefix of its path. Third-party
code is named by the words of THIRD_PARTY; the standard library is allowed everywhere, less what
FORBIDDEN_STANDARD takes away.
"""

import dataclasses
import fnmatch


@dataclasses.dataclass(frozen=True)
class Room:
    """What files under one folder may include besides the room itself."""
    rooms: frozenset
    third_party: frozenset


def _room(rooms, third_party):
    return Room(frozenset(rooms.split()), frozenset(third_party.split()))


# Every room but matcher stands on base; `proto` is the generated code of proto/leye.
ROOMS = {
    'matcher': _room('', 'absl hwy'),
    'services/base': _room('', 'absl fmt spdlog posix'),
    'services/text': _room('services/base', 'absl icu opencc'),
    'services/store': _room('services/base', 'proto absl protobuf sqlite hiredis zstd posix'),
    'services/access': _room('services/store services/base',
                             'proto absl protobuf openssl posix'),
    'services/live': _room('matcher services/store services/base', 'proto absl protobuf'),
    'services/app': _room('matcher services/store services/access services/text services/base',
                          'proto absl protobuf openssl'),
    'services/rpc': _room('services/app services/access services/base',
                          'proto absl protobuf grpc posix'),
    'services/gateway': _room('services/app services/rpc services/access services/base',
                              'proto absl protobuf grpc json microhttpd posix'),
    'services/leyed': _room('matcher services', 'proto absl protobuf grpc cli11 prometheus posix'),
    'services/leyectl': _room('services/access services/base',
                              'proto absl protobuf grpc cli11 json posix sqlite expat libzip '
                              'xlsxwriter'),
    'tests': _room('matcher services',
                   'proto absl protobuf grpc hwy posix openssl sqlite hiredis cli11 json libzip test '
                   'fmt spdlog lemon libpq nghttp2 zlib zstd'),
}

# How an include is recognised: the first pattern that matches names it.
THIRD_PARTY = (
    ('grpc', ('grpcpp/*', 'grpc/grpc*.h', 'grpc/support/*', 'grpc/impl/*', '*.grpc.pb.h',
              'grpc/health/*')),
    ('proto', ('leye/*.pb.h', )),
    ('rpc-proto', ('google/rpc/*', )),
    ('protobuf', ('google/protobuf/*', )),
    ('absl', ('absl/*', )),
    ('hwy', ('hwy/*', )),
    ('fmt', ('fmt/*', )),
    ('spdlog', ('spdlog/*', )),
    ('sqlite', ('sqlite3.h', 'SQLiteCpp/*')),
    ('hiredis', ('hiredis/*', )),
    ('zstd', ('zstd.h', )),
    ('libpq', ('libpq-fe.h', )),
    ('nghttp2', ('nghttp2/*', )),
    ('zlib', ('zlib.h', )),
    ('openssl', ('openssl/*', )),
    ('microhttpd', ('microhttpd.h', )),
    ('icu', ('unicode/*', )),
    ('opencc', ('opencc/*', )),
    ('cli11', ('CLI/*', )),
    ('prometheus', ('prometheus/*', )),
    ('json', ('nlohmann/*', )),
    ('expat', ('expat.h', )),
    ('libzip', ('zip.h', )),
    ('xlsxwriter', ('xlsxwriter.h', )),
    ('lemon', ('lemon/*', )),
    ('test', ('gtest/*', 'gmock/*', 'rapidcheck*', 'benchmark/*', 'sanitizer/*')),
    ('posix', ('sys/*', 'netinet/*', 'arpa/*', 'linux/*', 'unistd.h', 'fcntl.h', 'signal.h',
               'pthread.h', 'poll.h', 'netdb.h', 'dirent.h', 'ftw.h', 'termios.h', 'spawn.h',
               'dlfcn.h', 'iconv.h', 'langinfo.h', 'sched.h', 'malloc.h')),
)

# Whoever has generated code has the public protos that it is made with.
IMPLIED = {'rpc-proto': 'proto'}

# A third party stays in these files of the room that owns it (the tests are free).
OWNERS = {
    'sqlite': ('services/store/sqlite_*', 'services/leyectl/spill_map.cc'),
    'hiredis': ('services/store/redis_*', ),
    'zstd': ('services/store/redis_*', ),
    'spdlog': ('services/base/*.cc', ),
    'openssl': ('services/*.cc', ),
    'microhttpd': ('services/gateway/*.cc', ),
    'prometheus': ('services/leyed/metrics.cc', ),
    'icu': ('services/text/*.cc', ),
    'opencc': ('services/text/*.cc', ),
    'expat': ('services/leyectl/files/*.cc', ),
    'libzip': ('services/leyectl/files/*.cc', ),
    'xlsxwriter': ('services/leyectl/files/*.cc', ),
}

# Engines of the store: only their own room and the program that wires them may name them.
CONCRETE_STORES = ('services/store/sqlite_*', 'services/store/redis_*')
NAMES_STORES = ('services/store', 'services/leyed', 'tests')

# The matcher reads no files and no clock: what it needs is handed to it.
FORBIDDEN_STANDARD = {
    'matcher': frozenset('chrono ctime time.h fstream filesystem iostream cstdio stdio.h '
                         'absl/time/clock.h'.split()),
}

# CMake targets by the words above; leye_<room> stands for services/<room>.
TARGETS = {
    'leye_proto': 'proto', 'leye_matcher': 'matcher', 'leye_plan': 'matcher',
    'SQLite::SQLite3': 'sqlite',
    'SQLiteCpp': 'sqlite', 'hiredis::hiredis': 'hiredis', 'libzstd::libzstd': 'zstd',
    'OpenSSL::SSL': 'openssl', 'OpenSSL::Crypto': 'openssl', 'hwy::hwy': 'hwy', 'CLI11::CLI11': 'cli11',
    'nlohmann_json::nlohmann_json': 'json', 'microhttpd::microhttpd': 'microhttpd',
    'spdlog::spdlog': 'spdlog', 'fmt::fmt': 'fmt',
    'protobuf::libprotobuf': 'protobuf', 'gRPC::grpc++': 'grpc',
    'gRPC::grpc++_reflection': 'grpc', 'EXPAT::EXPAT': 'expat', 'libzip::libzip': 'libzip',
    'xlsxwriter::xlsxwriter': 'xlsxwriter',
}


def room_of(path):
    """The room of a file or folder, or None for one outside all rooms."""
    found = [room for room in ROOMS if path == room or path.startswith(room + '/')]
    return max(found, key=len, default=None)


def third_party_of(include):
    """The word for a third-party header, or None for the standard library's and unknown ones."""
    for word, patterns in THIRD_PARTY:
        if matches(include, patterns):
            return word
    return None


def may_use_room(room, other):
    return other == room or any(
        other == allowed or other.startswith(allowed + '/') for allowed in ROOMS[room].rooms)


def may_use_third_party(room, word):
    allowed = ROOMS[room].third_party
    return word in allowed or IMPLIED.get(word) in allowed


def matches(path, patterns):
    return any(fnmatch.fnmatch(path, pattern) for pattern in patterns)
