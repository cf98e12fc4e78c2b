#!/usr/bin/env python3
"""From an empty folder: the package, unpacked; its two leyed with master keys on a replicated Redis behind Sentinels,
nginx before them, all with the shipped settings; a bureau's ledger in GB18030 and an enterprise's workbook imported;
people ranked by leyectl, curl and the stock clients of tests/clients. Then each part is restarted, and the answers are
the same.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from shipped import (BIN, DEPLOY, ENVIRONMENT, SENTINELS, SERVERS, SentinelTest, edge_command, free_port,
                     make_certificate, write_edge)

LEYED = ['leyed-1', 'leyed-2']
LEDGERS = DEPLOY / 'sample/ledgers'
SOURCE = DEPLOY.parent
PACKAGES = SOURCE / 'build/clients/node_modules'
BUF = SOURCE / 'build/tools/bin/buf'
CHROMIUM = shutil.which('chromium-headless-shell') or shutil.which('chromium')
STOCK_CLIENTS = {'connect-node Connect', 'connect-node gRPC-Web', 'connect-node gRPC', 'connect-web Connect',
                 'connect-web gRPC-Web', 'grpc-js', 'grpcio', 'buf curl'}


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
        self.make_clients()
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
                    f'--http=127.0.0.1:{self.http[name]}', '--http-allowed-origins=*', '--metrics-listen=',
                    f'--api-keys-file={self.folder / "api-keys"}', f'--audit-file={self.folder / name}.audit',
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

    def make_clients(self):
        """The scripts of tests/clients beside npm's packages and what their generators make of the protos."""
        self.assertTrue(PACKAGES.is_dir() and BUF.exists() and CHROMIUM,
                        'not installed: tests/clients/install, tests/tools/install, chromium-headless-shell')
        self.clients = self.folder / 'clients'
        for folder in ('python', 'gen'):
            (self.clients / folder).mkdir(parents=True)
        (self.clients / 'node_modules').symlink_to(PACKAGES)
        for script in (SOURCE / 'tests/clients').glob('*.mjs'):
            shutil.copy(script, self.clients)
        protos = [str(file.relative_to(SOURCE / 'proto')) for file in (SOURCE / 'proto/leye/v1').glob('*.proto')]
        subprocess.run(['protoc', '-I.', f'--python_out={self.clients / "python"}',
                        f'--plugin={PACKAGES / ".bin/protoc-gen-es"}',
                        f'--es_out=target=js,import_extension=js:{self.clients / "gen"}', *protos],
                       check=True, cwd=SOURCE / 'proto')

    def stock_answers(self):
        """Who is ranked for the welding job, by each stock client through nginx; less where one does not get through."""
        address = f'localhost:{self.ports["nginx"]}'
        environment = {**os.environ, 'API_KEY': self.key, 'CA': str(self.folder / 'edge.pem'), 'no_proxy': '*',
                       'PYTHONPATH': str(self.clients / 'python'), 'LEYE_CHROMIUM': CHROMIUM}
        node = ['node', 'rank_client.mjs', address, self.posting, SOURCE / 'proto']
        browser = ['node', 'browser_client.mjs', 'rank', f'https://{address}', self.posting]
        python = ['/usr/bin/python3', SOURCE / 'tests/clients/rank_client.py', address, self.posting]
        buf = [BUF, 'curl', '--schema', SOURCE / 'proto', '--cacert', self.folder / 'edge.pem',
               '--header', f'x-api-key: {self.key}', '--data', json.dumps({'posting': self.posting}),
               f'https://{address}/leye.v1.MatchService/RankCandidates']
        runs = [subprocess.Popen(words, cwd=self.clients, env=environment, text=True, stdout=subprocess.PIPE,
                                 stderr=self.clients_log) for words in (node, browser, python, buf)]
        told = [run.communicate()[0] for run in runs]
        answers = {name: [tuple(pair) for pair in json.loads(found)]
                   for name, found in (line.split('\t') for line in ''.join(told[:3]).splitlines())}
        if runs[3].returncode == 0:
            answers['buf curl'] = self.people(told[3])
        return answers

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
        self.clients_log = self.enterContext(open(self.folder / 'clients.log', 'w'))
        by_stock_clients = dict.fromkeys(STOCK_CLIENTS, before[0])
        self.assertEqual(self.stock_answers(), by_stock_clients, self.logs())

        for name in ('nginx', *LEYED, *SENTINELS, *SERVERS):
            self.stop(name)
            if name in LEYED:
                self.start_leyed(name)
            else:
                self.start(name)
            self.eventually(lambda: self.answers() == before and self.stock_answers() == by_stock_clients,
                            f'other answers after {name}: {before}')
        # Also by one who has read everything anew from whoever is the primary now, and is written to.
        self.eventually(lambda: self.create_area(1, server='leyed-1').returncode == 0, 'no commit is taken')
        self.stop('leyed-2')
        self.start_leyed('leyed-2')
        self.eventually(lambda: self.answers() == before, 'other answers of a new leyed')


if __name__ == '__main__':
    unittest.main()
