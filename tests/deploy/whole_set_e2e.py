#!/usr/bin/env python3
"""From an empty folder: the package, unpacked; its two leyed with master keys on a replicated Redis behind Sentinels,
nginx before them, all with the shipped settings; a bureau's ledger in GB18030 and an enterprise's workbook imported;
people ranked by gRPC and by JSON. Then each part is restarted, and the answers are the same.
"""

import json
import pathlib
import subprocess
import tempfile
import unittest

from shipped import (BIN, DEPLOY, ENVIRONMENT, SENTINELS, SERVERS, SentinelTest, edge_command, free_port,
                     make_certificate, write_edge)

LEYED = ['leyed-1', 'leyed-2']
LEDGERS = DEPLOY / 'sample/ledgers'


class WholeSet(SentinelTest):
    names = SentinelTest.names + LEYED + ['nginx']
    entry = 'nginx'

    def setUp(self):
        super().setUp()
        root = self.folder / 'root'
        built = subprocess.run([DEPLOY / 'package/build', self.folder, BIN.parent], text=True, capture_output=True,
                               env={**ENVIRONMENT, 'PACKAGE_COMPRESSION': 'gzip'})
        self.assertEqual(built.returncode, 0, built.stdout + built.stderr)
        subprocess.run(['dpkg-deb', '-x', pathlib.Path(built.stdout.strip()), root], check=True)
        self.bin = root / 'usr/bin'
        self.config = root / 'etc/leye/leyed.conf'
        self.http = {name: free_port() for name in LEYED}
        self.key, line = self.made('new-api-key', 'leye://bureau/13').splitlines()
        (self.folder / 'api-keys').write_text(line + '\n')
        self.made('new-master-key', self.folder / 'master-keys')
        (self.folder / 'id-key').write_text('0123456789abcdef0123456789abcdef\n')
        make_certificate(self.folder)
        write_edge(self.folder, self.ports['nginx'],
                   **{'server 127.0.0.1:7400': self.upstream(self.ports), 'server 127.0.0.1:7480': self.upstream(self.http)})

    def made(self, *words):
        return subprocess.run([self.bin / 'leyectl', 'access', *words], check=True, text=True, capture_output=True,
                              env=ENVIRONMENT).stdout

    @staticmethod
    def upstream(ports):
        """Of two leyed in place of one; the first takes nginx.conf's own settings of both."""
        first, second = (f'server 127.0.0.1:{ports[name]}' for name in LEYED)
        return f'{first} max_fails=1 fail_timeout=2s;\n    {second}'

    def command(self, name):
        if name == 'nginx':
            return edge_command(self.folder)
        if name in LEYED:
            return [self.bin / 'leyed', f'--config={self.config}', f'--listen=127.0.0.1:{self.ports[name]}',
                    f'--http=127.0.0.1:{self.http[name]}', '--metrics-listen=', f'--api-keys-file={self.folder / "api-keys"}',
                    f'--master-keys={self.folder / "master-keys"}', *self.store()]
        return super().command(name)

    def ctl(self, *words, server=None):
        where = [f'127.0.0.1:{self.ports[server]}'] if server in LEYED else [
            f'localhost:{self.ports["nginx"]}', '--ca-file', self.folder / 'edge.pem']
        return subprocess.run([self.bin / 'leyectl', '--server', *where, *words], capture_output=True, text=True,
                              env={**ENVIRONMENT, 'LEYECTL_API_KEY': self.key})

    def ok(self, *words, server=None):
        run = self.ctl(*words, server=server)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr + self.logs())
        return run.stdout

    def answers(self):
        """Who is ranked for the welding job, by each client that gets through; None for one that does not."""
        ranked = [self.ctl('--json', 'rank', self.posting, server=server) for server in (*LEYED, 'nginx')]
        body = json.dumps({'posting': self.posting})
        ranked.append(subprocess.run(
            ['curl', '--silent', '--fail', '--cacert', self.folder / 'edge.pem', '--header',
             'content-type: application/json',
             '--header', f'x-api-key: {self.key}', '--data', body,
             f'https://localhost:{self.ports["nginx"]}/leye.v1.MatchService/RankCandidates'],
            capture_output=True, text=True, env={**ENVIRONMENT, 'no_proxy': '*'}))
        return [self.people(run.stdout) if run.returncode == 0 else None for run in ranked]

    @staticmethod
    def people(answer):
        return [(match['candidate']['name'], match['scores']) for match in json.loads(answer)['matches']]

    def test_answers_are_the_same_after_each_part_was_restarted(self):
        self.start_redis()
        for name in LEYED:
            self.start_leyed(name)
        self.start('nginx')
        self.eventually(lambda: self.create_area(0, server='leyed-1').returncode == 0, 'no commit is taken')
        # Imports are longer than nginx takes.
        self.ok('import', 'areas', DEPLOY / 'sample/hebei-small/areas.jsonl', server='leyed-1')
        self.ok('import', 'candidates', LEDGERS / 'ledger-gb18030.csv', '--id-key-file', self.folder / 'id-key',
                server='leyed-1')
        self.ok('import', 'postings', LEDGERS / 'recruitment.xlsx', server='leyed-2')
        postings = [json.loads(line) for line in self.ok('--json', 'list', 'postings').splitlines()]
        self.posting = next(posting['name'] for posting in postings if '电焊' in posting['title'])
        self.eventually(lambda: all(self.answers()), 'nobody is ranked')
        before = self.answers()
        self.assertEqual(before, [before[0]] * len(before))

        for name in ('nginx', *LEYED, *SENTINELS, *SERVERS):
            self.stop(name)
            if name in LEYED:
                self.start_leyed(name)
            else:
                self.start(name)
            self.eventually(lambda: self.answers() == before, f'other answers after {name}: {before}')
        # Also by one who has read everything anew from whoever is the primary now, and is written to.
        self.eventually(lambda: self.create_area(1, server='leyed-1').returncode == 0, 'no commit is taken')
        self.stop('leyed-2')
        self.start_leyed('leyed-2')
        self.eventually(lambda: self.answers() == before, 'other answers of a new leyed')


if __name__ == '__main__':
    unittest.main()
