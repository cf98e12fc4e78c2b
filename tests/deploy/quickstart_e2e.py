#!/usr/bin/env python3
"""deploy/quickstart as a user runs it, with the programs of this build instead of compiling them.

Needs LEYE_BIN_DIR and LEYE_SOURCE_DIR, as ctest sets them.
"""

import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import tempfile
import unittest

import shipped

BIN = pathlib.Path(os.environ['LEYE_BIN_DIR'])
DEPLOY = pathlib.Path(os.environ['LEYE_SOURCE_DIR']) / 'deploy'
WRONG_USE = 2


class Quickstart(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.data = self.folder / 'data'
        self.address = f'127.0.0.1:{shipped.free_port()}'
        self.make_tree()
        self.addCleanup(self.stop_server)

    def make_tree(self):
        """A checkout that is built: quickstart itself, links to the rest, a cmake that has nothing to do."""
        deploy = self.folder / 'leye/deploy'
        deploy.mkdir(parents=True)
        for each in DEPLOY.iterdir():
            if each.name != 'quickstart':
                (deploy / each.name).symlink_to(each)
        self.quickstart = deploy / 'quickstart'
        self.quickstart.write_bytes((DEPLOY / 'quickstart').read_bytes())
        self.quickstart.chmod(0o755)
        programs = self.folder / 'leye/build/release'
        programs.mkdir(parents=True)
        (programs / 'bin').symlink_to(BIN)
        self.tools = self.folder / 'tools'
        self.tools.mkdir()
        self.stub('cmake', 'exit 0')

    def stub(self, name, script):
        file = self.tools / name
        file.write_text(f'#!/bin/sh\n{script}\n')
        file.chmod(0o755)

    def environment(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith('LEYE')}
        return {**kept, 'PATH': f'{self.tools}:{os.environ["PATH"]}', 'LC_ALL': 'C'}

    def run_it(self, *words):
        with open(self.folder / 'said', 'w+') as said:  # Not a pipe: the server outlives the run.
            run = subprocess.run(
                [self.quickstart, '--data', self.data, '--listen', self.address, *words],
                stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, timeout=200,
                env=self.environment())
            said.seek(0)
            return run.returncode, said.read()

    def ok(self, *words):
        status, text = self.run_it(*words)
        self.assertEqual(status, 0, text)
        return text

    def server_pid(self):
        file = self.data / 'leyed.pid'
        return int(file.read_text()) if file.exists() else None

    def stop_server(self):
        pid = self.server_pid()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)

    def assert_nobody_serves(self):
        with socket.socket() as probe:
            host, port = self.address.split(':')
            self.assertNotEqual(probe.connect_ex((host, int(port))), 0)

    def test_shows_ten_people_a_channel_ten_postings_and_a_refusal(self):
        text = self.ok('--once')
        for posting in ('job-0001', 'post-0001', 'relief-0001'):
            shown = text.split(f'$ leyectl rank {posting}')[1].split('considered')[0]
            self.assertEqual(len(re.findall(r'(?m)^ *\d+ +\d+\.\d %', shown)), 10, posting)
        shown = text.split('$ leyectl recommend')[1].split('considered')[0]
        self.assertEqual(len(re.findall(r'(?m)^ *\d+ +\d+\.\d %', shown)), 10)
        self.assertIn('ABOVE_AGE_RANGE', text.split('$ leyectl explain')[1])
        self.assertIn('the server is stopped', text)
        self.assert_nobody_serves()

    def test_leaves_the_server_running_and_a_second_run_keeps_the_data(self):
        first = self.ok()
        self.assertIn(f'leyed is running on {self.address}', first)
        pid = self.server_pid()
        second = self.ok()
        self.assertIn(f'already running, pid {pid}', second)
        for collection in ('areas', 'employers', 'households', 'candidates', 'postings'):
            self.assertRegex(second, rf'{collection} +created 0, updated 0, unchanged [\d,]+(, flagged \d+)?, rejected 0')

    def test_the_commands_to_try_next_show_something(self):
        said = self.ok().split('Try next:\n')[1]
        commands = said.strip().splitlines()
        self.assertEqual(len(commands), 3)
        for command in commands:
            run = subprocess.run(shlex.split(command), capture_output=True, text=True, timeout=60,
                                 env=self.environment())
            self.assertEqual(run.returncode, 0, command + run.stderr)
            self.assertGreater(len(run.stdout.splitlines()), 3, command)
            self.assertNotIn('没有符合条件的结果', run.stdout)

    def test_a_port_that_something_else_holds_is_a_failure(self):
        with socket.socket() as other:
            host, port = self.address.split(':')
            other.bind((host, int(port)))
            other.listen()
            status, text = self.run_it()
        self.assertEqual(status, 1, text)
        self.assertIn(f'cannot listen on {self.address}', text)
        self.assertIsNone(self.server_pid())

    def test_another_leyed_on_the_address_is_left_alone(self):
        self.ok()
        pid = self.server_pid()
        status, text = self.run_it('--data', self.folder / 'elsewhere')
        self.assertEqual(status, 1, text)
        self.assertIn('another server answers', text)
        os.kill(pid, 0)  # It lives.

    def test_a_failed_step_is_named_and_leaves_no_server(self):
        self.stub('cmake', 'test "$1" != --build')
        status, text = self.run_it()
        self.assertEqual(status, 1, text)
        self.assertIn('quickstart: the build failed', text)
        self.assert_nobody_serves()

    def test_wrong_use_is_told(self):
        status, text = self.run_it('--twice')
        self.assertEqual(status, WRONG_USE)
        self.assertIn('unknown argument --twice', text)

    def test_a_clock_before_the_samples_day_gets_a_sample_of_its_own_once(self):
        self.stub('date', 'echo 2026-03-05')
        self.assertIn('making one of today', self.ok('--once'))
        self.stub('date', 'echo 2026-03-06')
        second = self.ok('--once')
        self.assertNotIn('making one of today', second)
        self.assertRegex(second, r'candidates +created 0, updated 0, unchanged 3,000')


if __name__ == '__main__':
    unittest.main(verbosity=1)
