#!/usr/bin/env python3
"""deploy/prometheus and deploy/grafana: rules that say what they mean, about figures that there are.

The rules are checked and tested by promtool (Debian's package prometheus). Every metric and label that a rule or
a panel names is looked for in what a leyed of this build really serves.
"""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

import yaml

from shipped import BIN, DEPLOY, ENVIRONMENT, ShippedTest, free_port

HERE = pathlib.Path(__file__).resolve().parent
RULES = [DEPLOY / 'prometheus/recording.yml', DEPLOY / 'prometheus/alerts.yml']
DASHBOARD = DEPLOY / 'grafana/leye.json'
# Made by Prometheus itself, and labels that it adds.
OF_PROMETHEUS = {'up', 'ALERTS'}
LABELS_OF_PROMETHEUS = {'job', 'instance', 'le'}
WORDS = set('by without on ignoring group_left group_right and or unless bool offset sum avg min max count'
            ' topk bottomk quantile'.split())


def rules():
    return [rule for file in RULES for group in yaml.safe_load(file.read_text())['groups']
            for rule in group['rules']]


def panels():
    return [panel for panel in json.loads(DASHBOARD.read_text())['panels'] if panel['type'] != 'row']


def expressions():
    """What each rule and panel asks, by its name."""
    asked = [(rule.get('record') or rule['alert'], rule['expr']) for rule in rules()]
    asked += [(panel['title'], target['expr']) for panel in panels() for target in panel['targets']]
    variables = json.loads(DASHBOARD.read_text())['templating']['list']
    for variable in variables:
        match = re.match(r'label_values\((.*), *(\w+)\)$', variable['query'])
        if match:
            asked.append((variable['name'], f'{match[1]} and on ({match[2]}) {match[1]}'))
    return asked


def names_in(expression):
    """The metrics, and the (metric, label) pairs, that a PromQL expression names."""
    text = re.sub(r"'[^']*'|\"[^\"]*\"", '""', expression)
    text = re.sub(r'\[[^\]]*\]', '', text)
    grouped = [label.strip() for labels in re.findall(r'\b(?:by|on|ignoring|without) *\(([^)]*)\)', text)
               for label in labels.split(',')]
    text = re.sub(r'\b(?:by|on|ignoring|without) *\([^)]*\)', '', text)
    metrics, labels = set(), set()
    for match in re.finditer(r'([a-zA-Z_][\w:]*)(\{[^}]*\})?(?! *\()(?![\w:])', text):
        name, matchers = match[1], match[2] or ''
        if name in WORDS or re.match(r'\w', text[match.start() - 1:match.start()] or ' '):
            continue
        if re.match(r'\d', text[match.start() - 1:match.start()] or ' '):
            continue
        metrics.add(name)
        labels |= {(name, label) for label in re.findall(r'(\w+) *[=!]', matchers)}
    labels |= {(metric, label) for metric in metrics for label in grouped}
    return metrics, labels


class Rules(unittest.TestCase):
    def promtool(self, *words, cwd):
        return subprocess.run(['promtool', *words], cwd=cwd, capture_output=True, text=True)

    def copied(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for file in (DEPLOY / 'prometheus').glob('*.yml'):
            shutil.copy(file, folder.name)
        shutil.copy(HERE / 'prometheus_rules.test.yml', folder.name)
        return pathlib.Path(folder.name)

    def test_are_well_formed_and_do_what_their_tests_say(self):
        folder = self.copied()
        for words in (['check', 'config', 'prometheus.yml'], ['test', 'rules', 'prometheus_rules.test.yml']):
            run = self.promtool(*words, cwd=folder)
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_that_are_changed_fail_their_tests(self):
        folder = self.copied()
        alerts = folder / 'alerts.yml'
        alerts.write_text(alerts.read_text().replace('leye_follower_lag_seconds > 10',
                                                     'leye_follower_lag_seconds > 10000'))
        run = self.promtool('test', 'rules', 'prometheus_rules.test.yml', cwd=folder)
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn('LeyeStaleMemory', run.stdout + run.stderr)

    def test_each_alert_is_seen_firing_and_says_what_to_do(self):
        tests = (HERE / 'prometheus_rules.test.yml').read_text()
        for rule in rules():
            if 'alert' not in rule:
                continue
            self.assertIn(rule['alert'], tests)
            self.assertIn(rule['labels']['severity'], ('page', 'ticket'), rule['alert'])
            for annotation in ('summary', 'summary_zh', 'do'):
                self.assertTrue(rule['annotations'].get(annotation), rule['alert'])


class Figures(ShippedTest):
    names = ['leyed']
    entry = 'leyed'

    def command(self, name):
        return [BIN / 'leyed', f'--listen=127.0.0.1:{self.ports[name]}',
                f'--data-dir={self.folder / "data"}', f'--metrics-listen=127.0.0.1:{self.metrics}',
                f'--http=127.0.0.1:{self.http}', f'--master-keys={self.folder / "master-keys"}']

    def scrape(self):
        """The labels of each metric of a leyed that has served a call, refused one, and found something sealed."""
        self.metrics, self.http = free_port(), free_port()
        subprocess.run([BIN / 'leyectl', 'access', 'new-master-key', self.folder / 'master-keys'], check=True,
                       capture_output=True, env=ENVIRONMENT)
        self.start_leyed('leyed')
        imported = self.ctl('import', 'employers', DEPLOY / 'sample/hebei-small/employers.jsonl')
        self.assertEqual(imported.returncode, 0, imported.stderr)
        # Master keys in use are counted at a start.
        self.stop('leyed')
        self.start_leyed('leyed')
        self.ctl('list', 'areas')
        with self.assertRaises(urllib.error.HTTPError):
            urllib.request.urlopen(f'http://127.0.0.1:{self.http}/nothing')
        with urllib.request.urlopen(f'http://127.0.0.1:{self.metrics}/metrics') as answer:
            text = answer.read().decode()
        self.assertIn('leye_gateway_refused_total{reason="UNKNOWN_METHOD"} 1\n', text)
        checked = subprocess.run(['promtool', 'check', 'metrics'], input=text, capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        labels = {}
        for line in text.splitlines():
            match = re.match(r'([a-zA-Z_][\w:]*)(?:\{(.*)\})? ', line)
            if match:
                labels.setdefault(match[1], set()).update(re.findall(r'(\w+)="', match[2] or ''))
        return labels

    def missing(self, asked, known):
        found = []
        for who, expression in asked:
            metrics, labels = names_in(expression)
            found += [f'{who}: {metric}' for metric in metrics if metric not in known]
            found += [f'{who}: {metric}{{{label}}}' for metric, label in labels
                      if metric in known and known[metric] is not None
                      and label not in known[metric] | LABELS_OF_PROMETHEUS]
        return found

    def test_that_rules_and_panels_name_are_served(self):
        known = dict(self.scrape())
        known.update({name: None for name in OF_PROMETHEUS})
        known.update({rule['record']: None for rule in rules() if 'record' in rule})
        self.assertEqual(self.missing(expressions(), known), [])
        # It would have found one, by its name or its label.
        wrong = [('a', 'rate(leye_rpc_call_total[5m])'), ('b', 'leye_ready{pod="x"}'),
                 ('c', 'sum by (verb) (leye_pool_queued)')]
        self.assertEqual(self.missing(wrong, known),
                         ['a: leye_rpc_call_total', 'b: leye_ready{pod}', 'c: leye_pool_queued{verb}'])

        # And what is served is shown or alerted on: a figure that nobody sees is not needed.
        named = set().union(*(names_in(expression)[0] for _, expression in expressions()))
        for metric in known:
            family = re.sub(r'_(bucket|sum|count)$', '', metric)
            self.assertTrue(any(name.startswith(family) for name in named) or known[metric] is None
                            or metric == 'leye_memory_regions', f'{metric} is nowhere looked at')


if __name__ == '__main__':
    unittest.main()
