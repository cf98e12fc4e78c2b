#!/usr/bin/env python3
"""leyectl against a real leyed with the embedded store, on the shipped sample.

Needs LEYE_BIN_DIR and LEYE_SOURCE_DIR, as ctest sets them.
"""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ['LEYE_BIN_DIR'])
SAMPLE = pathlib.Path(os.environ['LEYE_SOURCE_DIR']) / 'deploy/sample/hebei-small'
SHOWN = ('job-0001', 'post-0001', 'relief-0001')  # One posting of each channel.


class Leyectl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        log = open(pathlib.Path(cls.folder.name) / 'leyed.log', 'wb')
        cls.addClassCleanup(log.close)
        cls.server = subprocess.Popen(
            [BIN / 'leyed', '--listen=127.0.0.1:0', f'--data-dir={cls.folder.name}/store'],
            stdout=subprocess.PIPE, stderr=log, text=True,
            # leyed refuses unknown variables of that prefix, the test's own included.
            env={k: v for k, v in os.environ.items() if not k.startswith('LEYE_')})
        cls.addClassCleanup(cls.stop_server)
        cls.address = cls.server.stdout.readline().split()[-1]
        cls.first_import = cls.ctl('--json', 'import', SAMPLE)
        cls.revision = cls.lines(cls.first_import)[-1]['revision']

    @classmethod
    def stop_server(cls):
        cls.server.send_signal(signal.SIGTERM)
        cls.server.stdout.close()
        if cls.server.wait(timeout=30) != 0:
            raise AssertionError('leyed did not end in order')

    @classmethod
    def ctl(cls, *words, stdin='', server=None):
        return subprocess.run(
            [BIN / 'leyectl', '--server', server or cls.address, *words], input=stdin,
            capture_output=True, text=True, timeout=60, env={**os.environ, 'LC_ALL': 'C'})

    @staticmethod
    def lines(run):
        return [json.loads(line) for line in run.stdout.splitlines()]

    def ok(self, *words, stdin=''):
        run = self.ctl(*words, stdin=stdin)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run

    def rank(self, posting, *words):
        return json.loads(self.ok('--json', 'rank', posting, '--min-revision', self.revision,
                                  *words).stdout)

    def test_import_takes_the_whole_sample(self):
        self.assertEqual(self.first_import.returncode, 0, self.first_import.stderr)
        created = {line['collection']: line['created'] for line in self.lines(self.first_import)
                   if 'collection' in line}
        self.assertEqual(created, {'areas': 20, 'employers': 118, 'households': 1282,
                                   'candidates': 3000, 'postings': 300})

    def test_importing_again_changes_nothing(self):
        for line in self.lines(self.ok('--json', 'import', SAMPLE)):
            # Other tests close a posting for a while, which the import leaves alone.
            self.assertEqual(line['created'] + line['updated'] + line['rejected'], 0, line)

    def test_each_channel_has_ten_people_best_first(self):
        for posting in SHOWN:
            answer = self.rank(posting)
            scores = [match['scores']['forwardMicros'] for match in answer['matches']]
            self.assertEqual(len(scores), 10, posting)
            self.assertEqual(scores, sorted(scores, reverse=True))
            self.assertTrue(all(match['criteria'][0]['evidence'] for match in answer['matches']))

    def test_tables_show_score_distance_and_reasons(self):
        table = self.ok('rank', 'job-0001', '--min-revision', self.revision).stdout
        self.assertRegex(table, r'(?m)^ 1 +\d+\.\d %')
        self.assertIn(' km ', table)
        self.assertIn('considered 3,000', table)

    def test_the_best_person_is_recommended_postings_and_explained(self):
        person = self.rank('job-0001')['matches'][0]['candidate']['name']
        postings = json.loads(self.ok('--json', 'recommend', person).stdout)['matches']
        scores = [match['scores']['reverseMicros'] for match in postings]
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertTrue(all(match['criteria'][0]['evidence'] for match in postings))
        # The two directions see the same pairs.
        self.assertIn('regions/13/postings/job-0001',
                      [match['posting']['name'] for match in postings])
        self.assertIn('FITS', self.ok('explain', person, 'job-0001').stdout)
        self.assertIn('%', self.ok('score', f'{person},job-0001').stdout)

    def test_whoever_has_work_is_turned_away_with_the_reason(self):
        text = self.ok('--lang', 'zh-CN', 'explain', 'c000001', 'job-0001').stdout
        self.assertIn('不符合条件', text)
        self.assertIn('求职状态', text)

    def test_get_and_list(self):
        posting = json.loads(self.ok('get', '13/postings/job-0001').stdout)
        self.assertEqual(posting['title'], '缝纫工')
        listing = self.lines(self.ok('--json', 'list', 'areas', '--page-size', '7', '--all'))
        self.assertEqual(len(listing), 20)
        self.assertIn('怡安社区', self.ok('list', 'area').stdout)

    def test_close_is_watched_and_reopened_once(self):
        watch = subprocess.Popen(
            [BIN / 'leyectl', '--server', self.address, '--json', 'watch', 'postings', '--count',
             '1', '--from', self.revision], stdout=subprocess.PIPE, text=True)
        self.ok('close', 'job-0004', '--reason', 'filled')
        out, _ = watch.communicate(timeout=30)
        self.assertEqual(json.loads(out)['name'], 'regions/13/postings/job-0004')
        self.assertEqual(self.ctl('close', 'job-0004').returncode, 6)
        self.ok('reopen', 'job-0004')

    def test_create_says_everything_that_is_wrong(self):
        run = self.ctl('create', 'posting', stdin='{"openings": -1}')
        self.assertEqual(run.returncode, 4)
        for field in ('posting.openings', 'posting.title', 'posting.employer'):
            self.assertIn(field, run.stderr)

    def test_create_update_and_delete(self):
        area = '{"displayName": "试验新村", "divisionCode": "130723", ' \
               '"location": {"latitude": 41.8, "longitude": 114.6}}'
        self.ok('create', 'area', '--name', 'trial', stdin=area)
        self.assertEqual(self.ctl('create', 'area', '--name', 'trial', stdin=area).returncode, 6)
        self.ok('update', 'area', '--name', 'trial', stdin='{"remarks": "small"}')
        self.assertIn('"small"', self.ok('get', 'areas/trial').stdout)
        self.ok('delete', 'areas/trial')
        self.assertEqual(self.ctl('get', 'areas/trial').returncode, 3)

    def test_skills_and_status(self):
        self.assertIn('welding-arc', self.ok('skills', 'search', '电焊').stdout)
        status = json.loads(self.ok('--json', 'status').stdout)
        self.assertEqual((status['health'], status['settlementAreas']), ('SERVING', 20))

    def test_exit_codes_tell_what_went_wrong(self):
        self.assertEqual(self.ctl('rank', 'nobody').returncode, 3)
        self.assertEqual(self.ctl('list', 'postings', '--filter', 'colour = red').returncode, 4)
        self.assertEqual(self.ctl('status', server='127.0.0.1:1').returncode, 5)
        self.assertEqual(self.ctl('frobnicate').returncode, 2)


if __name__ == '__main__':
    unittest.main(verbosity=1)
