#!/usr/bin/env python3
"""deploy/backup, rehearsed: a backup is made while people write, the store is lost, what was in the backup serves
again under a new epoch. Damaged backups and folders in use are refused.
"""

import os
import shutil
import subprocess
import threading
import time
import unittest

from shipped import BIN, DEPLOY, ENVIRONMENT, ShippedTest


class Rehearsal(ShippedTest):
    entry = 'leyed'

    def run_script(self, name, *words, **variables):
        return subprocess.run([DEPLOY / 'backup' / name, *words], capture_output=True, text=True,
                              env={**ENVIRONMENT, 'LEYED': str(BIN / 'leyed'), **variables})

    def backed_up(self, *words, **variables):
        done = self.run_script('backup', *words, **variables)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def write(self, numbers):
        for number in numbers:
            made = self.create_area(number)
            self.assertEqual(made.returncode, 0, made.stderr + self.logs())

    def areas(self):
        listed = self.ctl('list', 'areas', '--all')
        self.assertEqual(listed.returncode, 0, listed.stderr)
        return {word for word in listed.stdout.split() if word.startswith('社区')}

    def expect_areas(self, expected):
        """Lists are of memory, which follows what is acknowledged."""
        end = time.monotonic() + 30
        while (areas := self.areas()) != expected and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(areas, expected)

    def backed_up_while_writing(self, *words, **variables):
        """A backup and the numbers that must be in it, and may be."""
        self.write([0, 1, 2])
        stop, written = threading.Event(), [0, 1, 2]

        def go_on():
            while not stop.is_set() and len(written) < 200:
                number = len(written)
                if self.create_area(number).returncode == 0:
                    written.append(number)
        writer = threading.Thread(target=go_on)
        writer.start()
        try:
            file = self.backed_up(*words, **variables)
        finally:
            stop.set()
            writer.join()
        self.write([900])
        return file, {'社区0', '社区1', '社区2'}, {f'社区{number}' for number in written}

    def refuses_what_is_wrong(self, kind, file, folder):
        used = self.run_script('restore', kind, file, folder)
        self.assertEqual(used.returncode, 1)
        self.assertIn('is not empty', used.stderr)
        damaged = self.folder / 'damaged'
        shutil.copy(file, damaged)
        shutil.copy(f'{file}.sha256', f'{damaged}.sha256')
        sums = (self.folder / 'damaged.sha256')
        sums.write_text(sums.read_text().replace(os.path.basename(file), 'damaged'))
        self.assertEqual(self.run_script('restore', kind, damaged, self.folder / 'fine').returncode, 0)
        with open(damaged, 'r+b') as half:
            half.truncate(os.path.getsize(file) // 2)
        new = self.folder / 'new'
        refused = self.run_script('restore', kind, damaged, new)
        self.assertEqual(refused.returncode, 1)
        self.assertIn('is damaged', refused.stderr)
        self.assertFalse(new.exists())


class Sqlite(Rehearsal):
    names = ['leyed']
    data = 'data'

    def command(self, name):
        return [BIN / 'leyed', f'--listen=127.0.0.1:{self.ports[name]}', f'--data-dir={self.folder / self.data}']

    def test_what_was_backed_up_serves_again(self):
        self.start_leyed('leyed')
        out = self.folder / 'backups'
        file, least, most = self.backed_up_while_writing('sqlite', self.folder / 'data', out)
        self.assertEqual(os.stat(file).st_mode & 0o777, 0o600)
        self.stop('leyed')
        self.refuses_what_is_wrong('sqlite', file, self.folder / 'data')

        epochs = [self.epoch('data')]
        shutil.rmtree(self.folder / 'data')
        restored = self.run_script('restore', 'sqlite', file, self.folder / 'data')
        self.assertEqual(restored.returncode, 0, restored.stderr)
        epochs.append(self.epoch('data'))
        self.assertNotEqual(*epochs)
        self.start_leyed('leyed')
        areas = self.areas()
        self.assertLessEqual(least, areas)
        self.assertLessEqual(areas, most)
        self.write([901])
        self.expect_areas(areas | {'社区901'})

        # The newest are kept.
        for _ in range(3):
            kept = self.backed_up('sqlite', self.folder / 'data', out, KEEP='2')
        self.assertEqual(len(list(out.glob('*.db'))), 2)
        self.assertTrue(os.path.exists(kept))
        self.assertEqual(len(list(out.iterdir())), 4)

    def epoch(self, data):
        return subprocess.run(['sqlite3', '-readonly', self.folder / data / 'leye.db',
                               'SELECT epoch FROM regions'], capture_output=True, text=True, check=True).stdout

    def test_wrong_use_is_told(self):
        self.assertEqual(self.run_script('backup', 'tape', 'a', 'b').returncode, 2)
        self.assertEqual(self.run_script('restore', 'sqlite', 'a').returncode, 2)
        self.assertIn('there is no store', self.run_script('backup', 'sqlite', self.folder, 'x').stderr)
        nothing = subprocess.run([BIN / 'leyed', 'restored', f'--data-dir={self.folder / "none"}'],
                                 capture_output=True, text=True, env=ENVIRONMENT)
        self.assertEqual(nothing.returncode, 1)
        self.assertIn('is data-dir right?', nothing.stderr)


class Redis(Rehearsal):
    names = ['redis', 'leyed']
    data = 'data'

    def command(self, name):
        secrets = self.folder / 'secrets'
        if name == 'redis':
            (self.folder / self.data).mkdir(exist_ok=True)
            return ['redis-server', 'redis.conf', '--aclfile', secrets / 'users.acl', '--dir',
                    self.folder / self.data, '--port', str(self.ports[name])]
        return [BIN / 'leyed', f'--listen=127.0.0.1:{self.ports[name]}', '--store=redis', '--redis-user=leye',
                f'--redis-address=127.0.0.1:{self.ports["redis"]}',
                f'--redis-password-file={secrets / "leye-password"}']

    def test_what_was_backed_up_serves_again(self):
        self.start('redis')
        self.start_leyed('leyed')
        password = (self.folder / 'secrets/replication.conf').read_text().split()[1]
        file, least, most = self.backed_up_while_writing(
            'redis', self.folder / 'backups', '-p', str(self.ports['redis']), '--user', 'replica',
            REDISCLI_AUTH=password)
        self.stop('leyed')
        self.stop('redis')
        self.refuses_what_is_wrong('redis', file, self.folder / 'data')
        self.data = 'restored'
        restored = self.run_script('restore', 'redis', file, self.folder / self.data)
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.start('redis')
        self.start_leyed('leyed')
        areas = self.areas()
        self.assertLessEqual(least, areas)
        self.assertLessEqual(areas, most)
        self.write([901])
        self.expect_areas(areas | {'社区901'})


if __name__ == '__main__':
    unittest.main()
