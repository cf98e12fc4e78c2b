#!/usr/bin/env python3
"""leye's engine and the plain scan of columns give the same answers, in both directions.

On small populations that are easy to get wrong: the usual one, one where everybody is equally good
(ties), one where everybody lives in one area, and one where nobody is looking for work. The scan is
also compared with the slow scan of the file's records (--verify), and a changed population must give
other answers, so that equal files mean something. Under the product's own rules, and on later pages,
the engine is compared with judging everybody.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BENCH = pathlib.Path(os.environ['LEYE_BIN_DIR']) / 'leye_bench'
QUERIES = 100


def bench(*arguments):
    done = subprocess.run([str(word) for word in (BENCH, *arguments)], check=True, text=True,
                          stdout=subprocess.PIPE)
    return done.stdout


class ScanTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def generate(self, population, seed=1):
        data = self.folder / f'{population}-{seed}'
        bench('generate', '--scale', 'county', '--population', population, '--seed', seed,
              '--queries', QUERIES, '--out', data)
        return data

    def answers(self, data, *command):
        results = self.folder / 'results'
        bench(*command, '--data', data, '--rounds', 1, '--results', results)
        return results.read_text(encoding='ascii')

    def scanned(self, data, direction):
        return self.answers(data, 'scan', '--direction', direction, '--verify')

    def check_population(self, population):
        data = self.generate(population)
        for direction in ('rank', 'recommend'):
            with self.subTest(direction=direction):
                scanned = self.scanned(data, direction)
                self.assertEqual(scanned == '', population == 'nobody-available')
                self.assertEqual(scanned, self.answers(data, direction))

    def test_usual(self):
        self.check_population('usual')

    def test_equally_good_people(self):
        self.check_population('nothing-named')

    def test_one_area(self):
        self.check_population('one-area')

    def test_nobody_available(self):
        self.check_population('nobody-available')

    def test_other_people_other_answers(self):
        self.assertNotEqual(self.scanned(self.generate('usual', 1), 'rank'),
                            self.scanned(self.generate('usual', 2), 'rank'))

    def test_default_rules(self):
        for direction in ('rank', 'recommend'):
            with self.subTest(direction=direction):
                bench(direction, '--data', self.generate('usual'), '--rules', 'default', '--rounds',
                      1, '--verify')

    def test_later_pages_and_ratios(self):
        for direction in ('rank', 'recommend'):
            with self.subTest(direction=direction):
                report = json.loads(
                    bench(direction, '--scale', 'county', '--page', 4, '--rounds', 1, '--queries',
                          QUERIES, '--verify', '--json').splitlines()[-1])
                self.assertEqual(report['mismatches'], 0)
                self.assertGreater(report['ratio_to_scan']['p50'], 0)


if __name__ == '__main__':
    unittest.main()
