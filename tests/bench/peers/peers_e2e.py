#!/usr/bin/env python3
"""tests/bench/peers/run at county scale: every peer gives leye's answers, and nothing stays behind.

Built with LEYE_BUILD_PEERS only, because it needs a PostgreSQL server.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BINARIES = pathlib.Path(os.environ['LEYE_BIN_DIR'])
RUN = pathlib.Path(__file__).parent / 'run'


class PeersTest(unittest.TestCase):

    def test_same_answers_and_a_clean_end(self):
        # PostgreSQL's unix socket needs a short path that its own user may enter.
        with tempfile.TemporaryDirectory(dir='/tmp', prefix='leye-e2e-') as folder:
            os.chmod(folder, 0o755)
            data = pathlib.Path(folder) / 'data'
            subprocess.run([BINARIES / 'leye_bench', 'generate', '--scale', 'county', '--queries',
                            '100', '--out', data], check=True)
            temporary = pathlib.Path(folder) / 't'
            temporary.mkdir()
            done = subprocess.run([RUN, '--data', data, '--seconds', '5', '--json', '--binaries',
                                   BINARIES], check=True, stdout=subprocess.PIPE, text=True,
                                  env=os.environ | {'TMPDIR': str(temporary)})
            report = json.loads(done.stdout.splitlines()[-1])
            self.assertEqual(report['differences'], 0)
            for peer in ('leye', 'scan', 'postgres'):
                for direction in ('rank', 'recommend'):
                    self.assertGreater(report['peers'][peer][direction]['queries'], 0)
            self.assertEqual(list(temporary.iterdir()), [])


if __name__ == '__main__':
    unittest.main()
