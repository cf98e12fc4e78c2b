#!/usr/bin/env python3
"""Plants violations in a small tree and sees that the checks find exactly them."""

import pathlib
import tempfile
import unittest

import check_files
import check_layering


class PlantedTree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def plant(self, path, text):
        full = self.root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text + '\n', encoding='utf-8')

    def assert_include(self, path, include, allowed):
        self.plant(path, f'#include <vector>\n#include {include}')
        found = list(check_layering.check(self.root))
        (self.root / path).unlink()
        if allowed:
            self.assertEqual([], found, f'{path} may include {include}')
        else:
            self.assertEqual(1, len(found), f'{path} may not include {include}')
            self.assertTrue(found[0].startswith(f'{path}:2: '), found[0])


class Layering(PlantedTree):
    def test_rooms_include_only_what_stands_below_them(self):
        self.assert_include('services/app/a.cc', '"matcher/fit.h"', True)
        self.assert_include('services/app/a.cc', '"services/rpc/status.h"', False)
        self.assert_include('services/base/a.h', '"services/store/store.h"', False)
        self.assert_include('services/leyectl/a.cc', '"services/app/names.h"', False)
        self.assert_include('services/leyed/main.cc', '"services/store/sqlite_store.h"', True)
        self.assert_include('services/rpc/a.cc', '"tests/testing/fake_clock.h"', False)

    def test_matcher_knows_neither_protos_nor_files_nor_clocks(self):
        self.assert_include('matcher/a.h', '"absl/status/status.h"', True)
        self.assert_include('matcher/a.cc', '"hwy/highway.h"', True)
        for include in ('"leye/v1/posting.pb.h"', '<google/protobuf/message.h>', '<fstream>',
                        '<chrono>', '<unistd.h>', '"absl/time/clock.h"', '"services/base/clock.h"'):
            self.assert_include('matcher/a.h', include, False)

    def test_only_leyed_and_tests_name_a_concrete_store(self):
        self.assert_include('services/live/a.cc', '"services/store/store.h"', True)
        self.assert_include('services/live/a.cc', '"services/store/redis_store.h"', False)
        self.assert_include('tests/services/store/a.cc', '"services/store/redis_store.h"', True)

    def test_third_parties_stay_with_their_owner(self):
        self.assert_include('services/store/sqlite_db.cc', '<sqlite3.h>', True)
        self.assert_include('services/store/record.cc', '<sqlite3.h>', False)
        self.assert_include('services/store/redis_store.cc', '<hiredis/hiredis.h>', True)
        self.assert_include('services/store/sqlite_db.cc', '<hiredis/hiredis.h>', False)
        self.assert_include('services/app/a.cc', '<grpcpp/grpcpp.h>', False)
        self.assert_include('services/app/a.cc', '"leye/v1/skill.grpc.pb.h"', False)
        self.assert_include('services/app/a.cc', '"leye/v1/skill.pb.h"', True)
        self.assert_include('services/rpc/a.h', '<grpcpp/grpcpp.h>', True)
        self.assert_include('services/rpc/a.cc', '<gtest/gtest.h>', False)

    def test_includes_are_written_from_the_root(self):
        self.assert_include('services/app/a.cc', '"names.h"', False)
        self.assert_include('services/app/a.cc', '"../base/clock.h"', False)

    def test_link_lines_keep_to_the_same_table(self):
        self.plant('services/app/CMakeLists.txt',
                   'leye_library(leye_app SOURCES a.cc\n  DEPS leye_base leye_rpc\n'
                   '  PRIVATE_DEPS leye_matcher gRPC::grpc++)')
        self.assertEqual(
            ['services/app/CMakeLists.txt:2: services/app may not link leye_rpc',
             'services/app/CMakeLists.txt:3: services/app may not link gRPC::grpc++'],
            list(check_layering.check(self.root)))


class Files(PlantedTree):
    def assert_found(self, *expected):
        self.assertEqual(list(expected), [v.split(':')[0] for v in check_files.check(self.root)])

    def test_long_files_are_found(self):
        self.plant('services/app/short.h', '\n' * 249)
        self.plant('services/app/long.h', '\n' * 250)
        self.plant('services/app/short.cc', '\n' * 499)
        self.plant('services/app/long.cc', '\n' * 500)
        self.assert_found('services/app/long.cc', 'services/app/long.h')

    def test_paths_of_one_machine_are_found(self):
        self.plant('deploy/a', 'cd /wor' 'k/main')
        self.plant('deploy/b', 'cp x /roo' 't/x')
        self.plant('deploy/c', 'cd build/work/x; ls /usr/share $ROOT/home/x')
        self.assert_found('deploy/a', 'deploy/b')

    def test_nolint_needs_a_check_and_a_reason(self):
        self.plant('matcher/a.cc', 'int a;  // NOLINT')
        self.plant('matcher/b.cc', 'int a;  // NOLINT(misc-x)')
        self.plant('matcher/c.cc', '// NOLINTNEXTLINE(misc-x): the library wants it\nint a;')
        self.assert_found('matcher/a.cc', 'matcher/b.cc')

    def test_names_that_hide_those_of_a_header_are_found(self):
        self.plant('services/app/a.h', 'namespace leye::app {\nvoid SetText(int field);\n}  // namespace leye::app')
        text = 'namespace leye::app {\n%svoid SetText(const char* field) {}\n}  // namespace%s'
        self.plant('services/app/own.cc', text % ('', ' leye::app'))
        self.plant('services/app/hides.cc', text % ('namespace {\n', ''))
        self.plant('services/rpc/elsewhere.cc', text % ('namespace {\n', ''))
        self.assert_found('services/app/hides.cc')


if __name__ == '__main__':
    unittest.main()
