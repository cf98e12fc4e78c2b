#!/usr/bin/env python3
"""How fast leyectl imports a bureau's ledger of many rows, and in how much memory.

    tests/bench/import_rows.py --bin build/release/bin --rows 100000 1000000 [--format csv xlsx jsonl] [--again]

For each format and size: writes a ledger of invented people, starts a leyed of its own with the
embedded store, imports the ledger, prints rows a second, the most memory that either program had in RAM
(VmHWM), and what the store takes on disk. csv is GB18030; xlsx has its texts in a shared table, as
spreadsheets write it; jsonl are the records of the same people, households before. --again imports the
same file a second time, which changes nothing. The people cannot be anybody: identity numbers of a
division that never was.
"""

import argparse
import csv
import datetime
import io
import itertools
import json
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'deploy/sample'))
from make_ledgers import id_number, workbook  # noqa: E402  (the path is known only now)

HEADER = ('人口编号', '姓名', '性别', '身份证号', '文化程度', '联系电话', '安置点', '户号', '与户主关系',
          '户类型', '劳动能力', '是否就业', '信息授权日期')
AREA = '{"name":"regions/13/settlementAreas/yian","displayName":"怡安社区","divisionCode":"130723",' \
       '"location":{"latitude":41.845,"longitude":114.587}}\n'
FIRST_BIRTHDAY = datetime.date(1966, 1, 1)
BIRTHDAYS = 14_000
SURNAMES = '垄畦埂垛秧囤'
EDUCATIONS = ('小学', '初中', '高中', '大专')
JSON_EDUCATIONS = tuple(f'EDUCATION_{name}' for name in ('PRIMARY', 'JUNIOR_SECONDARY', 'SENIOR_SECONDARY', 'COLLEGE'))
MB = 1_000_000


def row_of(number):
    birth = FIRST_BIRTHDAY + datetime.timedelta(days=number % BIRTHDAYS)
    # The last of the three digits says the sex: odd ones are men's.
    sex = number % 2
    order = number // BIRTHDAYS * 2 + sex
    head = number % 2 == 0
    return (f'P{number:07}', SURNAMES[number % len(SURNAMES)] + '建国', '男' if sex else '女',
            id_number(birth.strftime('%Y%m%d'), order), EDUCATIONS[number % len(EDUCATIONS)],
            f'0313-09{number % 100_000:05}', '怡安社区', f'H{number // 2:07}',
            '户主' if head else '配偶', '脱贫户', '普通劳动力', '否' if number % 3 else '是', '2026-01-05')


def write_ledger(path, rows):
    with open(path, 'w', encoding='gb18030', newline='') as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(map(row_of, range(rows)))


def write_workbook(path, rows):
    """One sheet, written as it goes. A text stands once, in the table of shared texts, and is named by its number."""
    texts = {}
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        frame = zipfile.ZipFile(io.BytesIO(workbook([])))
        for name in frame.namelist():
            if 'sheet1' not in name:
                book.writestr(name, frame.read(name))
        with book.open('xl/worksheets/sheet1.xml', 'w', force_zip64=True) as sheet:
            sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for number, row in enumerate(itertools.chain([HEADER], map(row_of, range(rows))), 1):
                cells = ''.join(f'<c r="{chr(65 + i)}{number}" t="s"><v>{texts.setdefault(text, len(texts))}</v></c>'
                                for i, text in enumerate(row))
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(b'</sheetData></worksheet>')
        with book.open('xl/sharedStrings.xml', 'w', force_zip64=True) as shared:
            shared.write(b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">')
            shared.writelines(f'<si><t>{text}</t></si>'.encode() for text in texts)
            shared.write(b'</sst>')


def household_of(number):
    return {'name': f'regions/13/households/h{number:07}', 'settlementArea': 'regions/13/settlementAreas/yian',
            'category': 'HOUSEHOLD_CATEGORY_LIFTED_FROM_POVERTY'}


def person_of(number):
    row = row_of(number)
    birth = row[3][6:14]
    return {'externalId': {'source': 'ledger', 'id': row[0]}, 'household': household_of(number // 2)['name'],
            'fullName': row[1], 'sex': 'SEX_MALE' if number % 2 else 'SEX_FEMALE', 'idNumber': row[3],
            'birthDate': f'{birth[:4]}-{birth[4:6]}-{birth[6:]}', 'phone': row[5], 'relationToHead': row[8],
            'education': JSON_EDUCATIONS[number % len(EDUCATIONS)], 'labourClass': 'LABOUR_CLASS_COMMON',
            'employment': {'state': f'EMPLOYMENT_STATE_{"UN" if number % 3 else ""}EMPLOYED'},
            'consent': {'givenDate': row[12]}}


def write_lines(path, records):
    with open(path, 'w', encoding='utf-8') as file:
        file.writelines(json.dumps(record, ensure_ascii=False, separators=(',', ':')) + '\n' for record in records)


def write_files(folder, form, rows):
    """The ledger in that format."""
    if form == 'jsonl':
        write_lines(folder / 'households.jsonl', map(household_of, range((rows + 1) // 2)))
        write_lines(folder / 'candidates.jsonl', map(person_of, range(rows)))
    else:
        (write_workbook if form == 'xlsx' else write_ledger)(folder / f'candidates.{form}', rows)


class Server:
    """leyed on a folder of its own."""

    def __init__(self, programs, folder):
        self.process = subprocess.Popen(
            [programs / 'leyed', '--listen=127.0.0.1:0', f'--data-dir={folder}/store'],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={k: v for k, v in os.environ.items() if not k.startswith('LEYE_')})
        self.address = self.process.stdout.readline().split()[-1]

    def peak_mb(self):
        status = pathlib.Path(f'/proc/{self.process.pid}/status').read_text(encoding='ascii')
        line = next(line for line in status.splitlines() if line.startswith('VmHWM'))
        return int(line.split()[1]) * 1024 / MB

    def end(self):
        self.process.terminate()
        self.process.wait()


def run_leyectl(programs, server, *words):
    """Wall seconds, processor seconds and the most memory of one leyectl; ends the program where it fails."""
    begin = time.monotonic()
    process = subprocess.Popen([programs / 'leyectl', '--server', server.address, *map(str, words)],
                               stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f'leyectl {words[0]} {words[1]} ended with status {os.waitstatus_to_exitcode(status)}')
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / MB


def measure(programs, form, rows, again):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        # By another process: the memory of this one counts as that of the programs it starts.
        writer = multiprocessing.Process(target=write_files, args=(folder, form, rows))
        writer.start()
        writer.join()
        files = {word: folder / f'{word}.{form}' for word in ('households', 'candidates')
                 if (folder / f'{word}.{form}').exists()}
        size = sum(file.stat().st_size for file in files.values())
        (folder / 'areas.jsonl').write_text(AREA, encoding='utf-8')
        server = Server(programs, folder)
        try:
            run_leyectl(programs, server, 'import', 'areas', folder / 'areas.jsonl')
            for what in ('created', 'unchanged')[:2 if again else 1]:
                runs = [run_leyectl(programs, server, 'import', word, file) for word, file in files.items()]
                seconds, processor = (sum(run[i] for run in runs) for i in range(2))
                print(f'{rows:,} rows of {form} ({size / MB:.0f} MB) {what}: {seconds:.0f} s, '
                      f'{rows / seconds:,.0f} rows/s; leyectl {processor:.0f} s of processor, at most '
                      f'{max(run[2] for run in runs):.0f} MB; leyed at most {server.peak_mb():.0f} MB', flush=True)
        finally:
            server.end()
        store = sum(file.stat().st_size for file in (folder / 'store').rglob('*'))
        print(f'{rows:,} rows: the store takes {store / MB:.0f} MB', flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--bin', type=pathlib.Path, required=True, help='folder of leyed and leyectl')
    parser.add_argument('--rows', type=int, nargs='+', default=[100_000, 1_000_000])
    parser.add_argument('--format', nargs='+', default=['csv'], choices=['csv', 'xlsx', 'jsonl'])
    parser.add_argument('--again', action='store_true', help='import each ledger twice')
    options = parser.parse_args()
    for form in options.format:
        for rows in options.rows:
            measure(options.bin.resolve(), form, rows, options.again)


if __name__ == '__main__':
    main()
