#!/usr/bin/env python3
"""Checks the shipped data: deploy/catalogue/*.tsv and deploy/sample/hebei/*.tsv.

    python3 tests/deploy/check_data.py [DEPLOY_FOLDER]

Prints each violation as `file:line: what is wrong` and exits 1 if there is any, 0 if there is
none, 2 if a file is missing. Needs nothing but Python's own library.
"""

import collections
import itertools
import math
import pathlib
import re
import sys

HEBEI = (36.03, 42.67, 113.45, 119.87)  # south, north, west, east
LARGE_CITIES = ('130600', '130700', '130800')  # Baoding, Zhangjiakou, Chengde
CHINA = (18.0, 53.6, 73.4, 135.1)

# The columns of each table; a name with ? may have empty cells.
COLUMNS = {
    'catalogue/trades.tsv': 'level code name_zh name_en? aliases?',
    'catalogue/skills.tsv': 'id kind name_zh name_en trade_code? max_level special_operation'
                            ' aliases? requires? covers?',
    'catalogue/relations.tsv': 'skill_a skill_b credit_ppm',
    'catalogue/titles.tsv': 'code confidence context? titles',
    'catalogue/words.tsv': 'kind value? words',
    'sample/hebei/divisions.tsv': 'code name_zh name_en level parent_code? lat lon source',
    'sample/hebei/towns.tsv': 'code name_zh name_en county_code lat lon approximate source',
    'sample/hebei/areas.tsv': 'id name_zh name_en division_code town_code address lat lon'
                              ' households people origin sample source',
    'sample/hebei/workplaces.tsv': 'id name_zh name_en division_code lat lon kind source',
}
WORD_KINDS = set('person ending organisation alike cut suffix rank level announcement negation'
                 ' denial_after duty past seek neutral pay welfare headcount age sex education'
                 ' experience schedule term urgency place model household'.split())
MOST_CONTEXTS = 256
LISTS = {'aliases', 'requires', 'covers'}

SLUG = re.compile(r'[a-z0-9]+(-[a-z0-9]+)*')
TRADE_CODE = re.compile(r'[1-8]-\d\d-\d\d-\d\d')
DIVISION_CODE = re.compile(r'\d{6}')
TOWN_CODE = re.compile(r'\d{9}')
CHINESE = re.compile(r'[一-鿿]')


class Report:
    """The violations found so far."""

    def __init__(self):
        self.count = 0

    def add(self, row, message):
        self.count += 1
        print(f'{row.file}:{row.line}: {message}')

    def require(self, holds, row, message):
        if not holds:
            self.add(row, message)
        return holds


class Row(dict):
    """One line of a table: its cells by column name, and where it stands."""

    def __init__(self, file, line, cells):
        super().__init__(cells)
        self.file = file
        self.line = line

    def list(self, column):
        return self[column].split('|') if self[column] else []

    def number(self, column):
        """The cell as an integer, or None if it is none."""
        return int(self[column]) if re.fullmatch(r'0|[1-9]\d*', self[column]) else None


# --- reading -------------------------------------------------------------------------------------

def check_bytes(data, here, report):
    report.require(b'\r' not in data, here, 'has a carriage return; lines end with LF')
    report.require(not data.startswith(b'\xef\xbb\xbf'), here, 'starts with a byte order mark')
    report.require(data.endswith(b'\n'), here, 'does not end with a line feed')
    report.require(not data.endswith(b'\n\n'), here, 'ends with an empty line')


def check_cells(row, optional, report):
    for column, cell in row.items():
        report.require(cell or column in optional, row, f'{column} is empty')
        report.require(cell == cell.strip(), row, f'{column} has a space at an end: {cell!r}')
        report.require('"' not in cell, row, f'{column} has a quote: {cell!r}')
        if column in LISTS:
            items = row.list(column)
            report.require(all(items), row, f'{column} has an empty item')
            for item, times in collections.Counter(items).items():
                report.require(times == 1, row, f'{column} names {item!r} {times} times')


def read_table(folder, file, report):
    data = (folder / file).read_bytes()
    try:
        text = data.decode('utf-8')
    except UnicodeDecodeError as error:
        report.add(Row(file, data[:error.start].count(b'\n') + 1, {}), 'is not UTF-8')
        return []
    here = Row(file, 1, {})
    check_bytes(data, here, report)
    columns = COLUMNS[file].replace('?', '').split()
    optional = {name[:-1] for name in COLUMNS[file].split() if name.endswith('?')}
    lines = text.rstrip('\n').split('\n')
    if not report.require(lines[0].split('\t') == columns, here,
                          f"the header is not {' '.join(columns)}"):
        return []
    rows = []
    for line, content in enumerate(lines[1:], start=2):
        cells = content.split('\t')
        here = Row(file, line, {})
        if not report.require(len(cells) == len(columns), here,
                              f'has {len(cells)} cells, not {len(columns)}'):
            continue
        row = Row(file, line, zip(columns, cells))
        check_cells(row, optional, report)
        report.require(not content.startswith('#'), row, 'is a comment; a table has none')
        rows.append(row)
    return rows


# --- rules that several tables share -------------------------------------------------------------

def check_unique(rows, columns, report):
    """No two rows agree in all of the columns."""
    first = {}
    for row in rows:
        key = tuple(row[column] for column in columns)
        before = first.setdefault(key, row)
        report.require(before is row, row,
                       f"repeats {' '.join(columns)} of line {before.line}: {' '.join(key)}")


def check_form(rows, column, pattern, report):
    for row in rows:
        report.require(not row[column] or pattern.fullmatch(row[column]), row,
                       f'{column} is malformed: {row[column]!r}')


def check_one_of(rows, column, allowed, report):
    for row in rows:
        report.require(row[column] in allowed, row,
                       f"{column} is {row[column]!r}, not one of {' '.join(sorted(allowed))}")


def check_names(rows, report):
    for row in rows:
        report.require(CHINESE.search(row['name_zh']), row,
                       f"name_zh is not Chinese: {row['name_zh']!r}")
        report.require(not CHINESE.search(row['name_en']), row,
                       f"name_en has Chinese: {row['name_en']!r}")


def check_at_least(rows, least, what, report):
    if rows:
        report.require(len(rows) >= least, Row(rows[0].file, 1, {}),
                       f'has {len(rows)} {what}; at least {least} are promised')


def point(row):
    """(lat, lon) of a row, or None if they are no numbers."""
    try:
        return float(row['lat']), float(row['lon'])
    except ValueError:
        return None


def check_point(row, box, name, report):
    at = point(row)
    if not report.require(at, row, f"lat, lon are no numbers: {row['lat']!r} {row['lon']!r}"):
        return
    south, north, west, east = box
    inside = south <= at[0] <= north and west <= at[1] <= east
    report.require(inside, row, f'{at[0]}, {at[1]} lies outside {name}')


def kilometres(a, b):
    (lat_a, lon_a), (lat_b, lon_b) = ([math.radians(x) for x in p] for p in (a, b))
    h = (math.sin((lat_b - lat_a) / 2) ** 2
         + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2)
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def check_near(row, other, most_km, report):
    if point(row) and point(other):
        apart = kilometres(point(row), point(other))
        report.require(apart <= most_km, row,
                       f"{row['name_zh']} is {apart:.0f} km from {other['name_zh']},"
                       f' more than {most_km}')


# --- the catalogue -------------------------------------------------------------------------------

def check_trades(rows, report):
    check_at_least(rows, 2000, 'trades', report)
    check_unique(rows, ['code'], report)
    check_one_of(rows, 'level', {'1', '2', '3', '4'}, report)
    check_form(rows, 'code', TRADE_CODE, report)
    codes = {row['code'] for row in rows}
    names = {row['name_zh'] for row in rows}
    for row in rows:
        code, level = row['code'], row['level']
        report.require(not re.search('[LS]$', row['name_zh']), row, 'the name keeps a mark L or S')
        zeros = {'1': code[1:] == '-00-00-00', '2': code[4:] == '-00-00' and code[2:4] != '00',
                 '3': code.endswith('-00') and code[5:7] != '00', '4': code[5:] != '00-00'}
        report.require(zeros.get(level), row, f'{code} cannot be of level {level}')
        for parent in (code[:1] + '-00-00-00', code[:4] + '-00-00'):
            report.require(level == '1' or parent in codes, row, f'{code} has no parent {parent}')
        report.require(level > '2' or row['name_en'], row, f'level {level} needs an English name')
        for alias in row.list('aliases'):
            report.require(alias not in names, row, f"alias {alias} is a trade's own name")
    check_names(rows, report)


def check_skill_levels(row, report):
    level = row.number('max_level')
    report.require(level is not None and 0 <= level <= 7, row,
                   f"max_level is {row['max_level']!r}, not 0..7")
    needed = row['kind'] == 'skill' and row['special_operation'] == '1'
    report.require(not needed or row['requires'], row,
                   'a special operation needs the certificates that permit it')


def check_skill_references(row, by_id, report):
    for column, kinds in (('requires', {'certificate', 'licence'}), ('covers', {row['kind']})):
        for other in row.list(column):
            if report.require(other in by_id, row, f'{column} names no skill: {other}'):
                report.require(by_id[other]['kind'] in kinds, row,
                               f'{column} names a wrong kind: {other}')
                report.require(other != row['id'], row, f'{column} names the row itself')


def check_skill_words(rows, report):
    """A name or alias leads to one skill alone."""
    owner = {}
    for row in rows:
        for word in [row['name_zh']] + row.list('aliases'):
            before = owner.setdefault(word, row)
            report.require(before is row, row,
                           f"{word} already names {before['id']} (line {before.line})")


def check_skills(rows, trades, report):
    check_at_least(rows, 130, 'skills', report)
    check_unique(rows, ['id'], report)
    check_unique(rows, ['name_en'], report)
    check_form(rows, 'id', SLUG, report)
    check_one_of(rows, 'kind', {'skill', 'certificate', 'licence'}, report)
    check_one_of(rows, 'special_operation', {'0', '1'}, report)
    check_names(rows, report)
    check_skill_words(rows, report)
    level_of = {row['code']: row['level'] for row in trades}
    by_id = {row['id']: row for row in rows}
    for row in rows:
        code = row['trade_code']
        report.require(not code or level_of.get(code) == '4', row,
                       f'trade {code} is no level-4 code')
        check_skill_levels(row, report)
        check_skill_references(row, by_id, report)


def check_relations(rows, skills, report):
    check_at_least(rows, 120, 'relations', report)
    by_id = {row['id']: row for row in skills}
    first = {}
    for row in rows:
        pair = (row['skill_a'], row['skill_b'])
        known = [report.require(skill in by_id, row, f'no such skill: {skill}') for skill in pair]
        report.require(pair[0] < pair[1], row, 'skill_a does not stand before skill_b')
        before = first.setdefault(frozenset(pair), row)
        report.require(before is row, row, f'repeats line {before.line}')
        credit = row.number('credit_ppm')
        report.require(credit is not None and 1 <= credit <= 999_999, row,
                       f"credit_ppm is {row['credit_ppm']!r}, not 1..999999")
        if all(known):
            classes = [by_id[skill]['trade_code'][:7] for skill in pair]
            report.require(not classes[0] or classes[0] != classes[1], row,
                           f'both are of {classes[0]}; such relations follow from the codes')
            report.require(all(by_id[s]['kind'] == 'skill' for s in pair), row, 'relates a paper')


def expand(row, column, report):
    """What a cell of patterns stands for: {a,b} for a and for b, lists separated by |."""
    made = []
    for pattern in filter(None, row[column].split('|')):
        parts = re.split(r'\{([^{}]*)\}', pattern)  # Plain and choices in turn.
        if not report.require(not re.search('[{}]', ''.join(parts)), row,
                              f'the braces of {pattern} nest or do not close'):
            continue
        choices = [part.split(',') if i % 2 else [part] for i, part in enumerate(parts)]
        made.extend(''.join(chosen) for chosen in itertools.product(*choices))
    return made


def check_title_owners(rows, report):
    """A title that two rows give to different codes in the same surroundings: only the first counts."""
    owners = collections.defaultdict(list)
    for row in rows:
        contexts = set(expand(row, 'context', report))
        for title in dict.fromkeys(expand(row, 'titles', report)):
            for code, before, line in owners[title]:
                same = before & contexts or not (before or contexts)
                report.require(code == row['code'] or not same, row,
                               f'{title} is {code} by line {line}')
            owners[title].append((row['code'], contexts, row.line))


def check_titles(rows, trades, report):
    check_at_least(rows, 500, 'rows of titles', report)
    level_of = {row['code']: row['level'] for row in trades}
    for row in rows:
        known = row['code'] in ('none', 'other') or level_of.get(row['code']) == '4'
        report.require(known, row, f"{row['code']} is no level-4 code, none or other")
        confidence = row.number('confidence')
        report.require(confidence is not None and 1 <= confidence <= 99, row,
                       f"confidence is {row['confidence']!r}, not 1..99")
    contexts = {word for row in rows for word in expand(row, 'context', report)}
    report.require(len(contexts) <= MOST_CONTEXTS, Row('catalogue/titles.tsv', 1, {}),
                   f'has {len(contexts)} context words, at most {MOST_CONTEXTS}')
    check_title_owners(rows, report)


def check_words(rows, report):
    check_one_of(rows, 'kind', WORD_KINDS, report)
    for row in rows:
        expand(row, 'words', report)
        if row['kind'] in ('alike', 'cut'):
            characters = [row['value'], *row['words'].split('|')]
            report.require(all(len(each) == 1 for each in characters), row,
                           f"{row['kind']}: one character each")
            continue
        allowed = {'sex': {'male', 'female', 'any'}, 'level': set('01234567'),
                   'suffix': set('01234567') | {''},
                   'education': set('123456') | {''}}.get(row['kind'], {''})
        report.require(row['value'] in allowed, row,
                       f"value of {row['kind']} is {row['value']!r}")


# --- the sample ----------------------------------------------------------------------------------

def check_divisions(rows, report):
    check_unique(rows, ['code'], report)
    check_form(rows, 'code', DIVISION_CODE, report)
    check_one_of(rows, 'level', {'province', 'city', 'county'}, report)
    check_names(rows, report)
    by_code = {row['code']: row for row in rows}
    by_level = collections.Counter(row['level'] for row in rows)
    for level, count in (('province', 1), ('city', 11), ('county', 167)):
        report.require(by_level[level] == count, Row('sample/hebei/divisions.tsv', 1, {}),
                       f'has {by_level[level]} of level {level}, not {count}')
    parents = {'province': lambda code: '', 'city': lambda code: code[:2] + '0000',
               'county': lambda code: code[:4] + '00'}
    for row in rows:
        check_point(row, HEBEI, 'Hebei', report)
        report.require(row['code'].startswith('13'), row, 'is not of Hebei (13)')
        parent = parents.get(row['level'], lambda code: None)(row['code'])
        report.require(row['parent_code'] == parent, row,
                       f"parent_code is {row['parent_code']!r}, not {parent!r}")
        report.require(not parent or parent in by_code, row, f'there is no parent {parent}')
        if row['level'] == 'county' and parent in by_code:
            check_near(row, by_code[parent], 125 if parent in LARGE_CITIES else 110, report)
    check_unique([row for row in rows if row['level'] == 'county'], ['lat', 'lon'], report)


def check_towns(rows, divisions, report):
    check_at_least(rows, 150, 'townships', report)
    check_unique(rows, ['code'], report)
    check_unique(rows, ['lat', 'lon'], report)
    check_form(rows, 'code', TOWN_CODE, report)
    check_one_of(rows, 'approximate', {'0', '1'}, report)
    check_names(rows, report)
    counties = {row['code']: row for row in divisions if row['level'] == 'county'}
    for row in rows:
        check_point(row, HEBEI, 'Hebei', report)
        county = row['county_code']
        report.require(row['code'].startswith(county), row,
                       f"{row['code']} is not of county {county}")
        if report.require(county in counties, row, f'no such county: {county}'):
            check_near(row, counties[county], 60, report)


def check_area_size(row, report):
    households, people = row.number('households'), row.number('people')
    if report.require(households and people, row, 'households and people are not positive'):
        report.require(1.5 <= people / households <= 5, row,
                       f'{people} people in {households} households is not plausible')


def check_areas(rows, divisions, towns, report):
    here = Row('sample/hebei/areas.tsv', 1, {})
    report.require(len(rows) == 330, here, f'has {len(rows)} areas, not 330')
    check_unique(rows, ['id'], report)
    check_unique(rows, ['address'], report)
    check_unique(rows, ['lat', 'lon'], report)
    check_form(rows, 'id', SLUG, report)
    check_one_of(rows, 'origin', {'real', 'invented'}, report)
    check_one_of(rows, 'sample', {'0', '1'}, report)
    check_names(rows, report)
    counties = {row['code'] for row in divisions if row['level'] == 'county'}
    town_of = {row['code']: row for row in towns}
    for row in rows:
        check_point(row, HEBEI, 'Hebei', report)
        check_area_size(row, report)
        county, town = row['division_code'], row['town_code']
        report.require(county in counties, row, f'no such county: {county}')
        if report.require(town in town_of, row, f'no such township: {town}'):
            report.require(town.startswith(county), row,
                           f'township {town} is not of county {county}')
            check_near(row, town_of[town], 5, report)
    people = sum(row.number('people') or 0 for row in rows)
    report.require(abs(people - 302_000) <= 3_000, here, f'has {people} people, not about 302,000')
    sample = [row['sample'] for row in rows]
    report.require(15 <= sample.count('1') <= 30, here,
                   f"has {sample.count('1')} sample areas, not 15 to 30")
    report.require(sample == sorted(sample, reverse=True), here,
                   'the sample areas do not come first')


def check_workplaces(rows, divisions, report):
    check_at_least(rows, 60, 'workplaces', report)
    check_unique(rows, ['id'], report)
    check_unique(rows, ['lat', 'lon'], report)
    check_form(rows, 'id', SLUG, report)
    check_form(rows, 'division_code', DIVISION_CODE, report)
    check_one_of(rows, 'kind', {'park', 'county_seat', 'export'}, report)
    check_names(rows, report)
    by_code = {row['code']: row for row in divisions}
    for row in rows:
        away = row['kind'] == 'export'
        check_point(row, CHINA if away else HEBEI, 'China' if away else 'Hebei', report)
        code = row['division_code']
        if code.startswith('13') or not away:
            if report.require(code in by_code, row, f'no such division: {code}'):
                check_near(row, by_code[code], 40, report)


def main(arguments):
    if len(arguments) > 1:
        print(__doc__, file=sys.stderr)
        return 2
    default = pathlib.Path(__file__).resolve().parents[2] / 'deploy'
    folder = pathlib.Path(arguments[0]) if arguments else default
    missing = [file for file in COLUMNS if not (folder / file).is_file()]
    if missing:
        print(f"{folder} lacks {', '.join(missing)}", file=sys.stderr)
        return 2
    report = Report()
    tables = {pathlib.Path(file).stem: read_table(folder, file, report) for file in COLUMNS}
    check_trades(tables['trades'], report)
    check_skills(tables['skills'], tables['trades'], report)
    check_relations(tables['relations'], tables['skills'], report)
    check_titles(tables['titles'], tables['trades'], report)
    check_words(tables['words'], report)
    check_divisions(tables['divisions'], report)
    check_towns(tables['towns'], tables['divisions'], report)
    check_areas(tables['areas'], tables['divisions'], tables['towns'], report)
    check_workplaces(tables['workplaces'], tables['divisions'], report)
    counts = ', '.join(f'{len(rows)} {name}' for name, rows in tables.items())
    print(f'{counts}: {report.count} violations')
    return 1 if report.count else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
