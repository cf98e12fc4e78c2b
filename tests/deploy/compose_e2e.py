#!/usr/bin/env python3
"""deploy/compose as it is shipped: the files agree with each other, and everything that they start works
together. There are no containers here: each service's command runs with its paths, names and ports mapped to this
machine's, so settings, users, passwords, nginx's configuration and leyed's arguments are the shipped ones.
"""

import json
import pathlib
import re
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

import yaml

from shipped import BIN, DEPLOY, ShippedTest, free_port

COMPOSE = DEPLOY / 'compose'
ADDRESS = re.compile(r'[\d.]{7,}')
PORTS = {'redis': 6379, 'sentinel': 26379}
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

    def test_only_nginx_and_prometheus_are_published_and_on_loopback(self):
        published = {name: service['ports'] for name, service in load()['services'].items()
                     if 'ports' in service}
        self.assertEqual(list(published), ['nginx', 'prometheus'])
        for port in sum(published.values(), []):
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
        self.known_ports = {}
        self.ports = {name: self.port(name, 7400) for name in ('leyed-1', 'leyed-2', 'nginx')}
        for name in self.names:
            (self.folder / name).mkdir()
        for name in ('nginx', 'prometheus'):
            for volume in self.services[name]['volumes']:
                source, inside, *_ = volume.split(':')
                if source.startswith('.'):
                    text = self.here(name, (COMPOSE / source).read_text())
                    (self.folder / pathlib.Path(inside).name).write_text(text)

    def port(self, name, inside):
        """This machine's for a service's."""
        return self.known_ports.setdefault((name, inside), free_port())

    def here(self, name, text):
        """What a file or an argument of a service says, with this machine's paths, addresses and ports."""
        for other, service in self.services.items():
            for called in (other, *ADDRESS.findall(str(service['networks']))):
                text = re.sub(rf'\b{re.escape(called)}([: ])(\d+)\b',
                              lambda m: f'127.0.0.1{m[1]}{self.port(other, int(m[2]))}', text)
        text = re.sub(r'(\b0\.0\.0\.0:|\blisten )(\d+)', lambda m: f'{m[1]}{self.port(name, int(m[2]))}', text)
        own = self.folder / name
        places = {'/etc/leye-redis': DEPLOY / 'redis', '/etc/leye': self.folder,
                  '/run/secrets': self.folder / 'secrets',
                  '/tmp/leye-nginx': own / 'tmp', '/var/lib/leye': own, '/data': own, '/prometheus': own}
        for old, new in places.items():
            text = re.sub(rf'(?<![\w/]){old}\b', str(new), text)
        return text

    def command(self, name):
        """The command of a service, as this machine must be told."""
        service = self.services[name]
        words = [self.here(name, word.replace('$$', '$'))
                 for word in service.get('entrypoint', []) + service['command']]
        if words[0] == 'leyed':
            words[0] = BIN / 'leyed'
        if words[0] == 'sh':
            words[2] = words[2].rstrip() + f' --port {self.port(name, PORTS[name.split("-")[0]])}\n'
        return ['env', *(f'{key}={self.here(name, value)}' for key, value in service.get('environment', {}).items()),
                *words]

    def get(self, name, inside, path, body=None):
        asked = urllib.request.Request(f'http://127.0.0.1:{self.port(name, inside)}{path}', body,
                                       {'content-type': 'application/json'})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=30) as answer:
            return answer.read().decode()

    def areas(self, *words, **server):
        return self.ctl('list', 'areas', *words, **server).stdout

    def start_everything(self):
        for name in self.names:
            if name.startswith(('redis', 'sentinel')):
                self.start(name)
        for name in ('leyed-1', 'leyed-2'):
            self.start_leyed(name)
        for name in ('nginx', 'prometheus'):
            self.start(name)
        self.eventually(lambda: self.ctl('status', '--health').returncode == 0, 'nginx')
        # Commits need the replica, which may still be on its way.
        self.eventually(lambda: self.create_area(0).returncode == 0, 'no commit is taken')

    def test_all_of_it_serves_through_nginx_and_goes_on_with_one_leyed(self):
        checked = subprocess.run([*self.command('nginx'), '-t'], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.start_everything()
        for name in ('leyed-1', 'leyed-2'):
            self.assertIn('社区0', self.areas(server=name))
        self.assertIn('社区0', self.get('nginx', 7480, '/leye.v1.SettlementAreaService/ListSettlementAreas',
                                      b'{"parent": "regions/13"}'))
        audits = [(self.folder / name / 'audit.log').read_text() for name in ('leyed-1', 'leyed-2')]
        self.assertIn('CreateSettlementArea', ''.join(audits))
        # Prometheus sees both, and keeps the rules.
        self.eventually(lambda: self.asked_of_prometheus('leye_ready') == ['1', '1'], 'nobody is looked at')
        self.assertIn('LeyeFaultsFast', self.get('prometheus', 9090, '/api/v1/rules'))

        self.stop('leyed-1')
        for number in range(1, 9):
            created = self.create_area(number)
            self.assertEqual(created.returncode, 0, created.stderr + self.logs())
        self.stop('leyed-2')
        away = self.ctl('list', 'areas')
        self.assertEqual(away.returncode, NO_SERVER, away.stderr)
        self.start_leyed('leyed-1')
        self.eventually(lambda: self.ctl('status', '--health').returncode == 0, 'no way back')
        self.assertIn('社区8', self.areas())

    def asked_of_prometheus(self, query):
        try:
            answer = json.loads(self.get('prometheus', 9090, f'/api/v1/query?query={query}'))
        except urllib.error.URLError:
            return []
        return [result['value'][1] for result in answer['data']['result']]

    def role(self, name):
        password = (self.folder / 'secrets/leye-password').read_text().strip()
        return subprocess.run(
            ['redis-cli', '--no-auth-warning', '-p', str(self.port(name, 6379)), '--user', 'leye', '--pass', password,
             'ROLE'], capture_output=True, text=True).stdout.split('\n')[0]

    def test_a_takeover_loses_nothing_also_when_everything_is_started_anew(self):
        self.start_everything()
        killed = self.running.pop('redis-primary')
        killed.kill()
        killed.wait()
        self.eventually(lambda: self.role('redis-replica') == 'master', 'nobody took over')
        self.start('redis-primary')
        self.eventually(lambda: self.create_area(1).returncode == 0, 'no commit is taken by the other')
        self.eventually(lambda: self.role('redis-primary') == 'slave', 'two primaries')

        self.stop_all()
        self.start_everything()
        self.assertEqual(self.role('redis-replica'), 'master')
        self.eventually(lambda: self.create_area(2).returncode == 0, 'no commit is taken any more')
        areas = self.areas()
        for number in range(3):
            self.assertIn(f'社区{number}', areas)


if __name__ == '__main__':
    unittest.main()
