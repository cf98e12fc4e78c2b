#!/usr/bin/env python3
"""deploy/kubernetes and deploy/container: well formed, in agreement with each other and with leyed.

No cluster and no validator of Kubernetes' are needed: SHAPES says which fields each kind has that is used here, so
a misspelt one fails. Where kubectl is installed it renders the overlays too.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import yaml

DEPLOY = pathlib.Path(os.environ['LEYE_SOURCE_DIR']) / 'deploy'
BIN = pathlib.Path(os.environ['LEYE_BIN_DIR'])
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith('LEYE')}
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
    'name': str, 'image': str, 'command': [str], 'args': [str], 'ports': [{'name': str, 'containerPort': int}],
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
                 'emptyDir': {'medium': str, 'sizeLimit': str}}]}
SHAPES = {
    ('v1', 'ServiceAccount'): {'automountServiceAccountToken': bool},
    ('v1', 'ConfigMap'): {'data': ANY},
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
    'labels': [{'pairs': ANY, 'includeSelectors': bool}], 'configMapGenerator': [{'name': str, 'files': [str]}],
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

    def test_ports_volumes_and_probes_are_there(self):
        ports = {port['name']: port['containerPort'] for port in self.container['ports']}
        for kind, name in base():
            if kind == 'Service':
                for port in base()[(kind, name)]['spec']['ports']:
                    self.assertIn(port['targetPort'], ports)
        allowed = {port['port'] for rule in base()[('NetworkPolicy', 'leyed')]['spec']['ingress']
                   for port in rule['ports']}
        self.assertEqual(allowed, set(ports.values()))
        self.assertIn(f'listen = 0.0.0.0:{ports["grpc"]}', self.conf)
        self.assertIn(f'metrics-listen = 0.0.0.0:{ports["metrics"]}', self.conf)
        self.assertEqual({mount['name'] for mount in self.container['volumeMounts']},
                         {volume['name'] for volume in self.pod['volumes']})
        mounted = [mount['mountPath'] for mount in self.container['volumeMounts']]
        for path in re.findall(r'(?m)^[a-z-]+-file = (\S+)', self.conf):
            self.assertIn(str(pathlib.Path(path).parent), mounted)
        for probe in ('startupProbe', 'readinessProbe', 'livenessProbe'):
            self.assertIn(self.container[probe]['httpGet']['path'], ('/healthz', '/readyz'))

    def test_there_is_time_to_drain(self):
        pause = int(self.container['lifecycle']['preStop']['exec']['command'][1])
        drain = int(re.search(r'(?m)^drain = (\d+)s', self.conf)[1])
        self.assertGreater(self.pod['terminationGracePeriodSeconds'], pause + drain)

    def test_leyed_knows_every_key(self):
        """It ends because the files that are named are not here (1), not because it is told wrongly (2)."""
        with tempfile.TemporaryDirectory() as folder:
            words = [BIN / 'leyed', f'--config={FOLDER}/base/leyed.conf', '--store=sqlite', f'--data-dir={folder}/data',
                     '--listen=127.0.0.1:0', '--metrics-listen=127.0.0.1:0']
            run = subprocess.run(words, capture_output=True, text=True, env=ENVIRONMENT, timeout=60)
            self.assertEqual(run.returncode, 1, run.stderr)
            self.assertIn('/run/leye/', run.stderr)

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
            spec = rendered['Deployment']['spec']
            self.assertEqual(spec['replicas'], count)
            config = spec['template']['spec']['volumes'][0]['configMap']['name']
            self.assertEqual(config, rendered['ConfigMap']['metadata']['name'])
            self.assertEqual('affinity' in spec['template']['spec'], overlay != 'overlays/trial')
        self.assertIn('registry.example.org/leye:0.1.0', subprocess.run(
            ['kubectl', 'kustomize', FOLDER / 'overlays/province'], capture_output=True, text=True).stdout)


if __name__ == '__main__':
    unittest.main()
