#!/usr/bin/env python3
"""Tables in and out: leyectl against a real leyed, with files as people have them.

Needs LEYE_BIN_DIR and LEYE_SOURCE_DIR, as ctest sets them.
"""

import csv
import io
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest
import zipfile

from leyectl_e2e import BIN, SAMPLE, start_server

SHIPPED = pathlib.Path(os.environ['LEYE_SOURCE_DIR']) / 'deploy/sample'
sys.path.insert(0, str(SHIPPED))
import make_ledgers  # noqa: E402  (the path is known only now)

NOBODY = '127.0.0.1:1'  # No server there.


def ctl(*words, server=NOBODY):
    return subprocess.run([BIN / 'leyectl', '--server', server, *map(str, words)],
                          capture_output=True, text=True, timeout=120,
                          env={**os.environ, 'LC_ALL': 'C'})


def lines(run):
    return [json.loads(line) for line in run.stdout.splitlines()]


class Files(unittest.TestCase):
    """What a file is taken for, without a server."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def people(self, content, *flags, name='people.csv'):
        """The records that a dry run shows, and the run."""
        run = ctl('--json', 'import', 'candidates', self.file(name, content), '--dry-run', *flags)
        shown = [line for line in lines(run) if 'column' not in line and 'collection' not in line]
        return shown, run

    def areas(self, content, name, *flags):
        run = ctl('--json', 'import', 'areas', self.file(name, content), '--dry-run', *flags)
        return [line for line in lines(run) if 'column' not in line and 'collection' not in line], run

    def test_a_dry_run_shows_columns_records_and_problems(self):
        run = ctl('import', 'candidates', SHIPPED / 'ledgers/ledger-gb18030.csv', '--dry-run')
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn('GB18030, header in row 2', run.stdout)
        self.assertRegex(run.stdout, r'身份证号码.* id_number')
        self.assertIn('"fullName":"垄建国"', run.stdout)
        self.assertIn('readable 5, rejected 0', run.stdout)

    def test_the_sample_files_are_those_of_their_script(self):
        subprocess.run([sys.executable, SHIPPED / 'make_ledgers.py', self.folder], check=True)
        for name in ('ledger-gb18030.csv', 'forklift.jsonld', 'openings.json'):
            self.assertEqual((self.folder / name).read_bytes(),
                             (SHIPPED / 'ledgers' / name).read_bytes())
        made, shipped = (zipfile.ZipFile(folder / 'recruitment.xlsx')
                         for folder in (self.folder, SHIPPED / 'ledgers'))
        self.assertEqual({name: made.read(name) for name in made.namelist()},
                         {name: shipped.read(name) for name in shipped.namelist()})

    def test_no_personal_data_stands_in_the_report(self):
        shown, run = self.people('姓名,身份证号,户号,安置点\n垄建国,139900198503020016,H1,怡安社区\n')
        self.assertEqual(run.returncode, 7)
        self.assertEqual(shown, [])
        self.assertIn(':2: B 身份证号 (18 digits): BAD_ID_NUMBER', run.stderr)
        for secret in ('垄建国', '139900198503020016'):
            self.assertNotIn(secret, run.stderr)

    def test_everything_that_is_wrong_with_a_row_is_told_at_once(self):
        _, run = self.people('姓名,性别,身份证号,学历,电话,年龄,户号,安置点\n'
                             '垄,女,139900198503020015,博学,12,20,H1,怡安社区\n')
        for reason in ('B 性别 (text of 1 character): CONTRADICTION', 'D 学历', 'BAD_PHONE',
                       'F 年龄 (2 digits): CONTRADICTION'):
            self.assertIn(reason, run.stderr)

    def test_birth_date_and_sex_come_from_the_number(self):
        shown, _ = self.people('姓名,证件号码,出生年月,户号,安置点\n'
                               '垄,139900850302001,1985.3,H1,怡安社区\n')
        self.assertEqual(shown[0]['idNumber'], '139900198503020015')
        self.assertEqual(shown[0]['birthDate'], '1985-03-02')
        self.assertEqual(shown[0]['sex'], 'SEX_MALE')

    def test_an_identity_number_is_never_an_id(self):
        shown, _ = self.people('人口编号,姓名,户号,安置点\n'
                               '139900198503020015,垄,139900198503020015,怡安社区\n')
        self.assertEqual((shown[0]['idNumber'], shown[0]['birthDate']),
                         ('139900198503020015', '1985-03-02'))
        self.assertNotIn('externalId', shown[0])
        self.assertNotIn('1399', shown[0]['name'] + shown[0]['household'])

    def test_members_below_a_head_are_of_its_household(self):
        shown, run = self.people('户号,安置点,姓名,与户主关系,出生日期\n'
                                 'H1,怡安社区,垄,户主,1985-03-02\n'
                                 ',,畦,配偶,1986-03-02\n,,埂,户主,1987-03-02\n')
        self.assertEqual(shown[0]['household'], shown[1]['household'])
        self.assertNotEqual(shown[0]['name'], shown[1]['name'])
        self.assertIn(':4: A 户号 (empty): REQUIRED', run.stderr)

    def test_doubles_and_households_in_two_areas_are_refused(self):
        _, run = self.people('户号,安置点,姓名,出生日期\nH1,怡安社区,垄,1985-03-02\n'
                             'H1,怡安社区,垄,1985-03-02\nH1,北安社区,畦,1985-03-02\n')
        self.assertIn(':3: DUPLICATE: is the same record as row 2', run.stderr)
        self.assertIn(':4: B 安置点 (text of 4 characters): CONTRADICTION', run.stderr)

    def test_a_mapping_adds_headers_and_constants(self):
        mapping = self.file('mapping', 'candidates\tphone\t本人号码\n'
                                       'candidates\tgroups\t=搬迁人口\n')
        shown, _ = self.people('户号,安置点,姓名,出生日期,本人号码\nH1,怡安,垄,1985-3-2,0313-0924711\n',
                               '--mapping', mapping)
        self.assertEqual(shown[0]['phone'], '0313-0924711')
        self.assertEqual(shown[0]['groups'], ['GROUP_RELOCATED'])

    def test_csv_is_read_as_pythons_module_reads_it(self):
        seed = random.randrange(2**32)
        dice = random.Random(seed)
        pieces = ['垄', 'a', ',', ';', '\t', '"', '\n', ' ', 'é', '𠀀']
        for _ in range(30):
            rows = [[''.join(dice.choices(pieces, k=dice.randrange(8))).strip() or 'x'
                     for _ in range(2)] for _ in range(4)]
            text = io.StringIO()
            writer = csv.writer(text, delimiter=dice.choice(',;\t'),
                                quoting=dice.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
                                lineterminator=dice.choice(['\n', '\r\n']))
            writer.writerow(['display_name', 'remarks'])
            writer.writerows(rows)
            encoding = dice.choice(['utf-8', 'utf-8-sig', 'gb18030', 'utf-16'])
            separator = {',': 'comma', ';': 'semicolon', '\t': 'tab'}[writer.dialect.delimiter]
            shown, run = self.areas(text.getvalue().encode(encoding), 'areas.csv',
                                    '--separator', separator)
            self.assertEqual([[area.get('displayName'), area.get('remarks')] for area in shown],
                             rows, (seed, encoding, text.getvalue(), run.stderr))

    def test_a_workbooks_cells_are_read_as_they_are_shown(self):
        shared = ('<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                  '<si><t>垄</t></si><si><r><t>建</t></r><r><t>国</t></r><rPh><t>x</t></rPh></si></sst>')
        cells = ('<c r="A2" t="s"><v>1</v></c><c r="B2" s="1"><v>31108</v></c>'
                 '<c r="D2" t="str"><f>1</f><v>怡安社区</v></c><c r="E2"><v>7</v></c>')
        rows = make_ledgers.sheet([['姓名', '出生日期', '其他', '安置点', '户号']]).replace(
            '</sheetData>', f'<row r="2">{cells}</row></sheetData>')
        shown, run = self.people(make_ledgers.workbook([], more={
            'xl/sharedStrings.xml': shared, 'xl/worksheets/sheet1.xml': rows}), name='p.xlsx')
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual((shown[0]['fullName'], shown[0]['birthDate']), ('建国', '1985-03-02'))

    def test_dates_of_the_1904_system(self):
        book = make_ledgers.workbook(
            [['姓名', '出生日期', '安置点', '户号'], ['垄', ('date', 31108 - 1462), '怡安社区', 'H1']])
        with_system = make_ledgers.workbook(
            [['姓名', '出生日期', '安置点', '户号'], ['垄', ('date', 31108 - 1462), '怡安社区', 'H1']],
            more={'xl/workbook.xml':
                  '<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="a" '
                  'sheetId="1" r:id="r1"/></sheets></workbook>'})
        self.assertEqual(self.people(with_system, name='p.xlsx')[0][0]['birthDate'], '1985-03-02')
        self.assertEqual(self.people(book, name='p.xlsx')[0][0]['birthDate'], '1981-03-01')

    def test_id_numbers_that_a_spreadsheet_made_floats_are_refused(self):
        header = [['姓名', '身份证号', '安置点', '户号']]
        for number in (139900198503020015, 139900198503020000):
            _, run = self.people(
                make_ledgers.workbook(header + [['垄', number, '怡安社区', 'H1']]), name='p.xlsx')
            self.assertIn('B 身份证号 (number in scientific notation): ID_NUMBER_LOST', run.stderr)
        # 15 digits are kept whole.
        shown, _ = self.people(make_ledgers.workbook(
            header + [['垄', 139900850302001, '怡安社区', 'H1']]), name='p.xlsx')
        self.assertEqual(shown[0]['idNumber'], '139900198503020015')

    def test_merged_cells_stand_in_each_of_their_cells(self):
        rows = [['姓名', '家庭', '', '出生日期'], ['', '户号', '安置点', ''],
                ['垄', 'H1', '怡安社区', '1985-3-2'], ['畦', '', '', '1986-3-2']]
        merged = ('<mergeCells><mergeCell ref="B1:C1"/><mergeCell ref="A1:A2"/><mergeCell '
                  'ref="D1:D2"/><mergeCell ref="B3:B4"/><mergeCell ref="C3:C4"/></mergeCells>')
        shown, run = self.people(make_ledgers.workbook(rows, merged), name='p.xlsx')
        self.assertEqual(len(shown), 2, run.stderr)
        self.assertEqual(shown[0]['household'], shown[1]['household'])

    def test_hidden_sheets_are_read_only_by_name(self):
        book = make_ledgers.workbook(
            [['display_name'], ['甲']],
            more={'xl/workbook.xml':
                  '<workbook xmlns:r="r"><sheets><sheet name="旧" sheetId="1" state="hidden" '
                  'r:id="r1"/><sheet name="新" sheetId="2" r:id="r3"/></sheets></workbook>',
                  'xl/_rels/workbook.xml.rels':
                  '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/>'
                  '<Relationship Id="r3" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
                  'xl/worksheets/sheet2.xml': make_ledgers.sheet([['display_name'], ['乙']])})
        self.assertEqual(self.areas(book, 'a.xlsx')[0][0]['displayName'], '乙')
        self.assertEqual(self.areas(book, 'a.xlsx', '--sheet', '旧')[0][0]['displayName'], '甲')
        _, run = self.areas(book, 'a.xlsx', '--sheet', '无')
        self.assertEqual(run.returncode, 9)
        self.assertIn('旧, 新', run.stderr)

    def test_hostile_workbooks_are_refused(self):
        entities = ('<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
                    '<worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row>'
                    '</sheetData></worksheet>')
        bomb = '<worksheet><sheetData>' + ' ' * 200_000_000 + '</sheetData></worksheet>'
        tag = '<worksheet a="' + 'a1b2' * 3_000_000 + '"/>'
        cell = ('<worksheet><sheetData><row><c t="inlineStr"><is><t>' + 'ab1' * 100_000 +
                '</t></is></c></row></sheetData></worksheet>')
        for content, why in ((entities, 'document type'), (bomb, 'times its compressed'),
                             (tag, 'tag without end'), (cell, 'too large'),
                             ('<worksheet><sheetData>', 'malformed')):
            book = make_ledgers.workbook([], more={'xl/worksheets/sheet1.xml': content})
            _, run = self.areas(book, 'a.xlsx')
            self.assertEqual(run.returncode, 9, why)
            self.assertIn(why, run.stderr)
        for content in (b'PK\x03\x04 and no more', b'', make_ledgers.workbook([])[:-30]):
            self.assertEqual(self.areas(content, 'a.xlsx')[1].returncode, 9)

    def test_usage_errors_send_nothing(self):
        table = self.file('a.csv', 'display_name\n甲\n')
        for words in (('--encoding', 'ebcdic'), ('--validate-only',), ('--rejects', table),
                      ('--separator', 'x'), ('--mapping', '/nowhere')):
            self.assertEqual(ctl('import', 'areas', table, *words).returncode, 2, words)
        self.assertEqual(ctl('import', 'areas', table, table).returncode, 2)
        self.assertEqual(ctl('import', 'areas', '/nowhere.csv').returncode, 9)
        self.assertEqual(ctl('export', 'skills').returncode, 2)
        self.assertEqual(ctl('export', 'areas', '--format', 'xlsx').returncode, 2)
        self.assertEqual(ctl('export', 'areas', '--format', 'hropen').returncode, 2)
        self.assertEqual(ctl('export', 'areas').returncode, 5)
        self.assertEqual(ctl('export', 'postings', '--format', 'jsonld').returncode, 5)


class WithServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.address = start_server(cls, folder.name)
        cls.key = cls.folder / 'key'
        cls.key.write_text('0123456789abcdef0123456789abcdef\n')

    def ok(self, *words):
        run = ctl(*words, server=self.address)
        self.assertEqual(run.returncode, 0, run.stderr + run.stdout)
        return run

    def counts(self, *words):
        """By collection: created, updated, unchanged, rejected."""
        run = ctl('--json', *words, server=self.address)
        return {line['collection']: (line['created'], line['updated'], line['unchanged'],
                                     line['rejected'])
                for line in lines(run) if 'collection' in line}, run


class MainJob(WithServer):
    """From a clean server to the person for a posting, by files alone."""

    def test_from_ledger_and_list_to_the_ranking(self):
        self.ok('import', 'areas', SAMPLE / 'areas.jsonl')
        ledger = ('import', 'candidates', SHIPPED / 'ledgers/ledger-gb18030.csv',
                  '--id-key-file', self.key)
        counts, run = self.counts(*ledger)
        self.assertEqual(counts, {'households': (4, 0, 0, 0), 'candidates': (5, 0, 0, 0)}, run.stderr)
        recruitment = ('import', 'postings', SHIPPED / 'ledgers/recruitment.xlsx')
        counts, run = self.counts(*recruitment)
        self.assertEqual(counts, {'employers': (3, 0, 0, 0), 'postings': (3, 0, 0, 0)}, run.stderr)
        # Again: nothing changes.
        self.assertEqual(self.counts(*ledger)[0],
                         {'households': (0, 0, 4, 0), 'candidates': (0, 0, 5, 0)})
        self.assertEqual(self.counts(*recruitment)[0]['postings'], (0, 0, 3, 0))
        self.assertNotIn('1399', self.ok('list', 'candidates').stdout.replace('1399-', ''))

        postings = lines(self.ok('--json', 'list', 'postings'))
        welding = next(p for p in postings if '电焊' in p['title'])
        self.assertEqual(welding['tradeCode'], '6-18-02-04')
        self.assertEqual(welding['applyUntil'], '2039-12-31')
        self.assertTrue(welding['benefits']['lodging'])
        self.assertEqual(welding['title'], '急招电焊工（包住）')
        answer = lines(self.ok('--json', 'rank', welding['name']))[0]
        first = answer['matches'][0]['candidate']['name']
        person = json.loads(self.ok('--json', 'get', first).stdout)
        self.assertEqual(person['fullName'], '垄建国')

    def test_suggestions_stand_beside_the_text_that_is_kept(self):
        notice = '要求18-50周岁、初中以上，持焊工证；每户限1人。月薪6000元，合同期一年。月薪7000元。'
        table = self.folder / 'notices.csv'
        table.write_text('岗位名称,用人单位,工作地点,招聘人数,岗位类型,岗位编号,招聘公告\n'
                         f'电焊工,示例厂,康保县怡安社区,3,公益性岗位,N-1,{notice}\n'
                         '保洁员,示例厂,康保县怡安社区,2,公益性岗位,N-2,\n', encoding='utf-8')
        file = self.folder / 'suggestions.tsv'
        command = ('import', 'postings', table, '--suggestions', file)
        run = self.ok('--json', *command)
        self.assertEqual(lines(run)[1]['suggestions'], 7, run.stdout)
        said = [row.split('\t') for row in file.read_text(encoding='utf-8').splitlines()]
        self.assertEqual({row[0] for row in said}, {f'{table}:2'})
        self.assertEqual([(row[1], row[4], row[5]) for row in said],
                         [('required_certificates', '', '焊工证'), ('conditions.ages', '', '18-50周岁'),
                          ('conditions.min_education', '', '初中以上'),
                          ('conditions.household_cap', '', '每户限1人'),
                          ('schedule.term_months', '', '一年'), ('pay', 'contradicted', '月薪6000元'),
                          ('pay', 'contradicted', '月薪7000元')])
        self.assertEqual(said[0][2:4], ['skills/cert-welding-thermal-cutting', '88'])
        stored = [p for p in lines(self.ok('--json', 'list', 'postings'))
                  if p.get('externalId', {}).get('id') == 'N-1']
        self.assertEqual(stored[0]['originalText'], notice)
        self.assertNotIn('pay', stored[0])
        self.assertNotIn('conditions', stored[0])
        # What is suggested the posting takes.
        self.assertEqual(self.counts(*command)[0]['postings'], (0, 0, 2, 0))

    def test_suggestions_of_a_notice_of_several_posts_are_those_of_the_row(self):
        notice = '招聘电焊工2名，月薪6000元；保安3名，月薪4000元；包吃住'
        table = self.folder / 'several.csv'
        table.write_text('岗位名称,用人单位,工作地点,招聘人数,岗位类型,岗位编号,招聘公告\n'
                         f'保安,示例厂,康保县怡安社区,3,企业岗位,S-1,{notice}\n'
                         f'多个岗位,示例厂,康保县怡安社区,5,企业岗位,S-2,{notice}\n', encoding='utf-8')
        file = self.folder / 'several.tsv'
        self.ok('import', 'postings', table, '--suggestions', file)
        said = [row.split('\t') for row in file.read_text(encoding='utf-8').splitlines()]
        pays = [(row[0].rsplit(':')[-1], row[5], row[6]) for row in said if row[1] == 'pay']
        self.assertEqual(pays, [('2', '月薪4000元', ''), ('3', '月薪6000元', '1'), ('3', '月薪4000元', '2')])
        self.assertIn(['3', 'benefits.lodging', ''], [[row[0].rsplit(':')[-1], row[1], row[6]] for row in said])

    def test_job_postings_of_pages_are_imported(self):
        self.ok('import', 'areas', SAMPLE / 'areas.jsonl')
        page = SHIPPED / 'ledgers/forklift.jsonld'
        counts, run = self.counts('import', 'postings', page)
        self.assertEqual(counts, {'employers': (1, 0, 0, 0), 'postings': (1, 0, 0, 0)}, run.stderr)
        self.assertEqual(self.counts('import', 'postings', page)[0]['postings'], (0, 0, 1, 0))
        posting = lines(self.ok('--json', 'list', 'postings', '--filter',
                                'external_id.source = "yian-hr"'))[0]
        self.assertEqual((posting['title'], posting['openings'], posting['applyUntil']),
                         ('叉车工', 2, '2039-12-31'))
        self.assertEqual(posting['place']['divisionCode'], '130723')
        self.assertEqual(posting['pay'], {'minYuan': 5000, 'maxYuan': 6500, 'unit': 'PAY_UNIT_MONTH'})
        self.assertEqual(posting['requiredSkills'][0]['skills'], [{'skill': 'skills/forklift'}])
        self.assertEqual(posting['conditions']['minEducation'], 'EDUCATION_SENIOR_SECONDARY')
        self.assertEqual(posting['originalText'], '负责仓库装卸。')
        # In an HTML page, in a graph: one good, one without a title or a known place.
        bad = {'@type': 'JobPosting', 'hiringOrganization': 'x', 'jobLocation': '火星'}
        graph = {'@context': 'https://schema.org', '@graph': [make_ledgers.PAGE, bad]}
        html = self.folder / 'page.html'
        html.write_text('<html><script type="application/ld+json">' +
                        json.dumps(graph, ensure_ascii=False) + '</script></html>')
        counts, run = self.counts('import', 'postings', html)
        self.assertEqual(counts['postings'], (0, 0, 1, 1), run.stderr)
        self.assertIn('page.html:2: title: REQUIRED', run.stderr)
        self.assertIn('page.html:2: @workplace: UNKNOWN_PLACE', run.stderr)
        for text, code in (('{', 9), ('{}', 9), ('<html></html>', 9)):
            html.write_text(text)
            self.assertEqual(ctl('import', 'postings', html, server=self.address).returncode, code)
        self.assertEqual(ctl('import', 'candidates', page, server=self.address).returncode, 2)

    def test_rejected_postings_of_pages_are_mended_and_imported_again(self):
        self.ok('import', 'areas', SAMPLE / 'areas.jsonl')
        # The first is good; the second has no known place, the third only the server refuses.
        page = dict(make_ledgers.PAGE)
        jobs = [{**page, 'identifier': f'R-{i}'} for i in range(3)]
        jobs[1]['jobLocation'] = {'address': '火星'}
        jobs[2]['title'] = '长' * 101
        html = self.folder / 'mend.html'
        html.write_text('<script type="application/ld+json">' + json.dumps(jobs[:2]) + '</script>'
                        '<script type="application/ld+json">' + json.dumps(jobs[2]) + '</script>')
        openings = [json.loads(json.dumps(make_ledgers.OPENINGS[0])) for _ in range(3)]
        for i, opening in enumerate(openings):
            opening['positionProfiles'][0]['positionId']['value'] = f'R-{i}'
        openings[1]['positionProfiles'][0]['positionLocation'] = [{'city': '火星'}]
        openings[2]['positionProfiles'][0]['positionTitle'] = '长' * 101
        openings[2]['positionProfiles'].append(openings[2]['positionProfiles'][0] | {'positionTitle': '工'})
        hr = self.folder / 'mend.json'
        hr.write_text(json.dumps(openings))
        for file, form, rejects, good in ((html, 'jsonld', 'mend.rejects.jsonld', 1),
                                          (hr, 'hropen', 'mend.rejects.json', 2)):
            words = ('--format', form, '--source', form)
            counts, run = self.counts('import', 'postings', file, *words)
            self.assertEqual((run.returncode, counts['postings']), (7, (good, 0, 0, 2)), run.stderr)
            rejects = self.folder / rejects
            self.assertIn(str(rejects), run.stderr)
            self.assertEqual(rejects.stat().st_mode & 0o777, 0o600)
            text = rejects.read_text()
            self.assertIn('"leye:rejected":"@workplace: names no place', text)
            # As it stands it is rejected again, mended it is imported.
            counts, run = self.counts('import', 'postings', rejects, *words)
            self.assertEqual(counts['postings'], (0, 0, 0, 2), run.stderr)
            rejects.write_text(text.replace('火星', '康保县').replace('长' * 101, '装卸工'))
            counts, run = self.counts('import', 'postings', rejects, *words)
            self.assertEqual(counts['postings'], (2, 0, 0, 0) if good == 1 else (1, 1, 0, 0), run.stderr)

    def test_openings_of_hr_open_are_imported(self):
        self.ok('import', 'areas', SAMPLE / 'areas.jsonl')
        words = ('import', 'postings', SHIPPED / 'ledgers/openings.json', '--format', 'hropen', '--source', 'hr')
        counts, run = self.counts(*words)
        self.assertEqual(counts['postings'], (2, 0, 0, 0), run.stderr)
        self.assertEqual(self.counts(*words)[0]['postings'], (0, 0, 2, 0))
        welder, driver = sorted((posting for posting in lines(self.ok('--json', 'list', 'postings'))
                                 if posting.get('externalId', {}).get('id') in ('71', '72')),
                                key=lambda posting: posting['externalId']['id'])
        self.assertEqual((welder['title'], welder['openings'], welder['applyFrom'], welder['applyUntil']),
                         ('电焊工', 3, '2026-11-01', '2039-12-31'))
        self.assertEqual(welder['originalText'], '负责焊接。\n\n两班倒')
        self.assertEqual(welder['schedule']['form'], 'WORK_FORM_FULL_TIME')
        self.assertEqual(welder['place']['divisionCode'], '130723')
        self.assertEqual(welder['pay'], {'minYuan': 5000, 'maxYuan': 6500, 'unit': 'PAY_UNIT_MONTH'})
        self.assertEqual(driver['pay'], {'minYuan': 25, 'maxYuan': 30, 'unit': 'PAY_UNIT_HOUR'})
        self.assertEqual(driver['place']['location']['latitude'], 41.843)
        employers = {employer['name']: employer['displayName']
                     for employer in lines(self.ok('--json', 'list', 'employers'))}
        self.assertEqual(employers[welder['employer']], '怡安示例钢构有限公司')
        # One without title and employer, paid by the week; one list under its name; no openings at all.
        mended = self.folder / 'openings.json'
        bad = {'positionProfiles': [{'positionLocation': [{'city': '康保县'}], 'offeredRemunerationPackage': {
            'ranges': [{'intervalCode': 'Week', 'referenceAmount': {'value': 1200, 'currency': 'CNY'}}]}}]}
        named = json.loads(json.dumps(make_ledgers.OPENINGS[1]))
        named['positionProfiles'][0]['positionId']['value'] = '73'
        named['positionProfiles'][0]['positionLocation'] = [{'contextualName': '河北省张家口市康保县'}]
        mended.write_text(json.dumps({'positionOpenings': [make_ledgers.OPENINGS[1], bad, named]}))
        words = ('import', 'postings', mended, '--format', 'hropen', '--source', 'hr')
        counts, run = self.counts(*words)
        self.assertEqual(counts['postings'], (1, 0, 1, 1), run.stderr)
        places = [posting['place']['divisionCode'] for posting in lines(self.ok('--json', 'list', 'postings'))
                  if posting.get('externalId', {}).get('id') == '73']
        self.assertEqual(places, ['130723'])
        for problem in ('title: REQUIRED', '@employer.display_name: REQUIRED', 'pay: BAD_PAY'):
            self.assertIn(f'openings.json:2: {problem}', run.stderr)
        for text in ('{', '{}', '[]', json.dumps([make_ledgers.OPENINGS[2]])):
            mended.write_text(text)
            self.assertEqual(ctl(*words, server=self.address).returncode, 9)

    def test_rejected_rows_are_mended_and_imported_again(self):
        self.ok('import', 'areas', SAMPLE / 'areas.jsonl')
        ledger = self.folder / 'mine.csv'
        ledger.write_text('台账,,,,\n姓名,户号,安置点,出生日期,身份证号\n'
                          '坪甲,X1,怡安社区,1985年3月2日,\n坪乙,X2,怡安小区,1985-2-30,\n'
                          '坪丙,X3,怡安社区,,139900198503020016\n坪丁,X4,怡安社区,2090-1-1,\n')
        words = ('import', 'candidates', ledger, '--id-key-file', self.key, '--source', 'mend')
        counts, run = self.counts(*words)
        self.assertEqual(run.returncode, 7)
        self.assertEqual(counts['candidates'], (1, 0, 0, 3), run.stderr)
        rejects = self.folder / 'mine.rejects.csv'
        self.assertEqual(rejects.stat().st_mode & 0o777, 0o600)
        text = rejects.read_text(encoding='utf-8-sig')
        self.assertEqual(len(list(csv.reader(io.StringIO(text)))), 4)
        self.assertIn('坪乙,X2,怡安小区,1985-2-30,,4,', text)
        # The last is wrong to the server only.
        self.assertIn('D 出生日期', text.splitlines()[-1])
        mended = self.folder / 'mended.csv'
        mended.write_text(text.replace('怡安小区', '怡安社区').replace('1985-2-30', '1985-2-28')
                          .replace('139900198503020016', '139900198503020015')
                          .replace('2090-1-1', '1990-1-1'), encoding='utf-8-sig')
        words = ('import', 'candidates', mended, '--id-key-file', self.key, '--source', 'mend')
        counts, run = self.counts(*words)
        self.assertEqual(counts['candidates'], (3, 0, 0, 0), run.stderr)
        self.assertEqual(self.counts(*words)[0]['candidates'], (0, 0, 3, 0))

    def test_a_household_that_is_refused_takes_its_people_along(self):
        self.ok('import', 'areas', SAMPLE / 'areas.jsonl')
        ledger = self.folder / 'long.csv'
        ledger.write_text('姓名,户号,安置点,出生日期,住址\n坪甲,L1,怡安社区,1985-3-2,' + '长' * 201 +
                          '\n坪乙,L1,怡安社区,1986-3-2,\n坪丙,L2,怡安社区,1987-3-2,1号\n')
        counts, run = self.counts('import', 'candidates', ledger, '--id-key-file', self.key,
                                  '--source', 'long')
        self.assertEqual(counts, {'households': (1, 0, 0, 1), 'candidates': (1, 0, 0, 2)}, run.stderr)
        self.assertIn('long.csv:2: E 住址 (text of 201 characters)', run.stderr)
        self.assertEqual(run.stderr.count('long.csv:'), 2)

    def test_personal_ids_need_a_key(self):
        self.ok('import', 'areas', SAMPLE / 'areas.jsonl')
        run = ctl('import', 'candidates', SHIPPED / 'ledgers/ledger-gb18030.csv', '--rejects',
                  self.folder / 'no-key.csv', server=self.address)
        self.assertEqual(run.returncode, 7)
        self.assertIn('--id-key-file', run.stderr)


class RoundTrip(WithServer):
    def test_what_is_exported_is_imported_without_a_change(self):
        self.ok('import', SAMPLE)
        for collection in ('areas', 'employers', 'households', 'candidates', 'postings'):
            for form, language in (('csv', 'en'), ('xlsx', 'zh-CN'), ('jsonl', 'en')):
                file = self.folder / f'{collection}.{form}'
                self.ok('--lang', language, 'export', collection, '--out', file)
                counts, run = self.counts('import', collection, file)
                created, updated, unchanged, rejected = counts[collection]
                self.assertEqual((created, updated, rejected), (0, 0, 0), (file, run.stderr))
                self.assertGreater(unchanged, 0)

    def postings(self):
        """All, by name, without what the server sets."""
        return {posting['name']: posting for posting in lines(self.ok('export', 'postings', '--format', 'jsonl'))}

    def test_postings_are_exported_as_others_read_them_and_imported_without_a_change(self):
        self.ok('import', SAMPLE)
        # Texts that HTML and scripts take for something else, and what neither vocabulary has.
        posting = json.loads((SAMPLE / 'postings.jsonl').read_text().splitlines()[0])
        posting.update(name='regions/13/postings/odd', title='焊工 <A&B>',
                       originalText=' a\n<b>&amp; </script>\n', openings=2,
                       pay={'minYuan': 0.1, 'unit': 'PAY_UNIT_MEASURE', 'measure': '件'})
        posting.pop('externalId', None)
        odd = self.folder / 'odd.jsonl'
        odd.write_text(json.dumps(posting) + '\n')
        self.ok('import', 'postings', odd)
        before = self.postings()
        for form, file in (('jsonld', 'out.jsonld'), ('hropen', 'out.json')):
            file = self.folder / file
            run = self.ok('export', 'postings', '--out', file, '--format', form)
            self.assertIn('conditions.ages', run.stderr)
            self.assertNotIn('</script', file.read_text())
            words = ('import', 'postings', file, '--format', form)
            counts, run = self.counts(*words)
            self.assertEqual(counts['postings'], (0, 0, len(before), 0), run.stderr)
            self.assertEqual(self.postings(), before)
            # What somebody changed there goes before what the file carries besides.
            self.change_title(file, '焊工 <A&B>'.replace('<', '\\u003c'), '装卸工')
            counts, run = self.counts(*words)
            self.assertEqual(counts['postings'], (0, 1, len(before) - 1, 0), run.stderr)
            changed = self.postings()
            self.assertEqual({**changed['regions/13/postings/odd'], 'title': posting['title']},
                             {**before['regions/13/postings/odd'], 'title': posting['title']})
            self.assertEqual(changed['regions/13/postings/odd']['title'], '装卸工')
            self.ok('import', 'postings', odd)
        self.assertEqual(self.postings(), before)

    def change_title(self, file, old, new):
        """In the public part only."""
        text = file.read_text()
        key = 'positionTitle' if file.suffix == '.json' else 'title'
        pieces = text.split(f'"{key}":"{old}"')
        # JobPosting and the posting both have a title: the job's is the one after its type.
        self.assertIn(len(pieces), (2, 3))
        at = len(pieces) - 1
        file.write_text(f'"{key}":"{old}"'.join(pieces[:at]) + f'"{key}":"{new}"' + pieces[at])

    def test_what_nobody_is_to_see_is_not_published(self):
        self.ok('import', SAMPLE)
        name = sorted(self.postings())[0]
        self.ok('close', name)
        for form in ('jsonld', 'hropen'):
            run = self.ok('export', 'postings', '--format', form)
            self.assertNotIn(f'"{name}"', run.stdout)
            self.assertRegex(run.stderr, 'left out, closed or not published: [1-9]')
        self.ok('reopen', name)

    def test_an_export_computes_nothing_in_a_spreadsheet(self):
        area = json.loads((SAMPLE / 'areas.jsonl').read_text().splitlines()[0])
        area.update(name='regions/13/settlementAreas/formula', displayName='=1+1', remarks='@a')
        file = self.folder / 'formula.jsonl'
        file.write_text(json.dumps(area) + '\n')
        self.ok('import', 'areas', file)
        run = self.ok('export', 'areas', '--format', 'csv')
        self.assertTrue(run.stdout.startswith('\ufeff'))
        for row in csv.reader(io.StringIO(run.stdout[1:])):
            for cell in row[:-1]:
                self.assertNotIn(cell[:1], list('=+-@\t\r') if cell else [])
        self.assertIn("'=1+1", run.stdout)


if __name__ == '__main__':
    unittest.main(verbosity=1)
