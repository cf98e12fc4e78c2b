#!/usr/bin/env python3
"""deploy/redis as it is shipped, behind Sentinels: a takeover with the shipped settings, users and rights, and
leyed, which is told of the Sentinels only, goes on by itself with everything that it had acknowledged.
"""

import signal
import unittest

from shipped import BIN, SentinelTest


class Takeover(SentinelTest):
    names = SentinelTest.names + ['leyed']
    entry = 'leyed'

    def command(self, name):
        if name == 'leyed':
            return [BIN / 'leyed', f'--listen=127.0.0.1:{self.ports[name]}', *self.store()]
        return super().command(name)

    def test_leyed_goes_on_with_everything_acknowledged(self):
        self.start_redis()
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
