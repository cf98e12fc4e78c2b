#!/usr/bin/env python3
"""deploy/compose as it is shipped: the files agree with each other, and everything that they start works
together. There are no containers here: each service's command runs with its paths, names and ports mapped to this
machine's, so settings, users, passwords, nginx's configuration and leyed's arguments are the shipped ones.
"""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import yaml

from shipped import BIN, DEPLOY, ShippedTest

COMPOSE = DEPLOY / 'compose'
NO_SERVER = 5  # leyectl's exit status for UNAVAILABLE.


def load():
    return yaml.safe_load((COMPOSE / 'compose.yaml').read_text())


class Files(unittest.TestCase):
    def test_what_a_service_names_is_declared(self):
        compose = load()
        for name, service in compose['services'].items():
            for kind in ('secrets', 'networks'):
                for used in service.get(kind, []):
                    self.assertIn(used, compose[kind], name)
            for other in service.get('depends_on', []):
                self.assertIn(other, compose['services'], name)
            for volume in service.get('volumes', []):
                source = volume.split(':')[0]
                if source.startswith('.'):
                    self.assertTrue((COMPOSE / source).exists(), volume)
                else:
                    self.assertIn(source, compose['volumes'], name)

    def test_only_nginx_is_published_and_on_loopback(self):
        published = {name: service['ports'] for name, service in load()['services'].items()
                     if 'ports' in service}
        self.assertEqual(list(published), ['nginx'])
        for port in published['nginx']:
            self.assertTrue(port.startswith('127.0.0.1:'), port)

    def test_secrets_are_new_each_time_and_none_is_left_out(self):
        with tempfile.TemporaryDirectory() as folder:
            made = [pathlib.Path(folder) / name for name in 'ab']
            for secrets in made:
                subprocess.run([COMPOSE / 'make-secrets', secrets], check=True)
                for secret in load()['secrets'].values():
                    self.assertTrue((secrets / pathlib.Path(secret['file']).name).exists())
                self.assertNotIn('0' * 64, (secrets / 'users.acl').read_text())
            self.assertNotEqual(*[(secrets / 'users.acl').read_text() for secrets in made])
            again = subprocess.run([COMPOSE / 'make-secrets', made[0]], capture_output=True)
            self.assertEqual(again.returncode, 1, 'secrets that are in use are not replaced')


class Started(ShippedTest):
    services = load()['services']
    names = list(services)
    entry = 'nginx'

    def setUp(self):
        super().setUp()
        (self.folder / 'nginx.conf').write_text(self.nginx_conf())
        for file in (DEPLOY / 'nginx').glob('answers-*.conf'):
            shutil.copy(file, self.folder)

    def nginx_conf(self):
        text = (COMPOSE / 'nginx.conf').read_text()
        text = re.sub(r'\b(leyed-\d):7400', lambda m: f'127.0.0.1:{self.ports[m[1]]}', text)
        text = text.replace('listen 7400', f'listen 127.0.0.1:{self.ports["nginx"]}')
        return text.replace('/tmp/leye-nginx', str(self.folder / 'nginx'))

    def command(self, name):
        """The command of a service, as this machine must be told."""
        words = []
        for word in self.services[name]['command']:
            word = word.replace('0.0.0.0', '127.0.0.1')
            word = word.replace('/run/secrets', str(self.folder / 'secrets'))
            word = word.replace('/etc/leye-redis', str(DEPLOY / 'redis'))
            word = word.replace('/etc/leye/nginx.conf', str(self.folder / 'nginx.conf'))
            word = re.sub(r'^/data$', str(self.folder / name), word)
            word = word.replace('redis-primary:6379', f'127.0.0.1:{self.ports["redis-primary"]}')
            word = re.sub(r'^redis-primary$', '127.0.0.1', word)
            word = re.sub(r'^6379$', str(self.ports['redis-primary']), word)
            word = word.replace('--listen=127.0.0.1:7400', f'--listen=127.0.0.1:{self.ports[name]}')
            word = word.replace(':9464', ':0')
            words.append(word)
        if words[0] == 'leyed':
            words[0] = BIN / 'leyed'
        if words[0] == 'redis-server':
            (self.folder / name).mkdir(exist_ok=True)
            words += ['--port', str(self.ports[name])]
        return words

    def test_all_of_it_serves_through_nginx_and_goes_on_with_one_leyed(self):
        checked = subprocess.run([*self.command('nginx'), '-t'], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        for name in ('redis-primary', 'redis-replica'):
            self.start(name)
        for name in ('leyed-1', 'leyed-2'):
            self.start_leyed(name)
        self.start('nginx')
        self.eventually(lambda: self.ctl('status', '--health').returncode == 0, 'nginx')

        # Commits need the replica, which may still be on its way.
        self.eventually(lambda: self.create_area(0).returncode == 0, 'no commit is taken')
        for name in ('leyed-1', 'leyed-2'):
            self.assertIn('社区0', self.ctl('list', 'areas', server=name).stdout)

        self.stop('leyed-1')
        for number in range(1, 9):
            created = self.create_area(number)
            self.assertEqual(created.returncode, 0, created.stderr + self.logs())
        self.stop('leyed-2')
        away = self.ctl('list', 'areas')
        self.assertEqual(away.returncode, NO_SERVER, away.stderr)
        self.start_leyed('leyed-1')
        self.eventually(lambda: self.ctl('status', '--health').returncode == 0, 'no way back')
        self.assertIn('社区8', self.ctl('list', 'areas').stdout)


if __name__ == '__main__':
    unittest.main()
