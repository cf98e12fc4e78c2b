#!/usr/bin/env python3
"""deploy/docs/build makes OpenAPI and a reference that are valid and leave out nothing.

Needs tests/tools/install, which tests/run and deploy/docs/build do; LEYE_WITHOUT_NPM=1 leaves all of it out.
"""

import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RPC = re.compile(r'^  rpc (\w+)\((stream )?\w+\)', re.M)
VALIDATOR = """
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
const result = await new Validator().validate(JSON.parse(readFileSync(process.argv[2], 'utf8')));
console.log(JSON.stringify(result));
"""


def rpcs():
    """(service, rpc, streams requests) of every proto."""
    for proto in sorted((ROOT / 'proto/leye/v1').glob('*.proto')):
        text = proto.read_text(encoding='utf-8')
        service = re.search(r'^service (\w+)', text, re.M)
        for found in RPC.finditer(text):
            yield service[1], found[1], bool(found[2])


class Docs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # deploy/docs/build asks npm for what is missing. Who has no npm says so: nothing is passed over in silence.
        if os.environ.get('LEYE_WITHOUT_NPM') == '1':
            raise unittest.SkipTest('LEYE_WITHOUT_NPM=1')
        cls.folder = tempfile.TemporaryDirectory()
        cls.out = pathlib.Path(cls.folder.name)
        subprocess.run([ROOT / 'deploy/docs/build', cls.out], check=True, stdout=subprocess.DEVNULL)
        cls.openapi = json.loads((cls.out / 'openapi.json').read_text(encoding='utf-8'))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_openapi_is_valid(self):
        modules = self.out / 'node_modules'
        os.symlink(ROOT / 'build/tools/node_modules', modules)
        script = self.out / 'validate.mjs'
        script.write_text(VALIDATOR, encoding='utf-8')
        ran = subprocess.run(['node', script, self.out / 'openapi.json'], check=True,
                             capture_output=True, text=True)
        self.assertEqual({'valid': True}, json.loads(ran.stdout))

    def lint(self, document):
        """What redocly's recommended rules say, warnings too, as {rule: count}."""
        file = self.out / 'linted.json'
        file.write_text(json.dumps(document), encoding='utf-8')
        ran = subprocess.run(
            [ROOT / 'build/tools/node_modules/.bin/redocly', 'lint', '--extends', 'recommended', '--format', 'json', file],
            capture_output=True, text=True, cwd=self.out, env={**os.environ, 'REDOCLY_TELEMETRY': 'off',
                                                               'REDOCLY_SUPPRESS_UPDATE_NOTICE': 'true'})
        return collections.Counter(problem['ruleId'] for problem in json.loads(ran.stdout)['problems'])

    def test_a_linter_of_the_field_has_nothing_to_say(self):
        self.assertEqual({}, self.lint(self.openapi))
        broken = json.loads(json.dumps(self.openapi))
        for operations in broken['paths'].values():
            operations['post'].pop('security', None)
            operations['post']['operationId'] = 'same'
        del broken['security']
        self.assertLessEqual({'operation-operationId-unique', 'security-defined'}, set(self.lint(broken)))

    def test_the_api_alone_needs_no_npm(self):
        with tempfile.TemporaryDirectory() as folder:
            path = f'{pathlib.Path(shutil.which("protoc")).parent}:/bin'
            nowhere = pathlib.Path(folder) / 'bin'
            nowhere.mkdir()
            for program in ('bash', 'dirname', 'readlink', 'mkdir', 'mktemp', 'rm', 'protoc', 'env'):
                os.symlink(shutil.which(program, path=f'{path}:/usr/bin'), nowhere / program)
            subprocess.run([ROOT / 'deploy/docs/build', '--api', f'{folder}/docs'], check=True,
                           env={**os.environ, 'PATH': str(nowhere)})
            self.assertEqual(sorted(os.listdir(f'{folder}/docs')), ['openapi.json', 'reference.md'])

    def test_every_rpc_is_described(self):
        found = list(rpcs())
        self.assertGreater(len(found), 40)
        expected = {f'/leye.v1.{service}/{rpc}' for service, rpc, imports in found if not imports}
        self.assertEqual(expected, set(self.openapi['paths']))
        reference = (self.out / 'reference.md').read_text(encoding='utf-8')
        for service, rpc, _ in found:
            self.assertIn(f'## {service}\n', reference)
            self.assertIn(f'\n| {rpc} | ', reference)

    def test_every_reference_leads_somewhere(self):
        schemas = set(self.openapi['components']['schemas'])
        used = set(re.findall(r'"#/components/schemas/([\w.]+)"', json.dumps(self.openapi)))
        self.assertEqual(schemas, used)
        reference = (self.out / 'reference.md').read_text(encoding='utf-8')
        headings = {line[3:].strip().lower() for line in reference.split('\n') if line.startswith('## ')}
        self.assertLessEqual(set(re.findall(r'\(#([\w.]+)\)', reference)), headings)

    def test_everything_has_a_description(self):
        for name, schema in self.openapi['components']['schemas'].items():
            self.assertTrue(schema['description'], name)
            for field, value in schema.get('properties', {}).items():
                self.assertTrue(value.get('description'), f'{name}.{field}')

    def test_limits_are_those_of_the_protos(self):
        level = self.openapi['components']['schemas']['HeldSkill']['properties']['level']
        self.assertEqual((0, 7), (level['minimum'], level['maximum']))

    def test_only_what_reads_has_a_get(self):
        for path, operations in self.openapi['paths'].items():
            verb = re.search(r'/([A-Z][a-z]+)\w*$', path)[1]
            reads = verb in ('Get', 'List', 'Batch', 'Search', 'Rank', 'Recommend', 'Explain',
                             'Score', 'Normalize', 'Simulate', 'Find', 'Suggest',
                             'Export') and not re.search('BatchCreate|BatchReview', path)
            self.assertEqual(reads, 'get' in operations, path)


if __name__ == '__main__':
    unittest.main()
