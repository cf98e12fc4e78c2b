#!/usr/bin/env python3
"""deploy/redis as it is shipped, behind Sentinels: a takeover with the shipped settings, users and rights, and
leyed, which is told of the Sentinels only, goes on by itself with everything that it had acknowledged.
"""

import re
import shutil
import signal
import subprocess
import unittest

from shipped import BIN, DEPLOY, ENVIRONMENT, ShippedTest

SERVERS = ['redis-1', 'redis-2', 'redis-3']
SENTINELS = ['sentinel-1', 'sentinel-2', 'sentinel-3']


class Takeover(ShippedTest):
    names = SERVERS + SENTINELS + ['leyed']
    entry = 'leyed'

    def setUp(self):
        super().setUp()
        # Sentinels and the servers that they switch rewrite their files.
        for name in SERVERS:
            shutil.copytree(DEPLOY / 'redis', self.folder / 'conf' / name)
            (self.folder / name).mkdir()
        for name in SENTINELS:
            (self.folder / f'{name}.conf').write_text(self.sentinel_conf(name))

    def sentinel_conf(self, name):
        text = (DEPLOY / 'redis/sentinel.conf').read_text()
        text = text.replace('port 26379', f'port {self.ports[name]}')
        text = re.sub(r'(sentinel monitor leye 127\.0\.0\.1) 6379', rf'\1 {self.ports["redis-1"]}', text)
        text += f'dir {self.folder}\n'
        return text + (self.folder / 'secrets/sentinel-auth.conf').read_text()

    def command(self, name):
        if name in SENTINELS:
            return ['redis-server', self.folder / f'{name}.conf', '--sentinel']
        if name == 'leyed':
            sentinels = ','.join(f'127.0.0.1:{self.ports[sentinel]}' for sentinel in SENTINELS)
            return [BIN / 'leyed', f'--listen=127.0.0.1:{self.ports[name]}', '--store=redis',
                    '--redis-mode=sentinel', f'--redis-address={sentinels}', '--redis-replicas=1',
                    '--redis-user=leye',
                    f'--redis-password-file={self.folder / "secrets/leye-password"}']
        secrets = self.folder / 'secrets'
        words = ['redis-server', 'replicated.conf', '--include', secrets / 'replication.conf',
                 '--aclfile', secrets / 'users.acl', '--dir', self.folder / name,
                 '--port', str(self.ports[name])]
        if name != 'redis-1':
            words += ['--replicaof', '127.0.0.1', str(self.ports['redis-1'])]
        return words

    def working_folder(self, name):
        return self.folder / 'conf' / name if name in SERVERS else self.folder

    def ask(self, name, *words, login=()):
        return subprocess.run(
            ['redis-cli', '--no-auth-warning', '-p', str(self.ports[name]), *login, *words],
            capture_output=True, text=True, env=ENVIRONMENT).stdout.split('\n')

    def role(self, name):
        password = (self.folder / 'secrets/leye-password').read_text().strip()
        return self.ask(name, 'ROLE', login=['--user', 'leye', '--pass', password])[0]

    def knows_everybody(self, name):
        """Of the other Sentinels and both replicas, without which it would promote nobody."""
        answer = self.ask(name, 'SENTINEL', 'MASTER', 'leye')
        facts = dict(zip(answer[::2], answer[1::2]))
        return facts.get('num-slaves') == '2' and facts.get('num-other-sentinels') == '2'

    def test_leyed_goes_on_with_everything_acknowledged(self):
        for name in SERVERS + SENTINELS:
            self.start(name)
        for name in SENTINELS:
            self.eventually(lambda name=name: self.knows_everybody(name), f'{name} is alone')
        self.start_leyed('leyed')
        self.eventually(lambda: self.create_area(0).returncode == 0, 'no commit is taken')
        for number in range(1, 5):
            self.assertEqual(self.create_area(number).returncode, 0, self.logs())

        killed = self.running.pop('redis-1')
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        self.eventually(lambda: self.create_area(5).returncode == 0, 'nobody took over')
        areas = self.ctl('list', 'areas').stdout
        for number in range(6):
            self.assertIn(f'社区{number}', areas)
        self.assertIn('master', {self.role('redis-2'), self.role('redis-3')})

        # The one that was killed does as it is told when it is back.
        self.start('redis-1')
        self.eventually(lambda: self.role('redis-1') == 'slave', 'two primaries')
        self.assertEqual(self.create_area(6).returncode, 0, self.logs())


if __name__ == '__main__':
    unittest.main()
