#!/usr/bin/env python3
"""leyectl against a real leyed with the embedded store, on the shipped sample.

Needs LEYE_BIN_DIR and LEYE_SOURCE_DIR, as ctest sets them.
"""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ['LEYE_BIN_DIR'])
SAMPLE = pathlib.Path(os.environ['LEYE_SOURCE_DIR']) / 'deploy/sample/hebei-small'
SHOWN = ('job-0001', 'post-0001', 'relief-0001')  # One posting of each channel.


def start_server(case, folder, *flags):
    """A leyed of its own until the class is done with; its address."""
    log = open(pathlib.Path(folder) / 'leyed.log', 'wb')
    case.addClassCleanup(log.close)
    server = subprocess.Popen(
        [BIN / 'leyed', '--listen=127.0.0.1:0', f'--data-dir={folder}/store', *flags],
        stdout=subprocess.PIPE, stderr=log, text=True,
        # leyed refuses unknown variables of that prefix, the test's own included.
        env={k: v for k, v in os.environ.items() if not k.startswith('LEYE_')})

    def stop():
        server.send_signal(signal.SIGTERM)
        server.stdout.close()
        if server.wait(timeout=30) != 0:
            raise AssertionError('leyed did not end in order')

    case.addClassCleanup(stop)
    return server.stdout.readline().split()[-1]


class Leyectl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.audit = pathlib.Path(cls.folder.name) / 'audit'
        cls.address = start_server(cls, cls.folder.name, f'--audit-file={cls.audit}')
        cls.first_import = cls.ctl('--json', 'import', SAMPLE)
        cls.revision = cls.lines(cls.first_import)[-1]['revision']

    @classmethod
    def ctl(cls, *words, stdin='', server=None):
        return subprocess.run(
            [BIN / 'leyectl', '--server', server or cls.address, *words], input=stdin,
            capture_output=True, text=True, timeout=60, env={**os.environ, 'LC_ALL': 'C'})

    @staticmethod
    def lines(run):
        return [json.loads(line) for line in run.stdout.splitlines()]

    def ok(self, *words, stdin=''):
        run = self.ctl(*words, stdin=stdin)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run

    def rank(self, posting, *words):
        return json.loads(self.ok('--json', 'rank', posting, '--min-revision', self.revision,
                                  *words).stdout)

    def test_import_takes_the_whole_sample(self):
        self.assertEqual(self.first_import.returncode, 0, self.first_import.stderr)
        created = {line['collection']: line['created'] for line in self.lines(self.first_import)
                   if 'collection' in line}
        self.assertEqual(created, {'areas': 20, 'employers': 118, 'households': 1282,
                                   'candidates': 3000, 'postings': 300})

    def test_importing_again_changes_nothing(self):
        for line in self.lines(self.ok('--json', 'import', SAMPLE)):
            # Other tests close a posting for a while, which the import leaves alone.
            self.assertEqual(line['created'] + line['updated'] + line['rejected'], 0, line)

    def test_each_channel_has_ten_people_best_first(self):
        for posting in SHOWN:
            answer = self.rank(posting)
            scores = [match['scores']['forwardMicros'] for match in answer['matches']]
            self.assertEqual(len(scores), 10, posting)
            self.assertEqual(scores, sorted(scores, reverse=True))
            self.assertTrue(all(match['criteria'][0]['evidence'] for match in answer['matches']))

    def test_tables_show_score_distance_and_reasons(self):
        table = self.ok('rank', 'job-0001', '--min-revision', self.revision).stdout
        self.assertRegex(table, r'(?m)^ 1 +\d+\.\d %')
        self.assertIn(' km ', table)
        self.assertIn('considered 3,000', table)

    def test_the_best_person_is_recommended_postings_and_explained(self):
        person = self.rank('job-0001')['matches'][0]['candidate']['name']
        postings = json.loads(self.ok('--json', 'recommend', person).stdout)['matches']
        scores = [match['scores']['reverseMicros'] for match in postings]
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertTrue(all(match['criteria'][0]['evidence'] for match in postings))
        # The two directions see the same pairs.
        self.assertIn('regions/13/postings/job-0001',
                      [match['posting']['name'] for match in postings])
        self.assertIn('FITS', self.ok('explain', person, 'job-0001').stdout)
        self.assertIn('%', self.ok('score', f'{person},job-0001').stdout)

    def test_reports_add_up(self):
        report = json.loads(self.ok('--json', 'report', 'coverage').stdout)
        for figure in ('households', 'people', 'seekers'):
            total = int(report['total']['figures'][figure])
            self.assertGreater(total, 0)
            for rows in ('counties', 'areas'):
                self.assertEqual(sum(int(row['figures'].get(figure, 0)) for row in report[rows]),
                                 total)
        table = self.ok('report', 'coverage', '--csv').stdout.splitlines()
        self.assertEqual(len(table), 2 + len(report['counties']) + len(report['areas']))
        self.assertIn('█', self.ok('report', 'coverage').stdout)
        gap = json.loads(self.ok('--json', 'report', 'gaps', '--most', '1').stdout)['gaps'][0]
        self.assertGreaterEqual(int(gap['openings']), 1)
        self.assertIn(gap['skill'].split('/')[-1], self.ok('report', 'gaps').stdout)
        self.assertIn('3+', self.ok('report', 'outcome').stdout)
        self.assertIn('job-0002', self.ok('report', 'compliance').stdout)
        self.assertEqual(self.ctl('report', 'outcome', '--from', 'soon').returncode, 4)

    def test_whoever_has_work_is_turned_away_with_the_reason(self):
        text = self.ok('--lang', 'zh-CN', 'explain', 'c000001', 'job-0001').stdout
        self.assertIn('不符合条件', text)
        self.assertIn('求职状态', text)

    def test_get_and_list(self):
        posting = json.loads(self.ok('get', '13/postings/job-0001').stdout)
        self.assertEqual(posting['title'], '缝纫工')
        listing = self.lines(self.ok('--json', 'list', 'areas', '--page-size', '7', '--all'))
        self.assertEqual(len(listing), 20)
        self.assertIn('怡安社区', self.ok('list', 'area').stdout)

    def test_close_is_watched_and_reopened_once(self):
        watch = subprocess.Popen(
            [BIN / 'leyectl', '--server', self.address, '--json', 'watch', 'postings', '--count',
             '1', '--from', self.revision], stdout=subprocess.PIPE, text=True)
        self.ok('close', 'job-0004', '--reason', 'filled')
        out, _ = watch.communicate(timeout=30)
        self.assertEqual(json.loads(out)['name'], 'regions/13/postings/job-0004')
        self.assertEqual(self.ctl('close', 'job-0004').returncode, 6)
        self.ok('reopen', 'job-0004')

    def test_watched_matches_go_on_from_a_file(self):
        best = self.rank('job-0001')['matches'][0]
        state = pathlib.Path(self.folder.name) / 'watch.json'
        watch = ('--json', 'match', 'watch', 'posting', 'job-0001', '--count', '1', '--state', str(state),
                 '--min-score', str(best['scores']['forwardMicros'] / 1e6))
        told = self.lines(self.ok(*watch))[0]
        self.assertEqual(told['change'], 'MATCH_CHANGE_ADDED')
        self.assertEqual(told['candidateMatch']['candidate']['name'], best['candidate']['name'])
        self.assertEqual(self.lines(self.ok(*watch))[0]['change'], 'MATCH_CHANGE_NONE')
        other = self.ctl('match', 'watch', 'posting', 'job-0002', '--state', str(state))
        self.assertEqual(other.returncode, 2)

    def test_create_says_everything_that_is_wrong(self):
        run = self.ctl('create', 'posting', stdin='{"openings": -1}')
        self.assertEqual(run.returncode, 4)
        for field in ('posting.openings', 'posting.title', 'posting.employer'):
            self.assertIn(field, run.stderr)

    def test_create_update_and_delete(self):
        area = '{"displayName": "试验新村", "divisionCode": "130723", ' \
               '"location": {"latitude": 41.8, "longitude": 114.6}}'
        self.ok('create', 'area', '--name', 'trial', stdin=area)
        self.assertEqual(self.ctl('create', 'area', '--name', 'trial', stdin=area).returncode, 6)
        self.ok('update', 'area', '--name', 'trial', stdin='{"remarks": "small"}')
        self.assertIn('"small"', self.ok('get', 'areas/trial').stdout)
        self.ok('delete', 'areas/trial')
        self.assertEqual(self.ctl('get', 'areas/trial').returncode, 3)

    def test_a_referral_from_its_creation_to_its_end(self):
        # Called off in the end, so that the other tests find everybody free.
        person = self.rank('job-0001')['matches'][-1]['candidate']['name']
        made = json.loads(self.ok('referral', 'create', person, 'job-0001', '--clerk', 'c07',
                                  '--id', 'ctl').stdout)
        self.assertEqual(made['referral']['state'], 'REFERRAL_STATE_REFERRED')
        table = self.ok('--lang', 'zh-CN', 'referral', 'tasks', '--clerk', 'c07').stdout
        self.assertIn('等候结果', table)
        self.assertIn('job-0001', table)
        self.assertNotEqual(self.ctl('referral', 'hire', 'ctl').returncode, 0)
        self.ok('referral', 'interview', 'ctl')
        self.assertIn('已面试', self.ok('--lang', 'zh-CN', 'list', 'referrals').stdout)
        self.ok('referral', 'cancel', 'ctl', '--reason', '改期')
        told = self.lines(self.ok('--json', 'watch', 'referrals', '--count', '3', '--from',
                                  self.revision))
        self.assertEqual([event['referral']['state'][len('REFERRAL_STATE_'):] for event in told],
                         ['REFERRED', 'INTERVIEWED', 'CANCELLED'])
        ended = json.loads(self.ok('get', 'referrals/ctl').stdout)
        self.assertEqual(ended['state'], 'REFERRAL_STATE_CANCELLED')
        self.assertEqual(self.ok('referral', 'tasks', '--clerk', 'c07').stdout.count('ctl'), 0)
        self.assertEqual(self.ctl('referral', 'leave', 'ctl').returncode, 2)

    def test_a_persons_own_data(self):
        person = self.rank('job-0001')['matches'][0]['candidate']['name']
        file = pathlib.Path(self.folder.name) / 'person.json'
        self.ok('person', 'export', person, str(file))
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        told = json.loads(file.read_text())
        self.assertEqual(told['candidate']['name'], person)
        self.assertEqual(self.ctl('person', 'export', 'nobody').returncode, 3)
        # Only tried, so that the other tests find everybody agreeing.
        answer = json.loads(self.ok('--json', 'person', 'withdraw', person, '--validate-only').stdout)
        self.assertIn('withdrawnDate', answer['candidate']['consent'])
        self.assertEqual(self.ctl('person', 'withdraw', person, '--scope', 'all').returncode, 2)
        self.ok('person', 'expired')
        self.assertIn('candidates/', self.ok('--json', 'person', 'expired', '--date', '2150-01-01',
                                             '--page-size', '1000').stdout)

    def test_the_audit_is_listed_from_the_server(self):
        self.ok('get', 'candidates/c000001')
        asked = ('audit', 'list', '--record', 'candidates/c000001',
                 '--rpc', 'CandidateService/GetCandidate', '--from', '2026-01-01')
        told = self.ok(*asked)
        self.assertIn('regions/13/candidates/c000001', told.stdout)
        head = told.stderr.split()[-1]
        self.ok('audit', 'verify', str(self.audit), '--head', head)
        first = self.ok('--json', 'audit', 'list', '--page-size', '1')
        self.assertEqual(self.lines(first)[0]['sequence'], '1')
        token = first.stderr.split('--page-token ')[1].split()[0]
        second = self.ok('--json', 'audit', 'list', '--page-size', '1', '--page-token', token)
        self.assertEqual(self.lines(second)[0]['sequence'], '2')
        self.assertEqual(self.ctl('audit', 'list', '--until', 'today').returncode, 4)

    def test_skills_and_status(self):
        self.assertIn('welding-arc', self.ok('skills', 'search', '电焊').stdout)
        status = json.loads(self.ok('--json', 'status').stdout)
        self.assertEqual((status['health'], status['settlementAreas']), ('SERVING', 20))

    def test_a_ruleset_from_a_file_to_the_ranking(self):
        draft = pathlib.Path(self.folder.name) / 'far.textproto'
        draft.write_text('rules_off { rules: RULE_ID_REACH }\nbanned { window_days: -1 }\n')
        refused = self.ctl('create', 'ruleset', str(draft), '--name', 'far')
        self.assertEqual(refused.returncode, 4, refused.stderr)
        self.assertIn('ruleset.banned.window_days', refused.stderr)
        draft.write_text('rules_off { rules: RULE_ID_REACH }\nbanned { window_dayz: 1 }\n')
        self.assertIn('line 2', self.ctl('create', 'ruleset', str(draft), '--name', 'far').stderr)
        draft.write_text('display_name: "远"\nrules_off { rules: RULE_ID_REACH }\n')
        told = json.loads(self.ok('ruleset', 'simulate', *SHOWN, '--draft', str(draft)).stdout)
        self.assertEqual(len(told['postings']), len(SHOWN))
        self.ok('create', 'ruleset', str(draft), '--name', 'far')
        self.assertRegex(self.ok('list', 'rulesets').stdout, r'(?m)^far +远 +hebei-2026')
        self.ok('ruleset', 'activate', 'far')
        self.assertEqual(self.rank('job-0001')['basis']['ruleset'], 'regions/13/rulesets/far')
        self.ok('ruleset', 'activate', 'rulesets/hebei-2026')
        self.assertEqual(json.loads(self.ok('ruleset', 'schedule').stdout)['inForce'],
                         'rulesets/hebei-2026')
        self.assertEqual(self.rank('job-0001')['basis']['ruleset'], 'rulesets/hebei-2026')

    def test_who_is_to_have_which_opening(self):
        made = json.loads(self.ok('--json', 'plan', 'create', '--id', 'fair', '--title', '招聘会',
                                  '--posting', 'job-0001', '--posting', 'job-0002',
                                  '--wait').stdout)
        self.assertEqual(made['state'], 'PLAN_STATE_SUCCEEDED', made)
        count = made['lines']
        self.assertGreater(count, 0)
        lines = self.lines(self.ok('--json', 'plan', 'lines', 'fair', '--all'))
        self.assertEqual([line['line'] for line in lines], list(range(1, count + 1)))
        self.assertIn('evidence', lines[0]['criteria'][0])
        self.assertIn('job-0001', self.ok('plan', 'outcomes', 'fair').stdout)
        self.assertIn('worked out', self.ok('plan', 'list').stdout)
        self.assertIn('已完成', self.ok('--lang', 'zh-CN', 'plan', 'show', 'fair').stdout)
        ended = self.ctl('plan', 'cancel', 'fair')
        self.assertEqual(ended.returncode, 6, ended.stderr)
        self.assertEqual(self.ctl('plan', 'commit', 'fair', '--line', str(count + 1)).returncode, 4)
        done = json.loads(self.ok('--json', 'plan', 'commit', 'fair', '--clerk', 'c26').stdout)
        self.assertEqual(done['plan']['committedLines'], count)
        again = self.ctl('plan', 'commit', 'fair', '--line', '1')
        self.assertEqual(again.returncode, 6, again.stderr)
        self.assertIn('ALREADY_EXISTS', again.stdout)
        for line in self.lines(self.ok('--json', 'plan', 'lines', 'fair', '--all')):
            self.ok('referral', 'cancel', line['referral'])
        self.ok('plan', 'delete', 'fair')
        self.assertEqual(self.ctl('plan', 'show', 'fair').returncode, 3)
        self.assertEqual(self.ctl('plan', 'create', '--pin', 'nobody').returncode, 2)

    def test_normalize_writes_a_line_for_each_trade(self):
        run = self.ok('normalize', '-', stdin='急招电焊工（月薪6000+）\n普 工\n焊工电工包住\n\n会开叉车\n')
        lines = [line.split('\t') for line in run.stdout.splitlines()]
        self.assertEqual([line[:3] for line in lines], [
            ['急招电焊工（月薪6000+）', '6-18-02-04', '焊工'], ['普 工', '', ''],
            ['焊工电工包住', '6-18-02-04', '焊工'], ['焊工电工包住', '6-31-01-03', '电工'],
            ['', '', ''], ['会开叉车', '6-30-05-01', '起重装卸机械操作工']])
        self.assertTrue(all(0.6 <= float(line[3]) < 1 for line in lines if line[1]))
        self.assertTrue(all(line[3] == '' for line in lines if not line[1]))

    def test_normalize_goes_on_after_a_line_that_is_too_long(self):
        run = self.ok('normalize', '-', stdin='焊' * 1001 + '\n瓦工\n')
        self.assertIn('line 1', run.stderr)
        self.assertEqual(run.stdout.splitlines()[1].split('\t')[1], '6-29-01-01')
        self.assertEqual(self.ctl('normalize', '/nowhere').returncode, 9)

    def test_a_notice_is_read_as_the_fields_of_its_posting(self):
        notice = '招聘焊工3名，18-50周岁。\n限男性，月薪6000元，高薪诚聘'
        read = self.lines(self.ok('--json', 'posting', 'suggest', '-', stdin=notice))[0]
        self.assertEqual([said['field'] for said in read['suggestions']],
                         ['trade_code', 'openings', 'conditions.ages', 'pay'])
        self.assertEqual(read['suggestions'][2]['value'],
                         {'conditions': {'ages': [{'minYears': 18, 'maxYears': 50}]}})
        self.assertIn('LINT_CODE_SEX_LIMIT', [finding['code'] for finding in read['findings']])
        shown = self.ok('posting', 'suggest', '-', stdin=notice).stdout
        self.assertRegex(shown, r'openings +3 +92 +3名')
        self.assertRegex(shown, r'pay +.*"minYuan":6000.* 月薪6000元')
        several = self.ok('posting', 'suggest', '-',
                          stdin='招聘电焊工2名6000元，保安3名4000元，包吃住。').stdout
        self.assertRegex(several, r'(?s)of all posts.*lodging.*post 1: 电焊工\n.*6000.*post 2: 保安\n.*4000')
        self.assertNotIn('contradicted', several)
        empty = self.ctl('posting', 'suggest', '-')
        self.assertEqual(empty.returncode, 4)
        self.assertIn('original_text', empty.stderr)

    def test_exit_codes_tell_what_went_wrong(self):
        self.assertEqual(self.ctl('rank', 'nobody').returncode, 3)
        self.assertEqual(self.ctl('list', 'postings', '--filter', 'colour = red').returncode, 4)
        self.assertEqual(self.ctl('status', server='127.0.0.1:1').returncode, 5)
        self.assertEqual(self.ctl('frobnicate').returncode, 2)


class Access(unittest.TestCase):
    """Keys and tokens that leyectl makes, on a leyed that takes them; and its audit."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = pathlib.Path(folder.name)
        cls.keys = {}
        with open(cls.path / 'keys', 'w') as file:
            for identity in ('leye://bureau/13', 'leye://bureau/44'):
                key, line = cls.ctl('access', 'new-api-key', identity).stdout.split('\n')[:2]
                file.write(line + '\n')
                cls.keys[identity] = key
        cls.made = cls.ctl('access', 'new-token-keys', cls.path / 'private', cls.path / 'public')
        cls.address = start_server(cls, folder.name, f'--api-keys-file={cls.path}/keys',
                                   f'--token-keys-file={cls.path}/public',
                                   f'--audit-file={cls.path}/audit')
        cls.by('leye://bureau/13', 'import', SAMPLE)

    @staticmethod
    def ctl(*words, **environment):
        return subprocess.run([BIN / 'leyectl', *words], capture_output=True, text=True,
                              timeout=60, env={**os.environ, 'LC_ALL': 'C', **environment})

    @classmethod
    def by(cls, identity, *words):
        return cls.ctl('--server', cls.address, '--purpose', 'test', *words,
                       LEYECTL_API_KEY=cls.keys[identity])

    def test_a_private_key_is_its_owners_alone_and_not_overwritten(self):
        self.assertEqual(self.made.returncode, 0, self.made.stderr)
        self.assertEqual((self.path / 'private').stat().st_mode & 0o777, 0o600)
        again = self.ctl('access', 'new-token-keys', self.path / 'private', self.path / 'other')
        self.assertEqual(again.returncode, 9)

    def test_a_new_master_key_is_put_before_the_others(self):
        file = self.path / 'master-keys'
        made = [self.ctl('access', 'new-master-key', file) for _ in range(2)]
        self.assertEqual([one.returncode for one in made], [0, 0], made[0].stderr)
        ids = [one.stdout.strip() for one in made]
        lines = file.read_text().splitlines()
        self.assertEqual([line.split()[0] for line in lines], ids[::-1])
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.assertNotIn(lines[0].split()[1], made[1].stdout + made[1].stderr)
        file.chmod(0o644)
        self.assertEqual(self.ctl('access', 'new-master-key', file).returncode, 9)
        self.assertEqual(file.read_text().splitlines(), lines)

    def test_keys_say_who_calls(self):
        get = ('get', 'candidates/c000001')
        self.assertEqual(self.by('leye://bureau/13', *get).returncode, 0)
        self.assertEqual(self.by('leye://bureau/44', *get).returncode, 8)
        self.assertEqual(self.ctl('--server', self.address, *get).returncode, 8)
        for nobodys in ('leye://root', 'leye://operator', 'leye://auditor', 'leye://app/13/c000001'):
            self.assertEqual(self.ctl('access', 'new-api-key', nobodys).returncode, 2, nobodys)

    def test_a_token_is_for_one_person(self):
        token = self.ctl('access', 'token', self.path / 'private', 'leye://app/13/c000001')
        (self.path / 'token').write_text(token.stdout)
        flags = ('--server', self.address, '--token-file', self.path / 'token')
        self.assertEqual(self.ctl(*flags, 'get', 'candidates/c000001').returncode, 0)
        self.assertEqual(self.ctl(*flags, 'get', 'candidates/c000002').returncode, 3)
        self.assertEqual(self.ctl('access', 'token', self.path / 'private',
                                  'leye://bureau/13').returncode, 2)

    def test_the_audit_is_sound_until_somebody_touches_it(self):
        self.by('leye://bureau/13', 'get', 'candidates/c000003')
        sound = self.ctl('audit', 'verify', self.path / 'audit')
        self.assertEqual(sound.returncode, 0, sound.stderr)
        head = sound.stdout.split()[-1]
        lines = (self.path / 'audit').read_text().splitlines(keepends=True)
        touched = {'removed': lines[:1] + lines[2:], 'moved': lines[1:2] + lines[:1] + lines[2:],
                   'changed': [lines[0].replace('test', 'rest')] + lines[1:]}
        for name, text in touched.items():
            (self.path / name).write_text(''.join(text))
            self.assertEqual(self.ctl('audit', 'verify', self.path / name).returncode, 9, name)
        (self.path / 'cut').write_text(''.join(lines[:-1]))
        cut = self.ctl('audit', 'verify', self.path / 'cut', '--head', head)
        self.assertEqual(cut.returncode, 9)

    def test_only_who_audits_is_told_what_it_holds(self):
        self.assertEqual(self.by('leye://bureau/13', 'audit', 'list').returncode, 8)


if __name__ == '__main__':
    unittest.main(verbosity=1)
