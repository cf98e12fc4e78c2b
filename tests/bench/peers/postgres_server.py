"""A PostgreSQL server of one's own, for as long as a `with` block lasts.

    with postgres_server.Server() as server:
        subprocess.run(['psql', server.address, ...])

It lives in a new temporary folder, listens on a unix socket in it and nowhere else, is stopped by
its own pid and leaves nothing behind. PostgreSQL refuses to run as root; then it runs as the user
`postgres` that Debian's package makes. Durable as it is by default (fsync, synchronous_commit).
"""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

PROGRAMS = pathlib.Path('/usr/lib/postgresql/15/bin')
START_SECONDS = 60


def settings():
    """What a careful administrator sets on a machine that serves nothing else."""
    memory_mb = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') // 2**20
    return {
        'listen_addresses': '',
        'shared_buffers': f'{memory_mb // 4}MB',
        'effective_cache_size': f'{memory_mb * 3 // 4}MB',
        'work_mem': '256MB',
        'maintenance_work_mem': f'{min(2048, memory_mb // 8)}MB',
        'max_parallel_maintenance_workers': '2',
        # One thread a query, as in the other rows of the table; two clients use both cores.
        'max_parallel_workers_per_gather': '0',
        # Compiling a query costs more than these take.
        'jit': 'off',
        'random_page_cost': '1.1',
        # No replicas: bulk loads into new tables write no log.
        'wal_level': 'minimal',
        'max_wal_senders': '0',
        'max_wal_size': '8GB',
        'checkpoint_timeout': '30min',
    }


class Server:

    def __enter__(self):
        self._folder = tempfile.mkdtemp(prefix='leye-postgres-')
        self._server = None
        self._as_user = {}
        try:
            user = self._choose_user()
            self.address = f'host={self._folder} user={user} dbname=postgres'
            self._start(user)
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)  # "fast": ends connections, writes a checkpoint
            self._server.wait()
        shutil.rmtree(self._folder)

    def _choose_user(self):
        if os.geteuid() != 0:
            return pwd.getpwuid(os.geteuid()).pw_name
        postgres = pwd.getpwnam('postgres')
        os.chown(self._folder, postgres.pw_uid, postgres.pw_gid)
        self._as_user = {'user': postgres.pw_uid, 'group': postgres.pw_gid, 'extra_groups': []}
        return postgres.pw_name

    def _start(self, user):
        data = f'{self._folder}/data'
        self._log = f'{self._folder}/log'
        subprocess.run([
            PROGRAMS / 'initdb', '--pgdata', data, '--username', user, '--auth', 'trust',
            '--encoding', 'UTF8', '--locale', 'C'
        ], check=True, stdout=subprocess.DEVNULL, cwd=self._folder, **self._as_user)
        command = [PROGRAMS / 'postgres', '-D', data, '-k', self._folder]
        for name, value in settings().items():
            command += ['-c', f'{name}={value}']
        with open(self._log, 'w', encoding='utf-8') as log:
            self._server = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder,
                                            **self._as_user)

    def _wait(self):
        end = time.monotonic() + START_SECONDS
        while subprocess.run([PROGRAMS / 'pg_isready', '--quiet', '--host', self._folder],
                             check=False).returncode != 0:
            if self._server.poll() is not None or time.monotonic() > end:
                raise RuntimeError('PostgreSQL did not start:\n' +
                                   pathlib.Path(self._log).read_text(encoding='utf-8'))
            time.sleep(0.1)
