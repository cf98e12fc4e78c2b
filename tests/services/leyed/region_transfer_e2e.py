#!/usr/bin/env python3
"""The sample's region moves from store to store through files, by the programs: between embedded stores, and into
Redis and back.

All are served and compared. The commands are killed on the way, each at a place that the test chooses, and run
again: the kernel ends a process that writes beyond its file size limit, and on the way to Redis a relay counts what
passes. Needs LEYE_BIN_DIR and LEYE_SOURCE_DIR, as ctest sets them.
"""

import contextlib
import json
import os
import pathlib
import resource
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

BIN = pathlib.Path(os.environ['LEYE_BIN_DIR'])
SAMPLE = pathlib.Path(os.environ['LEYE_SOURCE_DIR']) / 'deploy/sample/hebei-small'
# leyed refuses unknown variables of that prefix, the test's own included.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith('LEYE_')}


def leyed(*words, file_limit=None):
    """Runs leyed to its end; with a limit it is killed by the first write beyond it."""
    def limit():
        if file_limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    return subprocess.run([BIN / 'leyed', *words], capture_output=True, text=True, timeout=90,
                          env=ENVIRONMENT, preexec_fn=limit)


# A request that is remembered.
CREATE = ('create', 'area', '--name', 'trial', '--request-id', 'once')
AREA = '{"displayName": "试验新村", "divisionCode": "130723", ' \
       '"location": {"latitude": 41.8, "longitude": 114.6}}'


class Server:
    """A leyed on a store of its own, which the flags name, asked by leyectl."""

    def __init__(self, *store):
        self.process = subprocess.Popen(
            # Not counting who is shown: that is written soon after, and makes another revision.
            [BIN / 'leyed', '--listen=127.0.0.1:0', '--log-level=warning', '--showings-interval=0', *store],
            stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
        self.address = self.process.stdout.readline().split()[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.stdout.close()
        if self.process.wait(timeout=30) != 0:
            raise AssertionError('leyed did not end in order')

    def ctl(self, *words, stdin=''):
        run = subprocess.run([BIN / 'leyectl', '--server', self.address, '--json', *words],
                             input=stdin, capture_output=True, text=True, timeout=90,
                             env={**ENVIRONMENT, 'LC_ALL': 'C'})
        if run.returncode != 0:
            raise AssertionError(run.stderr)
        return run.stdout

    def everything(self):
        """What the server answers: all records with their etags, and some ranked people."""
        answers = {what: self.ctl('list', what, '--page-size', '1000', '--all')
                   for what in ('areas', 'employers', 'households', 'candidates', 'postings')}
        for posting in ('job-0001', 'post-0001', 'relief-0001'):
            answers[posting] = json.loads(self.ctl('rank', posting))['matches']
        return answers


class Redis:
    """A redis-server of the test's own, behind a Unix socket, with the settings that leyed asks for."""

    def __init__(self, folder):
        self.socket = folder / 'redis'
        self.command = ['redis-server', '--port', '0', '--unixsocket', self.socket, '--dir', folder,
                        '--save', '', '--appendonly', 'yes', '--appendfsync', 'always',
                        '--maxmemory-policy', 'noeviction', '--repl-backlog-ttl', '0']
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        while 'eady to accept connections' not in (line := self.process.stdout.readline()):
            if not line:
                raise AssertionError('redis-server ended')

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=30)
        self.process.stdout.close()

    def flags(self, at=None):
        """With `at`, the way leads through a relay there. The times are for a busy machine."""
        return ('--store=redis', f'--redis-address=unix:{at or self.socket}', '--redis-connect-timeout=20s',
                '--redis-call-timeout=60s')


class Relay:
    """A way to Redis that `limit` bytes can go. Then it stands still, and `full` is set."""

    def __init__(self, redis, limit):
        self.redis, self.left, self.full = redis, limit, threading.Event()
        self.lock = threading.Lock()
        self.path = redis.socket.with_name(f'relay{limit}')
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, server = self.listener.accept()[0], socket.socket(socket.AF_UNIX)
            server.connect(str(self.redis.socket))
            threading.Thread(target=self.carry, args=(client, server, self.count), daemon=True).start()
            threading.Thread(target=self.carry, args=(server, client, len), daemon=True).start()

    def count(self, data):
        """How many bytes of `data` may pass."""
        with self.lock:
            passing = min(len(data), self.left)
            self.left -= passing
            if self.left == 0:
                self.full.set()
            return passing

    def carry(self, source, target, count):
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                target.sendall(data[:count(data)])
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class RegionTransfer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        with Server(f'--data-dir={cls.folder}/source') as server:
            server.ctl('import', SAMPLE)
            server.ctl('close', 'job-0002', '--reason', 'filled')
            cls.created = server.ctl(*CREATE, stdin=AREA)
            cls.before = server.everything()
        cls.file = cls.folder / 'hebei.leye'
        run = leyed('export', '13', cls.file, f'--data-dir={cls.folder}/source')
        if run.returncode != 0:
            raise AssertionError(run.stderr)
        cls.said = run.stdout
        cls.size = cls.file.stat().st_size

    def store(self, name):
        return f'--data-dir={self.folder / name}'

    def redis(self):
        folder = tempfile.TemporaryDirectory(dir='/tmp')  # Names of Unix sockets are short.
        self.addCleanup(folder.cleanup)
        server = Redis(pathlib.Path(folder.name))
        self.addCleanup(server.kill)
        return server

    def succeeds(self, run):
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def assert_same(self, said):
        """What a command said is about the very region that was exported."""
        self.assertEqual(said.split(': ')[1], self.said.split(': ')[1])

    def assert_answers_as_before(self, server):
        after = server.everything()
        for what, answer in self.before.items():
            self.assertTrue(answer == after[what], what)
        self.assertEqual(server.ctl(*CREATE, stdin=AREA), self.created)

    def test_answers_and_etags_are_the_same_on_the_other_side(self):
        self.assertIn('etag', self.before['postings'])
        said = self.succeeds(leyed('import', self.file, self.store('target')))
        self.assert_same(said)
        self.assertRegex(said, ' [1-9][0-9]* remembered requests')
        with Server(self.store('target')) as server:
            self.assert_answers_as_before(server)
            etag = json.loads(server.ctl('get', 'postings/job-0003'))['etag']
            closed = json.loads(server.ctl('close', 'job-0003'))
            self.assertNotEqual(closed.get('posting', closed)['etag'], etag)

    def test_into_redis_and_back_everything_is_the_same(self):
        redis, back = self.redis(), self.folder / 'back.leye'
        self.assert_same(self.succeeds(leyed('import', self.file, *redis.flags())))
        with Server(*redis.flags()) as server:
            self.assert_answers_as_before(server)
        self.assert_same(self.succeeds(leyed('verify', self.file, *redis.flags())))
        for part in (0.2, 0.8):
            run = leyed('export', '13', back, *redis.flags(), file_limit=int(self.size * part))
            self.assertEqual(run.returncode, -signal.SIGXFSZ, run.stderr)
        self.assert_same(self.succeeds(leyed('export', '13', back, *redis.flags())))
        self.assert_same(self.succeeds(leyed('import', back, self.store('back'))))
        self.assert_same(self.succeeds(leyed('verify', self.file, self.store('back'))))
        with Server(self.store('back')) as server:
            self.assert_answers_as_before(server)

    def test_import_into_redis_goes_on_whoever_was_killed(self):
        redis = self.redis()
        for step, victim in enumerate(('leyed', 'redis', 'leyed', 'redis')):
            relay = Relay(redis, self.size * 3 // 10 + step)
            with subprocess.Popen([BIN / 'leyed', 'import', self.file, *redis.flags(relay.path)],
                                  stderr=subprocess.DEVNULL, env=ENVIRONMENT) as importing:
                self.assertTrue(relay.full.wait(timeout=90), 'it has ended before')
                (importing if victim == 'leyed' else redis).kill()
                self.assertNotEqual(importing.wait(timeout=90), 0)
            if victim == 'redis':
                redis.start()
        self.assert_same(self.succeeds(leyed('import', self.file, *redis.flags())))
        with Server(*redis.flags()) as server:
            self.assert_answers_as_before(server)

    def test_redis_that_holds_the_region_is_left_alone(self):
        redis = self.redis()
        with Server(*redis.flags()) as server:
            server.ctl('import', SAMPLE)
        run = leyed('import', self.file, *redis.flags())
        self.assertEqual(run.returncode, 1)
        self.assertIn('region 13 is not empty', run.stderr)


    def test_export_killed_on_the_way_goes_on_to_the_same_file(self):
        file = self.folder / 'killed.leye'
        for part in (0.1, 0.5, 0.9):
            run = leyed('export', '13', file, self.store('source'),
                        file_limit=int(self.size * part))
            self.assertEqual(run.returncode, -signal.SIGXFSZ, run.stderr)
            self.assertLessEqual(file.stat().st_size, self.size * part)
            self.assertEqual(leyed('import', file, self.store('unfinished')).returncode, 1)
        self.succeeds(leyed('export', '13', file, self.store('source')))
        self.assertEqual(file.read_bytes(), self.file.read_bytes())

    def test_import_killed_on_the_way_goes_on(self):
        deaths = 0
        for limit in (200_000, 700_000, 1_500_000):
            run = leyed('import', self.file, self.store('killed'), file_limit=limit)
            deaths += run.returncode == -signal.SIGXFSZ
        self.assertGreater(deaths, 0)
        self.succeeds(leyed('import', self.file, self.store('killed')))
        self.succeeds(leyed('verify', self.file, self.store('killed')))
        self.succeeds(leyed('verify', self.file, self.store('source')))

    def test_flipped_byte_is_named_and_nothing_comes_in(self):
        sound = self.file.read_bytes()
        damaged = self.folder / 'damaged.leye'
        damaged.write_bytes(sound[:self.size // 2] + bytes([sound[self.size // 2] ^ 1]) +
                            sound[self.size // 2 + 1:])
        run = leyed('import', damaged, self.store('spared'))
        self.assertEqual(run.returncode, 1)
        self.assertRegex(run.stderr, r'damaged\.leye: frame \d+, at byte \d+, ')
        self.succeeds(leyed('import', self.file, self.store('spared')))

    def test_store_in_use_and_region_in_use_are_refused(self):
        with Server(self.store('busy')) as server:
            run = leyed('export', '13', self.folder / 'busy.leye', self.store('busy'))
            self.assertEqual(run.returncode, 1)
            self.assertIn('.lock', run.stderr)
            server.ctl('import', SAMPLE)
        run = leyed('import', self.file, self.store('busy'))
        self.assertEqual(run.returncode, 1)
        self.assertIn('region 13 is not empty', run.stderr)

    def test_leyectl_says_who_imports_such_a_file(self):
        for language, word in (('en', 'leyed import'), ('zh-CN', '先停止 leyed')):
            run = subprocess.run([BIN / 'leyectl', '--lang', language, 'import', self.file],
                                 capture_output=True, text=True, timeout=30, env=ENVIRONMENT)
            self.assertEqual(run.returncode, 2)
            self.assertIn(word, run.stderr)

    def test_wrong_words_are_a_mistake_of_usage(self):
        for words in (['export', '13'], ['export', 'x', 'file'], ['import'], ['serve']):
            self.assertEqual(leyed(*words).returncode, 2, words)
        self.assertIn('leyed export REGION FILE', leyed('--help').stdout)


if __name__ == '__main__':
    unittest.main()
