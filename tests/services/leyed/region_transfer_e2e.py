#!/usr/bin/env python3
"""The sample's region moves from one embedded store through a file into another, by the programs.

Both are served and compared; both commands are killed on the way (the kernel ends a process that
writes beyond its file size limit, so each dies at a place that the test chooses) and run again.
Needs LEYE_BIN_DIR and LEYE_SOURCE_DIR, as ctest sets them.
"""

import json
import os
import pathlib
import resource
import signal
import subprocess
import tempfile
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
    """A leyed on a store of its own, asked by leyectl."""

    def __init__(self, data):
        self.process = subprocess.Popen(
            [BIN / 'leyed', '--listen=127.0.0.1:0', f'--data-dir={data}', '--log-level=warning'],
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


class RegionTransfer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        with Server(cls.folder / 'source') as server:
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

    def succeeds(self, run):
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def test_answers_and_etags_are_the_same_on_the_other_side(self):
        self.assertIn('etag', self.before['postings'])
        said = self.succeeds(leyed('import', self.file, self.store('target')))
        self.assertEqual(said.split(': ')[1], self.said.split(': ')[1])
        self.assertRegex(said, ' [1-9][0-9]* remembered requests')
        with Server(self.folder / 'target') as server:
            after = server.everything()
            for what, answer in self.before.items():
                self.assertTrue(answer == after[what], what)
            self.assertEqual(server.ctl(*CREATE, stdin=AREA), self.created)
            etag = json.loads(server.ctl('get', 'postings/job-0003'))['etag']
            closed = json.loads(server.ctl('close', 'job-0003'))
            self.assertNotEqual(closed.get('posting', closed)['etag'], etag)

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
        with Server(self.folder / 'busy') as server:
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
