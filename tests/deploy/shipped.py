"""Starts what deploy/ ships, on this machine's loopback, each on a port and in a folder of its own.

Needs LEYE_BIN_DIR and LEYE_SOURCE_DIR, as ctest sets them.
"""

import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time
import unittest

BIN = pathlib.Path(os.environ['LEYE_BIN_DIR'])
DEPLOY = pathlib.Path(os.environ['LEYE_SOURCE_DIR']) / 'deploy'
# The programs know the variables of this test for mistaken ones of their own.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith('LEYE')}
PATIENCE_SECONDS = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


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
        """As its restart policy would: until Redis takes it."""
        def serves():
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
