"""Starts what deploy/ ships, on this machine's loopback, each on a port and in a folder of its own.

Needs LEYE_BIN_DIR and LEYE_SOURCE_DIR, as ctest sets them.
"""

import contextlib
import json
import os
import pathlib
import random
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request

BIN = pathlib.Path(os.environ['LEYE_BIN_DIR'])
DEPLOY = pathlib.Path(os.environ['LEYE_SOURCE_DIR']) / 'deploy'
# The programs know the variables of this test for mistaken ones of their own.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith('LEYE')}
PATIENCE_SECONDS = 60
TOLD_WRONGLY = 2  # leyed's exit status for its configuration.


given_ports = set()  # Not yet taken, perhaps.


def free_port():
    """Not of those that the kernel gives to whoever asks for any, so that a server may leave it and come back to it."""
    while True:
        port = random.randrange(20000, 32000)
        if port in given_ports:
            continue
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(('127.0.0.1', port))
            given_ports.add(port)
            return port


def make_certificate(folder):
    """edge.pem and edge-key.pem of localhost, which vouches for itself."""
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                    '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
                    '-keyout', folder / 'edge-key.pem', '-out', folder / 'edge.pem'],
                   check=True, capture_output=True)


def write_edge(folder, port, **changed):
    """deploy/nginx with this folder and port, and with what else is changed, into the folder."""
    for file in (DEPLOY / 'nginx').glob('answers-*.conf'):
        shutil.copy(file, folder)
    text = (DEPLOY / 'nginx/nginx.conf').read_text()
    places = {'listen 443': f'listen 127.0.0.1:{port}', '/etc/leye': folder, '/run': folder, '/var/log/nginx': folder}
    for old, new in {**places, **changed}.items():
        assert old in text, old
        text = text.replace(old, str(new))
    folders = ''.join(f'  {kind}_temp_path {folder}/{kind};\n'
                      for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
    (folder / 'nginx.conf').write_text('daemon off;\n' + text.replace('\nhttp {\n', '\nhttp {\n' + folders))


def edge_command(folder):
    return ['nginx', '-c', folder / 'nginx.conf', '-e', folder / 'nginx-start.log']


class ShippedTest(unittest.TestCase):
    """A subclass says by command(name) how each of its services is started."""

    names = []    # Of the services.
    entry = None  # The one that leyectl calls.

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.ports = {name: free_port() for name in self.names}
        self.running = {}
        self.addCleanup(self.stop_all)
        subprocess.run([DEPLOY / 'compose/make-secrets', self.folder / 'secrets'], check=True)

    def working_folder(self, name):
        return DEPLOY / 'redis'

    def start(self, name):
        with open(self.folder / f'{name}.log', 'a') as log:
            self.running[name] = subprocess.Popen(
                self.command(name), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                cwd=self.working_folder(name), env=ENVIRONMENT)

    def stop(self, name):
        process = self.running.pop(name)
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS / 4)
        except subprocess.TimeoutExpired:  # A replica does not end while its first file is written.
            process.kill()
            process.wait()

    def stop_all(self):
        for name in list(self.running):
            self.stop(name)

    def ctl(self, *words, server=None):
        return subprocess.run(
            [BIN / 'leyectl', '--server', f'127.0.0.1:{self.ports[server or self.entry]}', *words],
            capture_output=True, text=True, env=ENVIRONMENT)

    def logs(self):
        return ''.join(f'--- {file.name}\n{file.read_text()}' for file in self.folder.glob('*.log'))

    def eventually(self, condition, what):
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > end:
                self.fail(f'{what}\n{self.logs()}')
            time.sleep(0.05)

    def start_leyed(self, name):
        """As its restart policy would: until Redis takes it, unless it is told wrongly."""
        def serves():
            if name in self.running and self.running[name].poll() == TOLD_WRONGLY:
                self.fail(self.logs())
            if name not in self.running or self.running[name].poll() is not None:
                self.start(name)
            return self.ctl('status', '--health', server=name).returncode == 0
        self.eventually(serves, f'{name} does not serve')

    def create_area(self, number, server=None):
        area = {'displayName': f'社区{number}', 'divisionCode': '130723',
                'location': {'latitude': 41.85, 'longitude': 114.61}}
        file = self.folder / 'area.json'
        file.write_text(json.dumps(area))
        return self.ctl('create', 'area', str(file), '--name', f'a{number}',
                        '--request-id', f'area-{number}', server=server)


SERVERS = ['redis-1', 'redis-2', 'redis-3']
SENTINELS = ['sentinel-1', 'sentinel-2', 'sentinel-3']


class SentinelTest(ShippedTest):
    """With deploy/redis: a primary, two replicas and three Sentinels."""

    names = SERVERS + SENTINELS

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
        secrets = self.folder / 'secrets'
        words = ['redis-server', 'replicated.conf', '--include', secrets / 'replication.conf',
                 '--aclfile', secrets / 'users.acl', '--dir', self.folder / name,
                 '--port', str(self.ports[name])]
        if name != 'redis-1':
            words += ['--replicaof', '127.0.0.1', str(self.ports['redis-1'])]
        return words

    def store(self):
        """What leyed must be told of it."""
        sentinels = ','.join(f'127.0.0.1:{self.ports[sentinel]}' for sentinel in SENTINELS)
        return ['--store=redis', '--redis-mode=sentinel', f'--redis-address={sentinels}', '--redis-replicas=1',
                '--redis-user=leye', f'--redis-password-file={self.folder / "secrets/leye-password"}',
                f'--redis-sentinel-password-file={self.folder / "secrets/sentinel-password"}']

    def start_redis(self):
        for name in SERVERS + SENTINELS:
            self.start(name)
        for name in SENTINELS:
            self.eventually(lambda name=name: self.knows_everybody(name), f'{name} is alone')

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
        password = (self.folder / 'secrets/sentinel-password').read_text().strip()
        answer = self.ask(name, 'SENTINEL', 'MASTER', 'leye', login=['--pass', password])
        facts = dict(zip(answer[::2], answer[1::2]))
        return facts.get('num-slaves') == '2' and facts.get('num-other-sentinels') == '2'


class ConfiguredTest(SentinelTest):
    """With a leyed on a configuration that is shipped: only its addresses and paths are this machine's."""

    names = SentinelTest.names + ['leyed']
    entry = 'leyed'

    def setUp(self):
        super().setUp()
        self.http, self.metrics = free_port(), free_port()
        make_certificate(self.folder)
        self.made('new-master-key', self.folder / 'master-keys')
        self.made('new-token-keys', self.folder / 'token-private.pem', self.folder / 'token-keys.pem')
        self.key, line = self.made('new-api-key', 'leye://bureau/13').splitlines()
        (self.folder / 'api-keys').write_text(line + '\n')

    def made(self, *words):
        return subprocess.run([BIN / 'leyectl', 'access', *words], check=True, text=True, capture_output=True,
                              env=ENVIRONMENT).stdout

    def configure(self, text, **paths):
        """Writes leyed.conf: the text on this test's ports, Sentinels and paths."""
        sentinels = ','.join(f'127.0.0.1:{self.ports[name]}' for name in SENTINELS)
        text, changed = re.subn(r'(?m)^redis-address = .*', f'redis-address = {sentinels}', text)
        self.assertEqual(changed, 1)
        for shipped, port in ((7400, self.ports['leyed']), (7480, self.http), (9464, self.metrics)):
            self.assertIn(f':{shipped}\n', text)
            text = text.replace(f':{shipped}\n', f':{port}\n')
        for old, new in paths.items():
            self.assertIn(old, text)
            text = text.replace(old, str(new))
        (self.folder / 'leyed.conf').write_text(text)

    def command(self, name):
        if name == 'leyed':
            return [BIN / 'leyed', f'--config={self.folder / "leyed.conf"}']
        return super().command(name)

    def ctl(self, *words, server=None):
        return subprocess.run(
            [BIN / 'leyectl', '--server', f'localhost:{self.ports["leyed"]}', '--ca-file', self.folder / 'edge.pem',
             *words], capture_output=True, text=True, env={**ENVIRONMENT, 'LEYECTL_API_KEY': self.key})

    def get(self, port, path, body=None):
        asked = urllib.request.Request(f'http://127.0.0.1:{port}{path}', body,
                                       {'content-type': 'application/json', 'x-api-key': self.key})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=30) as answer:
            return answer.read().decode()

    def expect_all_of_it_serves(self, audit):
        """By gRPC, by JSON and to Prometheus, with sealing, and what was asked is in the audit."""
        self.start_redis()
        self.start_leyed('leyed')
        self.eventually(lambda: self.create_area(1).returncode == 0, 'no commit is taken')
        body, method = b'{"parent": "regions/13"}', '/leye.v1.SettlementAreaService/ListSettlementAreas'
        self.eventually(lambda: '社区1' in self.get(self.http, method, body), 'no JSON')
        self.assertEqual(self.get(self.metrics, '/readyz'), 'ready\n')
        sealing = 'leye_sealed_records' in self.get(self.metrics, '/metrics')
        self.assertTrue(sealing, 'nothing is sealed')
        self.assertIn('CreateSettlementArea', audit.read_text())
