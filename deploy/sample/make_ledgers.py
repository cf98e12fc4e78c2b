#!/usr/bin/env python3
"""Writes the sample files of deploy/sample/ledgers: a bureau's ledger, a recruitment list, a page.

    python3 deploy/sample/make_ledgers.py [FOLDER]

The people are invented: surnames that are none, identity numbers of a division that never was (1399),
telephone numbers that cannot be called. The same bytes every time.
"""

import csv
import io
import json
import pathlib
import sys
import zipfile
from xml.sax.saxutils import escape

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(birth, order):
    digits = f'139900{birth}{order:03}'
    return digits + '10X98765432'[sum(int(d) * w for d, w in zip(digits, WEIGHTS)) % 11]


LEDGER_HEADER = ['序号', '姓名', '性别', '身份证号码（18位）', '出生日期', '民族', '文化程度', '联系电话',
                 '安置点', '户 编号', '户主', '与户主关系', '家庭人口', '户类型', '劳动能力', '技能/特长',
                 '是否就业', '求职意向', '信息授权日期', '备注']
LEDGER = [
    ['1', '垄建国', '男', id_number('19850302', 1), '1985年3月2日', '汉', '初中', '0313-0924711',
     '怡安社区', 'KB-0001', '垄建国', '户主', '2', '脱贫户', '技能劳动力', '电焊工，持焊工证', '否', '电焊工',
     '2026年1月5日', ''],
    ['2', '畦秀英', '女', id_number('19880412', 2), '1988.4.12', '汉', '小学', '０３１３－０９２４７１２',
     '怡安社区', 'KB-0001', '垄建国', '配偶', '2', '脱贫户', '普通劳动力', '缝纫', '否', '缝纫工',
     '2026.1.5', ''],
    ['3', '埂志强', '男', '139900790105003', '19790105', '汉', '高中/中专', '0313-0924713',
     '康保县怡安社区', 'KB-0002', '埂志强', '本人', '3', '一般户', '普通劳动力', '会开叉车', '未就业', '愿意',
     '20260105', ''],
    ['4', '垛海涛', '男', id_number('19900630', 5), '1990/6/30', '汉', '初中', '0313-0924714',
     '怡安社区', 'KB-0003', '垛海涛', '户主', '1', '同步搬迁户', '普通劳动力', '', '是', '否', '2026-01-05',
     '在外务工'],
    ['5', '秧晓东', '男', id_number('19950801', 7), '1995-08-01', '汉', '大专', '0313-0924715',
     '福泽园社区', 'LY-0001', '秧晓东', '户主', '1', '脱贫户', '普通劳动力', '电工', '否', '是',
     '2026-01-05', ''],
]

LIST_HEADER = ['序号', '岗位名称', '用人单位', '单位性质', '工作地点', '招聘人数', '月薪（元）', '年龄要求',
               '学历要求', '性别要求', '技能要求', '是否包住', '联系人', '联系电话', '岗位类型', '截止日期']
LIST = [
    [1, '急招电焊工（包住）', '康保示例机械有限公司', '民营企业', '康保县经济开发区', '5人', '4500-6000',
     '18-50周岁', '不限', '不限', '会电焊', '是', '囤学军', '0313-0440566', '企业岗位', ('date', 51135)],
    [2, '缝纫工', '怡安示例服装帮扶车间', '帮扶车间', '康保县怡安社区', 10, '3000以上', '55岁以下', '不限',
     '不限', '', '否', '囤学军', '0313-0440566', '帮扶车间', '2039年12月31日'],
    [3, '保洁员', '怡安示例居委会', '居委会', '康保县怡安社区', '若干', '面议', '男60岁以下，女55岁以下',
     '不限', '不限', '', '', '', '', '公益性岗位', ''],
]

PAGE = {
    '@context': 'https://schema.org/',
    '@type': 'JobPosting',
    'title': '叉车工',
    'description': '<p>负责仓库装卸。</p>',
    'identifier': {'@type': 'PropertyValue', 'name': 'yian-hr', 'value': 'forklift-7'},
    'datePosted': '2026-11-01',
    'validThrough': '2039-12-31T18:00:00+08:00',
    'employmentType': 'FULL_TIME',
    'totalJobOpenings': 2,
    'hiringOrganization': {'@type': 'Organization', 'name': '怡安示例物流有限公司'},
    'jobLocation': {
        '@type': 'Place',
        'address': {'@type': 'PostalAddress', 'addressRegion': '河北省', 'addressLocality': '康保县',
                    'streetAddress': '经济开发区示例路 7 号'},
        'geo': {'@type': 'GeoCoordinates', 'latitude': 41.843, 'longitude': 114.605}},
    'baseSalary': {'@type': 'MonetaryAmount', 'currency': 'CNY',
                   'value': {'@type': 'QuantitativeValue', 'minValue': 5000, 'maxValue': 6500,
                             'unitText': 'MONTH'}},
    'skills': '会开叉车',
    'educationRequirements': {'@type': 'EducationalOccupationalCredential',
                              'credentialCategory': 'high school'},
}


def opening(number, title, organizations, place, **more):
    """A PositionOpening of HR Open, with one profile."""
    return {
        'documentId': {'value': f'doc-{number}', 'schemeId': 'yian-hr'}, 'language': 'zh-CN', 'statusCode': 'Open',
        'positionProfiles': [{
            'positionId': {'value': number, 'schemeId': 'yian-hr'},
            'profileName': 'Job Posting', 'positionTitle': title,
            'positionOrganizations': organizations,
            'positionLocation': [place],
            'positionOpenQuantity': 3,
            'positionFormattedDescriptions': [{'title': '岗位说明', 'content': '<p>负责焊接。</p>'},
                                              {'title': '要求', 'content': '两班倒'}],
            'positionScheduleTypeCodes': ['Full-Time'],
            'postingInstructions': [{'channelId': {'value': 'external'}, 'start': '2026-11-01', 'end': '2039-12-31'}],
            'offeredRemunerationPackage': {
                'basisCode': 'Salaried',
                'ranges': [{'typeCode': f'{end} BasePay', 'intervalCode': 'Month',
                            'referenceAmount': {'value': amount, 'currency': 'CNY'}}
                           for end, amount in (('Minimum', 5000), ('Maximum', 6500))]}}],
        **more}


# Two ways in which systems write places and pay, and one opening that is closed.
OPENINGS = [
    opening(71, '电焊工', [{'name': '焊接车间', 'responsibilityCode': 'Department'},
                         {'name': '怡安示例钢构有限公司'}],
            {'countryCode': 'CN', 'countrySubDivisions': [{'type': 'province', 'value': '河北省'}],
             'city': '康保县', 'line': '经济开发区示例路 8 号'}),
    opening(72, '叉车工', [{'name': '怡安示例物流有限公司'}],
            {'address': {'formattedAddress': '河北省康保县经济开发区示例路 7 号',
                         'geoLocation': {'latitude': 41.843, 'longitude': 114.605}}}),
    opening(73, '保洁员', [{'name': '怡安示例物流有限公司'}], {'city': '康保县'}, statusCode='Closed'),
]
OPENINGS[1]['positionProfiles'][0]['offeredRemunerationPackage']['ranges'] = [
    {'intervalCode': 'Hour', 'minimumAmount': {'value': 25, 'currency': 'CNY'},
     'maximumAmount': {'value': 30, 'currency': 'CNY'}}]


def ledger():
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(['康保县2026年易地扶贫搬迁劳动力台账（示例）'] + [''] * (len(LEDGER_HEADER) - 1))
    rows.writerow(LEDGER_HEADER)
    rows.writerows(LEDGER)
    rows.writerow(['合计', '5人'] + [''] * (len(LEDGER_HEADER) - 2))
    return text.getvalue().encode('gb18030')


def cell(column, row, value):
    place = f'{chr(65 + column)}{row}'
    if isinstance(value, tuple):
        return f'<c r="{place}" s="1"><v>{value[1]}</v></c>'
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else ''


def sheet(rows, after=''):
    lines = [f'<row r="{number}">' +
             ''.join(cell(i, number, value) for i, value in enumerate(row)) + '</row>'
             for number, row in enumerate(rows, 1)]
    return ('<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats'
            '.org/spreadsheetml/2006/main"><sheetData>' + ''.join(lines) + f'</sheetData>{after}'
            '</worksheet>')


def workbook(rows, after='', more=None):
    """The bytes of a workbook with one visible sheet; `more` adds or replaces entries."""
    main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
    office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    package = 'http://schemas.openxmlformats.org/package/2006'
    kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
    entries = {
        '[Content_Types].xml':
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
            f'"/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName='
            f'"/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/><Override PartName='
            f'"/xl/styles.xml" ContentType="{kind}.styles+xml"/></Types>',
        '_rels/.rels':
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type='
            f'"{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        'xl/workbook.xml':
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="招聘" sheetId="1" '
            'r:id="r1"/></sheets></workbook>',
        'xl/_rels/workbook.xml.rels':
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type='
            f'"{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type='
            f'"{office}/styles" Target="styles.xml"/></Relationships>',
        'xl/styles.xml':
            f'<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts><fills count="1"><fill/>'
            '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/>'
            '</cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/>'
            '</cellXfs></styleSheet>',
        'xl/worksheets/sheet1.xml': sheet(rows, after),
    }
    entries.update(more or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0)), content,
                             zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else
                          pathlib.Path(__file__).parent / 'ledgers')
    folder.mkdir(exist_ok=True)
    (folder / 'ledger-gb18030.csv').write_bytes(ledger())
    title = ['康保县专场招聘会岗位表（示例）'] + [''] * (len(LIST_HEADER) - 1)
    (folder / 'recruitment.xlsx').write_bytes(workbook(
        [title, LIST_HEADER] + LIST,
        '<mergeCells count="1"><mergeCell ref="A1:P1"/></mergeCells>'))
    for name, content in (('forklift.jsonld', PAGE), ('openings.json', OPENINGS)):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=2) + '\n', encoding='utf-8')


if __name__ == '__main__':
    main()
