#!/usr/bin/env python3
"""deploy/nginx, as it is shipped, between real clients and a real leyed: calls and streams through TLS by gRPC and by
JSON, and what is refused, in the words of each.
"""

import contextlib
import http.client
import json
import socket
import ssl
import struct
import subprocess
import time
import unittest
import warnings

from shipped import BIN, ENVIRONMENT, ShippedTest, edge_command, free_port, make_certificate, write_edge

BUREAU = 'leye://bureau/13'
EXIT_REFUSED, EXIT_TRY_AGAIN = 4, 5


class Edge(ShippedTest):
    names = ['nginx', 'leyed']
    entry = 'nginx'

    def setUp(self):
        super().setUp()
        self.http = free_port()
        self.key, line = subprocess.run([BIN / 'leyectl', 'access', 'new-api-key', BUREAU], text=True, check=True,
                                        capture_output=True, env=ENVIRONMENT).stdout.splitlines()
        (self.folder / 'api-keys').write_text(line + '\n')
        make_certificate(self.folder)
        self.configure()
        self.start_leyed('leyed')

    def configure(self, **changed):
        """nginx.conf with this test's folders and ports, and with limits that a test can reach."""
        write_edge(self.folder, self.ports['nginx'],
                   **{'127.0.0.1:7400': f'127.0.0.1:{self.ports["leyed"]}',
                      '127.0.0.1:7480': f'127.0.0.1:{self.http}', **changed})

    def command(self, name):
        if name == 'nginx':
            return edge_command(self.folder)
        return [BIN / 'leyed', f'--listen=127.0.0.1:{self.ports[name]}', f'--http=127.0.0.1:{self.http}',
                f'--data-dir={self.folder / "data"}', f'--api-keys-file={self.folder / "api-keys"}',
                '--access-log=all']

    def ctl(self, *words, server=None):
        if server == 'leyed':  # Whether it is there.
            return super().ctl(*words, server=server)
        return subprocess.run([BIN / 'leyectl', '--server', f'localhost:{self.ports["nginx"]}', '--ca-file',
                               self.folder / 'edge.pem', *words], capture_output=True, text=True,
                              env={**ENVIRONMENT, 'LEYECTL_API_KEY': self.key})

    def start_nginx(self, **changed):
        self.configure(**changed)
        checked = subprocess.run([*self.command('nginx'), '-t'], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.start('nginx')
        self.eventually(lambda: self.connects(), 'nginx')

    def connects(self):
        with socket.socket() as probe:
            return probe.connect_ex(('127.0.0.1', self.ports['nginx'])) == 0

    def tls(self, receive_bytes=None):
        context = ssl.create_default_context(cafile=self.folder / 'edge.pem')
        plain = socket.socket()
        if receive_bytes:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        plain.settimeout(30)
        plain.connect(('127.0.0.1', self.ports['nginx']))
        wrapped = context.wrap_socket(plain, server_hostname='localhost')
        self.addCleanup(wrapped.close)
        return wrapped

    def connection(self):
        connection = http.client.HTTPSConnection(
            'localhost', self.ports['nginx'], timeout=30,
            context=ssl.create_default_context(cafile=self.folder / 'edge.pem'))
        self.addCleanup(connection.close)
        return connection

    def post(self, path, body, content_type='application/json', **headers):
        connection = self.connection()
        connection.request('POST', path, body, {'content-type': content_type, 'x-api-key': self.key, **headers})
        return connection.getresponse()

    def test_calls_and_streams_pass_by_grpc_and_by_json(self):
        self.start_nginx()
        made = self.create_area(1)  # By gRPC.
        self.assertEqual(made.returncode, 0, made.stderr + self.logs())
        answer = self.post('/leye.v1.SettlementAreaService/GetSettlementArea',
                           json.dumps({'name': 'regions/13/settlementAreas/a1'}))
        self.assertEqual(answer.status, 200)
        area = json.loads(answer.read())['settlementArea']
        self.assertEqual(area['displayName'], '社区1')

        # Both watches are told of a change while they wait.
        watch = subprocess.Popen(
            [BIN / 'leyectl', '--server', f'localhost:{self.ports["nginx"]}', '--ca-file', self.folder / 'edge.pem',
             '--timeout', '60s', '--json', 'watch', 'postings'], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env={**ENVIRONMENT, 'LEYECTL_API_KEY': self.key})
        self.addCleanup(lambda: (watch.kill(), watch.communicate()))
        message = json.dumps({'parent': 'regions/13'}).encode()
        stream = self.post('/leye.v1.PostingService/WatchPostings', b'\0' + struct.pack('>I', len(message)) + message,
                           'application/connect+json')
        self.assertEqual(stream.status, 200)
        log = self.folder / 'leyed.log'
        employer = self.folder / 'employer.json'
        employer.write_text(json.dumps({'displayName': '示例厂', 'divisionCode': '130723', 'kind': 'EMPLOYER_KIND_ENTERPRISE'}))
        posting = {'employer': 'regions/13/employers/e1', 'title': '缝纫工', 'enterprise': {}, 'openings': 2,
                   'tradeCode': '6-05-01-03',
                   'place': {'divisionCode': '130723', 'location': {'latitude': 41.85, 'longitude': 114.61}},
                   'pay': {'minYuan': 3000, 'maxYuan': 4000, 'unit': 'PAY_UNIT_MONTH'},
                   'originalText': '条件见公告', 'applyFrom': '2020-01-01'}
        file = self.folder / 'posting.json'
        file.write_text(json.dumps(posting))
        self.say_what_is_there(employer, file)
        length = struct.unpack('>BI', stream.read(5))[1]
        self.assertIn('p1', stream.read(length).decode())
        self.assertIn('p1', watch.stdout.readline())
        self.assertIn('"method":"leye.v1.SettlementAreaService/GetSettlementArea"', log.read_text())

    def say_what_is_there(self, employer, posting):
        for kind, file, name in (('employer', employer, 'e1'), ('posting', posting, 'p1')):
            made = self.ctl('create', kind, str(file), '--name', name)
            self.assertEqual(made.returncode, 0, made.stderr + self.logs())

    def test_a_request_id_is_nginxs_own_and_in_both_logs_and_no_log_has_more(self):
        self.start_nginx()
        answer = self.post('/leye.v1.SkillService/ListSkills?secret=li-ming', '{}', **{'x-request-id': 'a' * 32})
        answer.read()
        line = self.access_line()
        self.assertRegex(line['request_id'], '^[0-9a-f]{32}$')
        self.assertNotEqual(line['request_id'], 'a' * 32)
        self.assertEqual(line['path'], '/leye.v1.SkillService/ListSkills')
        self.assertNotIn('li-ming', json.dumps(line))
        self.assertNotIn('127.0.0.1', json.dumps(line))
        self.eventually(lambda: f'"request_id":"{line["request_id"]}"' in (self.folder / 'leyed.log').read_text(),
                        'not in the log of leyed')

    def test_what_people_send_and_are_sent_is_in_no_file(self):
        self.start_nginx(**{'rate=50r/s': 'rate=1r/m', 'burst=100': 'burst=1'})
        path = '/leye.v1.SkillService/ListSkills?message=%7B%22filter%22%3A%22li-ming%22%7D'
        answers = [self.get(path) for _ in range(3)]
        self.assertEqual(answers[-1], 429)
        self.stop('nginx')
        self.start_nginx()
        self.stop('leyed')
        self.assertEqual(self.get(path), 503)
        error_log = (self.folder / 'leye-error.log').read_text()
        for secret in ('li-ming', '127.0.0.1'):
            self.assertNotIn(secret, error_log)
        self.assertEqual(self.files_with('li-ming'), [])

    def get(self, path):
        connection = self.connection()
        connection.request('GET', path, headers={'x-api-key': self.key})
        return connection.getresponse().status

    def files_with(self, secret):
        return [file.name for file in self.folder.rglob('*') if file.is_file() and secret.encode() in file.read_bytes()]

    def test_the_largest_bodies_and_answers_stay_in_memory(self):
        # At this level nginx names each file that it buffers something in, which it removes at once.
        told = {'leye-error.log crit': 'leye-error.log warn', 'ssl http2;': 'ssl http2 sndbuf=4k;'}
        log = self.folder / 'leye-error.log'
        self.start_nginx(**told)
        self.assertGreater(self.large_calls(), 100_000)
        self.assertNotRegex(log.read_text(), r'/(client_body|proxy)/\d')
        for setting, folder in (('client_body_buffer_size 4100k;', 'client_body'), ('proxy_max_temp_file_size 0;', 'proxy')):
            self.stop('nginx')
            self.start_nginx(**told, **{setting: ''})
            self.large_calls()
            self.assertRegex(log.read_text(), rf'/{folder}/\d')

    def large_calls(self):
        """Bodies of all that is allowed, with and without their length said before, and an answer that is taken slowly:
        the bytes of that."""
        body = b' ' * (4 * 1024 * 1024)
        for sent in (body, iter([body[:100_000], body[100_000:]])):
            self.assertNotEqual(self.post('/leye.v1.SkillService/NoSuchThing', sent).status, 413)
        slow = self.connection()
        slow.sock = self.tls(receive_bytes=4096)
        slow.request('POST', '/leye.v1.SkillService/ListSkills', '{"pageSize":1000}',
                     {'content-type': 'application/json', 'x-api-key': self.key})
        with contextlib.suppress(http.client.HTTPException, OSError):  # nginx may lack the right to write the file.
            answer = slow.getresponse()
            time.sleep(0.5)
            return len(answer.read())
        return 0

    def access_line(self):
        file = self.folder / 'leye-access.log'
        self.eventually(lambda: file.exists() and file.read_text().endswith('\n'), 'no line')
        return json.loads(file.read_text().splitlines()[-1])

    def test_without_an_identity_nothing_is_answered(self):
        self.start_nginx()
        answer = self.post('/leye.v1.SkillService/ListSkills', '{}', **{'x-api-key': 'leye_wrong'})
        self.assertEqual(json.loads(answer.read())['code'], 'unauthenticated')

    def test_what_is_too_large_is_refused_in_the_callers_words(self):
        self.start_nginx(**{'client_max_body_size 4m': 'client_max_body_size 64k'})
        answer = self.post('/leye.v1.SkillService/ListSkills', '{"filter":"' + 'x' * 70_000 + '"}')
        self.assertEqual(answer.status, 413)
        self.assertEqual(json.loads(answer.read())['code'], 'resource_exhausted')
        file = self.folder / 'area.json'
        file.write_text(json.dumps({'displayName': '社' * 30_000, 'divisionCode': '130723'}))
        made = self.ctl('create', 'area', str(file), '--name', 'large')
        self.assertEqual(made.returncode, EXIT_TRY_AGAIN, made.stderr)
        self.assertIn('larger than is taken here', made.stderr)

    def test_one_who_calls_too_often_is_told_to_wait(self):
        self.start_nginx(**{'rate=50r/s': 'rate=1r/m', 'burst=100': 'burst=2'})
        answers = [self.post('/leye.v1.SkillService/ListSkills', '{}') for _ in range(4)]
        self.assertEqual([answer.status for answer in answers], [200, 200, 200, 429])
        self.assertEqual(answers[-1].headers['retry-after'], '1')
        self.assertEqual(json.loads(answers[-1].read())['code'], 'resource_exhausted')
        listed = self.ctl('list', 'areas')
        self.assertEqual(listed.returncode, EXIT_TRY_AGAIN, listed.stderr)
        self.assertIn('too many calls', listed.stderr)

    def test_a_slow_client_is_cut_off_and_others_are_served(self):
        self.start_nginx(**{'client_header_timeout 10s': 'client_header_timeout 1s',
                            'client_body_timeout 10s': 'client_body_timeout 1s'})
        in_head, in_body = self.tls(), self.tls()
        in_head.sendall(b'POST /leye.v1.SkillService/ListSkills HTTP/1.1\r\nhost: localhost\r\n')
        in_body.sendall(b'POST /leye.v1.SkillService/ListSkills HTTP/1.1\r\nhost: localhost\r\n'
                        b'content-type: application/json\r\ncontent-length: 1000\r\n\r\n{')
        self.assertEqual(self.ctl('list', 'areas').returncode, 0)
        began = time.monotonic()
        for slow in (in_head, in_body):
            answer = slow.recv(4096)
            self.assertTrue(answer == b'' or b' 408 ' in answer.split(b'\r\n')[0] or b'400' in answer, answer)
        self.assertLess(time.monotonic() - began, 20)

    def test_only_the_api_and_health_are_there(self):
        self.start_nginx()
        for path in ('/', '/metrics', '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
                     '/leye.v1.PostingService/BuyPosting'):
            answer = self.post(path, '{}')
            self.assertEqual(answer.status, 404, path)
            self.assertEqual(json.loads(answer.read())['code'], 'unimplemented')
        self.assertEqual(self.ctl('status', '--health').returncode, 0)

    def test_without_leyed_both_are_told_so_and_old_tls_is_refused(self):
        self.start_nginx()
        self.stop('leyed')
        answer = self.post('/leye.v1.SkillService/ListSkills', '{}')
        self.assertEqual(answer.status, 503)
        self.assertEqual(json.loads(answer.read())['code'], 'unavailable')
        listed = self.ctl('list', 'areas')
        self.assertEqual(listed.returncode, EXIT_TRY_AGAIN)
        self.assertIn('no leyed can be reached', listed.stderr)
        old = ssl.create_default_context(cafile=self.folder / 'edge.pem')
        old.set_ciphers('DEFAULT:@SECLEVEL=0')
        with warnings.catch_warnings():
            warnings.simplefilter('ignore', DeprecationWarning)
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        with socket.create_connection(('127.0.0.1', self.ports['nginx']), timeout=30) as plain:
            with self.assertRaisesRegex(ssl.SSLError, '(?i)alert.*protocol.version'):
                old.wrap_socket(plain, server_hostname='localhost')


if __name__ == '__main__':
    unittest.main()
