#!/usr/bin/env python3
"""The Debian package: sound by lintian, complete, and its programs run from where it puts them."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

from shipped import BIN, DEPLOY, ENVIRONMENT, ConfiguredTest, free_port

UNIT = DEPLOY / 'systemd/leyed.service'
WORST_EXPOSURE = 1.5


class Unit(unittest.TestCase):
    """systemd's own tools judge it. They exit with 0 whatever they find: what they say is read."""

    def test_is_right_and_hardened(self):
        with tempfile.TemporaryDirectory() as folder:
            unit = pathlib.Path(folder) / 'leyed.service'
            # The program is not installed here.
            unit.write_text(UNIT.read_text().replace('/usr/bin/leyed', '/bin/true'))
            checked = subprocess.run(['systemd-analyze', 'verify', unit], capture_output=True, text=True)
            about_it = [line for line in checked.stderr.splitlines() if 'leyed' in line
                        and 'man page' not in line.lower() and 'man leyed' not in line]
            self.assertEqual(about_it, [])
            said = subprocess.run(['systemd-analyze', 'security', '--offline=yes', '--no-pager', unit],
                                  capture_output=True, text=True, env={**os.environ, 'LC_ALL': 'C'}).stdout
            exposure = float(re.search(r'Overall exposure level for leyed.service: ([\d.]+)', said)[1])
            self.assertLessEqual(exposure, WORST_EXPOSURE, said)
            unit.write_text(unit.read_text().replace('LimitNOFILE', 'LimitFiles'))
            checked = subprocess.run(['systemd-analyze', 'verify', unit], capture_output=True, text=True)
            self.assertIn('LimitFiles', checked.stderr)

    def test_the_backups_units_are_right(self):
        with tempfile.TemporaryDirectory() as folder:
            units = [pathlib.Path(folder) / f'leye-backup.{kind}' for kind in ('service', 'timer')]
            for unit in units:
                text = (DEPLOY / 'systemd' / unit.name).read_text()
                unit.write_text(text.replace('/usr/share/leye/backup/backup', '/bin/true'))
            checked = subprocess.run(['systemd-analyze', 'verify', *units], capture_output=True, text=True)
            self.assertEqual([line for line in checked.stderr.splitlines() if 'leye-backup' in line], [])
            units[1].write_text(units[1].read_text().replace('OnCalendar', 'OnCalender'))
            checked = subprocess.run(['systemd-analyze', 'verify', *units], capture_output=True, text=True)
            self.assertIn('OnCalender', checked.stderr)

    def test_what_is_enabled_is_disabled_when_the_package_goes(self):
        prerm = (DEPLOY / 'package/debian/prerm').read_text()
        for unit in (DEPLOY / 'systemd').iterdir():
            if '[Install]' in unit.read_text():
                self.assertRegex(prerm, rf'systemctl disable --now .*{unit.name}')

    def test_waits_longer_for_the_end_than_leyed_takes(self):
        drain = re.search(r'--drain=.*\n.*Default: (\d+)s', subprocess.run(
            [BIN / 'leyed', '--help'], capture_output=True, text=True, env=ENVIRONMENT).stdout)
        stop = re.search(r'TimeoutStopSec=(\d+)s', UNIT.read_text())
        self.assertGreater(int(stop[1]), int(drain[1]))


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        made = subprocess.run([DEPLOY / 'package/build', cls.folder.name, BIN.parent], text=True,
                              capture_output=True, env={**ENVIRONMENT, 'PACKAGE_COMPRESSION': 'gzip'})
        assert made.returncode == 0, made.stdout + made.stderr
        cls.package = pathlib.Path(made.stdout.strip())
        cls.root = pathlib.Path(cls.folder.name) / 'root'
        subprocess.run(['dpkg-deb', '-x', cls.package, cls.root], check=True)
        subprocess.run(['dpkg-deb', '-e', cls.package, cls.root / 'DEBIAN'], check=True)

    def test_lintian_finds_no_error(self):
        checked = subprocess.run(['lintian', '--allow-root', '--fail-on', 'error', '--no-tag-display-limit',
                                  self.package], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_has_every_part_where_it_belongs(self):
        for path in ('usr/bin/leyed', 'usr/bin/leyectl', 'etc/leye/leyed.conf', 'lib/systemd/system/leyed.service',
                     'usr/lib/sysusers.d/leye.conf', 'usr/lib/tmpfiles.d/leye.conf', 'usr/share/man/man8/leyed.8.gz',
                     'usr/share/man/man1/leyectl.1.gz', 'usr/share/bash-completion/completions/leyectl',
                     'usr/share/zsh/vendor-completions/_leyectl', 'usr/share/doc/leye/copyright',
                     'usr/share/doc/leye/api/openapi.json', 'usr/share/leye/docs/reference.md'):
            self.assertTrue((self.root / path).stat().st_size > 0, path)
        self.assertEqual((self.root / 'DEBIAN/conffiles').read_text(), '/etc/leye/leyed.conf\n')
        for script in ('postinst', 'prerm', 'postrm'):
            subprocess.run(['sh', '-n', self.root / 'DEBIAN' / script], check=True)

    def test_its_programs_tell_its_version(self):
        version = self.package.name.split('_')[1].split('-')[0]
        for program in ('leyed', 'leyectl'):
            told = subprocess.run([self.root / 'usr/bin' / program, '--version'], capture_output=True, text=True,
                                  env=ENVIRONMENT)
            self.assertRegex(told.stdout, rf'^{program} {re.escape(version)}( \([0-9a-f]+\))?\n$', told.stderr)

    def test_its_user_and_folders_are_made(self):
        for tool, words in (('systemd-sysusers', ['usr/lib/sysusers.d/leye.conf']),
                            ('systemd-tmpfiles', ['--create', 'usr/lib/tmpfiles.d/leye.conf'])):
            with tempfile.TemporaryDirectory() as root:
                root = pathlib.Path(root)
                (root / 'etc').mkdir()
                (root / 'etc/passwd').write_text('root:x:0:0::/root:/bin/sh\n')
                (root / 'etc/group').write_text('root:x:0:\nleye:x:999:\n' if 'tmpfiles' in tool else 'root:x:0:\n')
                if 'tmpfiles' in tool:
                    with open(root / 'etc/passwd', 'a') as users:
                        users.write('leye:x:999:999::/var/lib/leye:/usr/sbin/nologin\n')
                done = subprocess.run([tool, f'--root={root}', *words[:-1], self.root / words[-1]],
                                      capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                if 'tmpfiles' in tool:
                    self.assertEqual((root / 'var/lib/leye').stat().st_mode & 0o777, 0o700)
                else:
                    self.assertIn('leye:', (root / 'etc/passwd').read_text())

    def test_its_programs_serve_and_ask(self):
        port = free_port()
        data = pathlib.Path(self.folder.name) / 'data'
        server = subprocess.Popen(
            [self.root / 'usr/bin/leyed', f'--config={self.root}/etc/leye/leyed.conf', f'--listen=127.0.0.1:{port}',
             f'--data-dir={data}', '--metrics-listen=127.0.0.1:0', f'--audit-file={self.folder.name}/audit.log'],
            env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(server.stdout.close)
        try:
            self.assertIn('serving', server.stdout.readline())
            asked = subprocess.run([self.root / 'usr/bin/leyectl', '--server', f'127.0.0.1:{port}', 'status'],
                                   capture_output=True, text=True, env=ENVIRONMENT)
            self.assertIn('SERVING', asked.stdout, asked.stderr)
        finally:
            server.send_signal(signal.SIGTERM)
            self.assertEqual(server.wait(60), 0)


class Configuration(ConfiguredTest):
    """The shipped leyed.conf with everything that it proposes."""

    def setUp(self):
        super().setUp()
        text = (DEPLOY / 'package/leyed.conf').read_text()
        proposed = re.findall(r'(?m)^#([a-z-]+) = ', text)
        self.assertIn('client-ca-file', proposed)
        for key in proposed:
            text = re.sub(rf'(?m)^{key} = .*\n', '', text)
        text = re.sub(r'(?m)^#([a-z-]+ = )', r'\1', text)
        for file, path in (('server.pem', 'edge.pem'), ('server-key.pem', 'edge-key.pem'),
                           ('clients-ca.pem', 'edge.pem'),
                           ('redis-password', 'secrets/leye-password'),
                           ('sentinel-password', 'secrets/sentinel-password')):
            shutil.copy(self.folder / path, self.folder / file)
        self.configure(text, **{'/etc/leye': self.folder, '/var/lib/leye': self.folder / 'data',
                                '/var/log/leye': self.folder})

    def test_serves(self):
        self.expect_all_of_it_serves(self.folder / 'audit.log')


if __name__ == '__main__':
    unittest.main()
