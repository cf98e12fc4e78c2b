#!/usr/bin/env python3
"""Derives hebei/areas.tsv, Hebei's 330 settlement areas, from divisions.tsv and towns.tsv.

    python3 make_areas.py hebei

REAL lists areas that public sources name. All others are invented: a plain name at a real
township, sized so that every county's total is COUNTY_PLAN's and the province has 302,000 people.
Deterministic: sizes and offsets come from a hash of the area's id.
"""

import csv
import hashlib
import math
import pathlib
import sys

TOTAL_AREAS = 330
TOTAL_PEOPLE = 302_000
LEAST_PEOPLE = 60
SIZE_SIGMA = 0.85  # of the logarithm of an invented area's size
HEADER = '\t'.join([
    'id', 'name_zh', 'name_en', 'division_code', 'town_code', 'address', 'lat', 'lon', 'households',
    'people', 'origin', 'sample', 'source'])

# County -> (areas, people). Published: Zhangjiakou 102,994 people in 119 areas of ten counties
# (city, January 2019), Zhangbei 9,426 and Shangyi some 13,000 people (Xinhua 2020), Fuping 53,535
# in 39 areas (China Daily and Hebei Daily 2020), Fengning 28 areas (Xinhua 2020), the province 330
# areas and 302,000 people. The split of the rest is an estimate of ours.
COUNTY_PLAN = {
    '130722': (8, 9_426), '130723': (6, 28_474), '130724': (16, 9_000), '130725': (10, 13_000),
    '130726': (20, 11_500), '130727': (19, 9_500), '130728': (12, 6_000), '130732': (16, 9_000),
    '130731': (7, 4_094), '130705': (5, 3_000),
    '130624': (39, 53_535), '130630': (30, 20_465), '130634': (10, 8_000), '130627': (9, 7_000),
    '130636': (6, 4_000), '130633': (8, 5_000), '130623': (8, 5_500),
    '130826': (28, 18_000), '130828': (16, 13_000), '130825': (13, 12_000), '130881': (5, 4_000),
    '130821': (6, 4_500), '130824': (6, 5_000),
    '130131': (7, 9_000), '130129': (4, 5_500), '130126': (4, 6_500), '130125': (2, 3_000),
    '130434': (2, 5_506), '130425': (2, 2_500), '130432': (1, 800),
    '130533': (1, 1_500), '130503': (2, 2_000), '130523': (1, 1_200), '130522': (1, 1_500),
}

# Counties whose English name is not unique or is a city's too.
SLUGS = {'130533': 'weixian-xingtai', '130434': 'weixian-handan', '130821': 'chengdexian'}

NBS = 'NBS list of communities 2023'
INFERRED = NBS + '; that it is a settlement area is inferred from its name and date'

# (id, Chinese name, English name, township code, households, people, source). 0 means that the size
# is not published; it is then made like an invented area's. The order is that of the sample.
REAL = [
    ('kangbao-yian', '怡安社区', "Yi'an Community", '130723100', 7161, 20110,
     'Xinhua 2020-08-04: 7161户20110人, 95 buildings, 94 villages, 1 km from the development zone'),
    ('fuping-fudong', '阜东新区安置区', 'Fudong New Area', '130624100', 0, 6200,
     'Hebei Daily 2020-11-02, Guangming Daily 2021-04-14: the county\'s largest, 3 km east of the'
     ' seat; size estimated'),
    ('laiyuan-fuzeyuan', '福泽园社区', 'Fuzeyuan Community', '130630100', 0, 10200,
     'China News Service 2019-04-06: 44 buildings; Xinhua: more than 10,000 people; ' + NBS),
    ('shangyi-huiminyuan', '惠民苑社区', 'Huiminyuan Community', '130725100', 0, 8300,
     NBS + '; a web article gives 9,522 people, not confirmed; size estimated'),
    ('weixian-handan-hexiang', '和祥社区', 'Hexiang Community', '130434115', 0, 4916,
     'press report in machine translation: 4,916 people of Lijiakou and Duanjiazhuang, beside'
     ' Shakouji and the development zone'),
    ('shangyi-enzeyuan', '恩泽苑社区', 'Enzeyuan Community', '130725101', 0, 1868,
     'Xinhua 2020-06-22: 9个村1868人, Daqinggou; ' + NBS),
    ('fuping-tianshengqiao', '天生桥镇安置区', 'Tianshengqiao Settlement Area', '130624104', 0, 0,
     NBS + ': 天生桥镇易地扶贫搬迁安置区居民委员会'),
    ('fuping-liyuanpu', '栗元铺村安置区', 'Liyuanpu Settlement Area', '130624104', 0, 0,
     NBS + ': 栗元铺村易地扶贫搬迁安置区居民委员会'),
    ('fuping-longquan', '龙泉新区', 'Longquan New Area', '130624101', 0, 0,
     'China Daily 2020-02-29: settlement area beside Longquanguan\'s government; ' + NBS),
    ('fuping-shijiazhai', '史家寨新区', 'Shijiazhai New Area', '130624204', 0, 0,
     'Beijing News 2019-07: 110 buildings planned; ' + NBS),
    ('fuping-chengnanzhuang', '城南庄新区', 'Chengnanzhuang New Area', '130624103', 0, 0,
     'Beijing News 2019-07; ' + NBS),
    ('fuping-pingyang', '平阳新区', 'Pingyang New Area', '130624102', 0, 0,
     'press report on its workshop for bags; ' + NBS),
    ('zhangbei-seat', '张北县城安置区', 'Zhangbei Seat Settlement Area', '130722100', 0, 4600,
     'Xinhua 2020-08-04: settlement area in the seat; size estimated'),
    ('fengning-huaifeng', '丰宁县城安置区', 'Fengning Seat Settlement Area', '130826100', 0, 3900,
     'Xinhua 2020-08-04: settlement area in the seat near the Huaifeng industrial park; size'
     ' estimated'),
    ('quyang-xiaan', '下岸新村', "Xia'an New Village", '130634101', 158, 418,
     'People\'s Daily 2018-12-27: 158户418人, Lingshan'),
    ('laiyuan-fuan', '富安新村', "Fu'an New Village", '130630105', 89, 340,
     'press 2016-12-14: 89户340人 of Tu\'an, moved in 2014'),
    ('guyuan-luyuan', '录园新村', 'Luyuan New Village', '130724100', 0, 640,
     'county information 2016-08-31: pilot of relocation; size and township estimated'),
    ('fuping-fuziyu', '福子峪新区', 'Fuziyu New Area', '130624103', 0, 0, INFERRED),
    ('fuping-hejiao', '河角新区', 'Hejiao New Area', '130624106', 0, 0, INFERRED),
    ('fuping-shangbao', '上堡新区', 'Shangbao New Area', '130624106', 0, 0, INFERRED),
    ('fuping-baiya', '柏崖新区', 'Baiya New Area', '130624203', 0, 0, INFERRED),
    ('fuping-miaotai', '庙台新区', 'Miaotai New Area', '130624204', 0, 0, INFERRED),
    ('fuping-shouchangsi', '寿长寺村小区', 'Shouchangsi Estate', '130624206', 0, 0, INFERRED),
    ('fuping-shitandi', '石滩地新区', 'Shitandi New Area', '130624206', 0, 0, INFERRED),
    ('fuping-xiazhuang', '夏庄新区', 'Xiazhuang New Area', '130624207', 0, 0, INFERRED),
    ('shangyi-huizeyuan-east', '惠泽苑东社区', 'Huizeyuan East Community', '130725101', 0, 0, INFERRED),
    ('shangyi-huizeyuan-west', '惠泽苑西社区', 'Huizeyuan West Community', '130725101', 0, 0, INFERRED),
    ('shangyi-gongfuyuan', '共富苑社区', 'Gongfuyuan Community', '130725104', 0, 0, INFERRED),
    ('guyuan-kangjuyuan', '康居苑社区', 'Kangjuyuan Community', '130724103', 0, 0, INFERRED),
    ('laiyuan-enzeyuan', '恩泽园社区', 'Enzeyuan Community', '130630106', 0, 0, INFERRED),
]

# Where a source says where in its township an area lies.
HAND_POINTS = {'fuping-fudong': (38.8500, 114.2280)}

SAMPLE_REAL = 17  # the first of REAL, all but the inferred ones
SAMPLE_INVENTED = ('130828', '130825', '130131')  # one invented area of each: 20 in the sample

NAMES = [  # for the invented ones
    ('安和', 'anhe'), ('幸福', 'xingfu'), ('康乐', 'kangle'), ('永兴', 'yongxing'),
    ('新民', 'xinmin'), ('和顺', 'heshun'), ('富民', 'fumin'), ('祥和', 'xianghe'),
    ('惠民', 'huimin'), ('阳光', 'yangguang'), ('同心', 'tongxin'), ('振兴', 'zhenxing'),
    ('团结', 'tuanjie'), ('瑞安', "rui'an"), ('吉祥', 'jixiang'), ('旺泉', 'wangquan'),
    ('梧桐', 'wutong'), ('福源', 'fuyuan'), ('长青', 'changqing'), ('向阳', 'xiangyang'),
]
KINDS = [('家园', 'Homes'), ('社区', 'Community'), ('新村', 'New Village'), ('小区', 'Estate')]


def digest(text):
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], 'big')


def unit(text):
    """A number in (0, 1) that depends on the text alone."""
    return (digest(text) + 0.5) / 2**64


def normal(text):
    return math.sqrt(-2 * math.log(unit(text + '/u'))) * math.cos(2 * math.pi * unit(text + '/v'))


def read(path):
    with open(path, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file, delimiter='\t', quoting=csv.QUOTE_NONE))


def slug(english):
    return english.lower().replace("'", '').replace(' ', '-')


def county_slug(county):
    stem = county['name_en'].split(' ')[0]
    return SLUGS.get(county['code'], slug(stem))


def town_stem(town):
    return town['name_en'].split(' ')[0]


def beside(town, area_id):
    """A point 0.3 to 2 km from the township's: areas of one township do not share a point."""
    if area_id in HAND_POINTS:
        return HAND_POINTS[area_id]
    kilometres = 0.3 + 1.7 * unit(area_id + '/km')
    bearing = 2 * math.pi * unit(area_id + '/bearing')
    latitude = float(town['lat'])
    return (latitude + kilometres * math.cos(bearing) / 111.195,
            float(town['lon'])
            + kilometres * math.sin(bearing) / (111.195 * math.cos(math.radians(latitude))))


def address(county, town, name):
    """County to community; the township is left out where the name repeats it."""
    middle = '' if name.startswith(town['name_zh']) else town['name_zh']
    return f"河北省{county['city_zh']}{county['name_zh']}{middle}{name}"


def real_areas(towns):
    for place, (area_id, zh, en, town_code, households, people, source) in enumerate(REAL):
        source += '' if people else '; size estimated'
        yield {'id': area_id, 'name_zh': zh, 'name_en': en, 'town': towns[town_code],
               'households': households, 'people': people, 'origin': 'real',
               'sample': int(place < SAMPLE_REAL), 'source': source}


def invented_areas(county, towns, count):
    """`count` areas, one a township in code order, round again when the townships run out."""
    used_names = set()
    for place in range(count):
        town = towns[place % len(towns)]
        pick = digest(f"{town['code']}/{place}/name")
        while True:
            name_zh, name_en = NAMES[pick % len(NAMES)]
            if (town['code'], name_zh) not in used_names:
                break
            pick += 1
        used_names.add((town['code'], name_zh))
        kind_zh, kind_en = KINDS[digest(f"{town['code']}/{place}/kind") % len(KINDS)]
        yield {'id': f'{county_slug(county)}-{slug(town_stem(town))}-{slug(name_en)}',
               'name_zh': name_zh + kind_zh, 'name_en': f'{name_en.capitalize()} {kind_en}',
               'town': town, 'households': 0, 'people': 0, 'origin': 'invented',
               'sample': int(place == 0 and county['code'] in SAMPLE_INVENTED),
               'source': 'make_areas.py'}


def size(areas, people):
    """Shares what the published sizes leave over among the rest, log-normally, to the last one."""
    open_areas = [area for area in areas if not area['people']]
    left = people - sum(area['people'] for area in areas) - LEAST_PEOPLE * len(open_areas)
    if left < 0:
        raise ValueError(f"{areas[0]['id']}: published sizes exceed the county's {people}")
    weights = [math.exp(SIZE_SIGMA * normal(area['id'])) for area in open_areas]
    running, given = 0.0, 0
    for area, weight in zip(open_areas, weights):
        running += weight
        upto = round(left * running / sum(weights))
        area['people'] = LEAST_PEOPLE + upto - given
        given = upto


def set_households(area):
    if not area['households']:
        per_household = 2.35 + 0.75 * unit(area['id'] + '/household')
        area['households'] = max(1, round(area['people'] / per_household))


def make_areas(divisions, towns):
    """All areas, sized: the sample first, then the real ones, then the invented ones by county."""
    real = list(real_areas(towns))
    areas = list(real)
    for code, (count, people) in COUNTY_PLAN.items():
        own = [area for area in real if area['town']['county_code'] == code]
        county_towns = [town for town in towns.values() if town['county_code'] == code]
        more = list(invented_areas(divisions[code], county_towns, count - len(own)))
        size(own + more, people)
        areas += more
    for area in areas:
        set_households(area)
    return sorted(areas, key=lambda area: -area['sample'])  # stable


def line(area, divisions):
    town = area['town']
    county = divisions[town['county_code']]
    latitude, longitude = beside(town, area['id'])
    return '\t'.join(map(str, [
        area['id'], area['name_zh'], area['name_en'], county['code'], town['code'],
        address(county, town, area['name_zh']), f'{latitude:.5f}', f'{longitude:.5f}',
        area['households'], area['people'], area['origin'], area['sample'], area['source']]))


def main(folder):
    divisions = {row['code']: row for row in read(folder / 'divisions.tsv')}
    towns = {row['code']: row for row in read(folder / 'towns.tsv')}
    for division in divisions.values():
        division['city_zh'] = divisions.get(division['parent_code'], {}).get('name_zh', '')

    areas = make_areas(divisions, towns)
    lines = [HEADER] + [line(area, divisions) for area in areas]
    assert len(areas) == TOTAL_AREAS, len(areas)
    assert sum(area['people'] for area in areas) == TOTAL_PEOPLE
    (folder / 'areas.tsv').write_text('\n'.join(lines) + '\n', encoding='utf-8')
    print(f'areas.tsv: {len(areas)} rows')


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit('usage: make_areas.py FOLDER')
    main(pathlib.Path(sys.argv[1]))
