#!/usr/bin/env python3
"""Derives trades.tsv from a tabulation of the national classification of occupations, 2022.

    python3 make_trades.py OCCUPATIONS.tsv trades.tsv

The input has the columns level, code, name, aliases (separated by commas). README.md says what is
put right on the way and why. Deterministic; needs nothing but Python's own library.
"""

import re
import sys

# 小类 that the tabulation lacks although it has their 细类.
ADDED_ROWS = {
    '1-06-01-00': (3, '企业负责人'),
    '5-02-03-00': (3, '森林经营和管护人员'),
}

# The level a row really has.
LEVELS = {'6-20-03-00': 3}  # 金属加工机械制造人员: the parent of three 细类

ENGLISH = {
    '1-00-00-00': 'Leaders of Party and state organs, social organisations and enterprises',
    '2-00-00-00': 'Professional and technical staff',
    '3-00-00-00': 'Clerks and related staff',
    '4-00-00-00': 'Service workers for production and daily life',
    '5-00-00-00': 'Workers in farming, forestry, animal husbandry and fishery',
    '6-00-00-00': 'Manufacturing, construction and related workers',
    '7-00-00-00': 'Military personnel',
    '8-00-00-00': 'Other workers, hard to classify',
    '1-01-00-00': 'Leaders of Party organs and organisations',
    '1-02-00-00': 'Leaders of state organs',
    '1-03-00-00': 'Leaders of democratic parties and of the Federation of Industry and Commerce',
    '1-04-00-00': 'Leaders of mass and social organisations',
    '1-05-00-00': 'Leaders of grass-roots self-government',
    '1-06-00-00': 'Leaders of enterprises and public institutions',
    '2-01-00-00': 'Scientific research',
    '2-02-00-00': 'Engineering',
    '2-03-00-00': 'Agricultural technology',
    '2-04-00-00': 'Aircraft and ship technology',
    '2-05-00-00': 'Health professions',
    '2-06-00-00': 'Economics and finance',
    '2-07-00-00': 'Supervision, law, social work and religion',
    '2-08-00-00': 'Teaching',
    '2-09-00-00': 'Literature, arts and sports',
    '2-10-00-00': 'Press, publishing and culture',
    '2-99-00-00': 'Other professional and technical staff',
    '3-01-00-00': 'Administrative clerks and assistants',
    '3-02-00-00': 'Security and fire protection staff',
    '3-03-00-00': 'Arbitration, mediation and legal assistants',
    '3-99-00-00': 'Other clerks and related staff',
    '4-01-00-00': 'Wholesale and retail',
    '4-02-00-00': 'Transport, storage, logistics and post',
    '4-03-00-00': 'Lodging and catering',
    '4-04-00-00': 'Information, software and telecommunication services',
    '4-05-00-00': 'Financial services',
    '4-06-00-00': 'Real estate services',
    '4-07-00-00': 'Leasing and business services',
    '4-08-00-00': 'Technical support services',
    '4-09-00-00': 'Water, environment and public facilities',
    '4-10-00-00': "Residents' services",
    '4-11-00-00': 'Electricity, gas and water supply services',
    '4-12-00-00': 'Repair and making services',
    '4-13-00-00': 'Culture and education services',
    '4-14-00-00': 'Health, sports and leisure services',
    '4-99-00-00': 'Other services',
    '5-01-00-00': 'Crop farming',
    '5-02-00-00': 'Forestry',
    '5-03-00-00': 'Animal husbandry',
    '5-04-00-00': 'Fishery',
    '5-05-00-00': 'Support for farming, forestry, animal husbandry and fishery',
    '6-01-00-00': 'Processing of farm products',
    '6-02-00-00': 'Food and drink making',
    '6-03-00-00': 'Tobacco processing',
    '6-04-00-00': 'Textiles, knitting, printing and dyeing',
    '6-05-00-00': 'Garments, leather and fur',
    '6-06-00-00': 'Wood, furniture and wooden goods',
    '6-07-00-00': 'Paper and paper goods',
    '6-08-00-00': 'Printing and copying of recorded media',
    '6-09-00-00': 'Stationery, crafts, sports and toys',
    '6-10-00-00': 'Oil refining, coking and coal chemistry',
    '6-11-00-00': 'Chemicals',
    '6-12-00-00': 'Medicines',
    '6-13-00-00': 'Chemical fibres',
    '6-14-00-00': 'Rubber and plastic goods',
    '6-15-00-00': 'Non-metallic mineral goods',
    '6-16-00-00': 'Mining',
    '6-17-00-00': 'Metal smelting and rolling',
    '6-18-00-00': 'Basic machining',
    '6-19-00-00': 'Metal goods',
    '6-20-00-00': 'General machinery',
    '6-21-00-00': 'Special machinery',
    '6-22-00-00': 'Motor vehicles',
    '6-23-00-00': 'Railway, ship and aviation equipment',
    '6-24-00-00': 'Electrical machinery',
    '6-25-00-00': 'Computers, communication and electronic equipment',
    '6-26-00-00': 'Instruments and meters',
    '6-27-00-00': 'Recycling',
    '6-28-00-00': 'Electricity, heat, gas and water production and supply',
    '6-29-00-00': 'Construction',
    '6-30-00-00': 'Operation of transport equipment and construction machinery',
    '6-31-00-00': 'Production support',
}

# Everyday names of the trades that relocated labourers work in, beside the tabulation's own.
EVERYDAY = {
    '3-01-04-01': '社区工作者|网格员|村务工作者',
    '4-01-02-03': '营业员|导购|店员|售货员|理货导购',
    '4-01-02-04': '收银|收款员',
    '4-01-06-02': '主播|带货主播|直播销售员|网络主播',
    '4-02-02-01': '公交司机|客车司机|大巴司机|出租车司机',
    '4-02-02-02': '货车司机|大货司机|卡车司机|重卡司机|送货司机',
    '4-02-05-01': '装卸工|搬运工|力工|卸车工',
    '4-02-06-01': '库管|仓管|仓库管理员|保管员|库工',
    '4-02-06-02': '理货|上货员|拣货员|分拣理货',
    '4-02-07-08': '快递小哥|派件员|收派员',
    '4-02-07-09': '快递分拣员|分拣员|分拣工',
    '4-03-01-02': '客房|客房保洁|宾馆服务员|酒店客房',
    '4-03-02-01': '厨师|炒菜师傅|炒锅|大厨|热菜厨师|凉菜师傅|厨工',
    '4-03-02-02': '面点师|白案|包子师傅|拉面师傅|面食师傅',
    '4-03-02-04': '西点师|烘焙师|蛋糕师',
    '4-03-02-05': '服务员|传菜员|餐厅服务|饭店服务员',
    '4-06-01-03': '停车场管理员|看车人|收费员',
    '4-07-05-01': '保安|门卫|看门|巡逻员|护卫|秩序维护员',
    '4-07-05-02': '安检|安检员',
    '4-09-01-01': '护堤员|河道保洁员|水管员|护河员',
    '4-09-08-01': '保洁|清洁工|环卫工|清扫工|扫马路|保洁阿姨',
    '4-09-08-02': '垃圾清运员|垃圾车工',
    '4-09-10-01': '绿化工|园林工|养护工|修剪工',
    '4-10-01-01': '育婴师|育婴员|育儿嫂',
    '4-10-01-03': '保育员|生活老师|幼儿园阿姨',
    '4-10-01-05': '护工|养老护工|老人护理|陪护',
    '4-10-01-06': '保姆|月嫂|钟点工|家政|住家阿姨',
    '4-10-02-01': '裁缝|改衣工',
    '4-10-02-02': '洗衣工|洗涤工|熨烫洗衣工',
    '4-10-03-01': '美容技师|美容',
    '4-10-03-02': '理发师|发型师|美发',
    '4-10-08-01': '外卖员|送餐员|骑手|外卖小哥',
    '4-12-01-01': '汽修工|修车师傅|汽车机修|钣金工|汽车喷漆',
    '4-12-03-01': '家电维修|空调维修',
    '4-14-01-02': '医院护工|病人陪护|护理员',
    '5-01-02-01': '种植工|大田工|农工|种地|温室大棚工',
    '5-01-02-02': '果树工|菜农|大棚种植|花卉工|果农|蔬菜工',
    '5-01-02-03': '蘑菇工|香菇工|菌菇采摘|菌棒工|采菇工',
    '5-01-02-05': '药材种植|中药材工',
    '5-02-02-00': '植树工|造林工|种树',
    '5-02-03-01': '护林员|生态护林员|巡山员|看山',
    '5-03-02-01': '养猪|养牛|养羊|饲养员|挤奶工|牧工',
    '5-03-02-02': '养鸡|养殖工|鸡场工|肉鸡饲养',
    '5-05-05-01': '拖拉机手|收割机手|农机手|机手',
    '6-01-04-01': '屠宰工|分割工|宰鸡工',
    '6-01-04-03': '肉制品工|灌肠工',
    '6-01-06-00': '果脯工|坚果工|果蔬分拣|剥核桃|杏仁加工',
    '6-02-01-01': '面包师|烘焙工|糕点师',
    '6-02-03-01': '馒头工|面条工|主食加工',
    '6-02-03-02': '速冻工|饺子工|冷冻食品工',
    '6-04-02-01': '纺纱工|挡车工|细纱工',
    '6-04-03-03': '织布工|织机挡车工',
    '6-05-01-02': '裁床|裁剪|拉布工|开料裁剪',
    '6-05-01-03': '车位|缝纫|平车工|缝纫车工|服装工|锁边工|制衣工|机缝工|缝制工',
    '6-05-01-04': '熨烫工|整烫工|大烫',
    '6-05-02-01': '箱包工|皮具工|皮革工|台面工|油边工',
    '6-05-04-01': '鞋工|针车工|制鞋',
    '6-06-03-01': '木工|木匠',
    '6-06-04-00': '家具工|板式家具工|沙发工',
    '6-07-02-00': '纸箱工|糊盒工|纸盒工',
    '6-08-01-02': '印刷工|印刷机长',
    '6-09-03-11': '绣工|刺绣工|绣娘|十字绣',
    '6-09-03-17': '剪纸工|柳编工|手工艺人|草编工|布艺工',
    '6-09-05-00': '玩具工|毛绒玩具工|充棉工',
    '6-14-02-00': '注塑工|吹塑工|塑料工|注塑机操作工',
    '6-15-02-01': '砖厂工|制砖工',
    '6-15-02-03': '石材工|大理石工',
    '6-18-01-01': '车床工|普车|数控车床工|数控车工',
    '6-18-01-02': '铣床工|数控铣工',
    '6-18-01-04': '磨床工|打磨工',
    '6-18-01-07': 'CNC操作工|加工中心操作工|CNC|数控操作工',
    '6-18-01-10': '下料|锯床工|开料工',
    '6-18-01-12': '冲床工|冲压|压力机工',
    '6-18-02-01': '翻砂工|浇铸工|铸工',
    '6-18-02-04': '电焊工|氩弧焊|二保焊|气保焊|焊接工|电焊|氩狐焊|烧焊',
    '6-18-03-03': '喷漆工|喷塑工|油漆工|喷涂工',
    '6-20-01-01': '钳工|装配工|组装钳工',
    '6-22-02-01': '汽车装配工|总装工|汽车厂操作工',
    '6-24-02-04': '光伏组件工|光伏工人|电池板工',
    '6-25-04-07': '电子厂操作工|电子装配|插件工|贴片工|SMT操作工',
    '6-27-01-00': '废品分拣|回收分拣',
    '6-28-01-10': '光伏运维|光伏看护',
    '6-28-01-11': '司炉工|锅炉工|烧锅炉',
    '6-29-01-01': '瓦工|泥瓦工|大工|瓦匠|砌砖工|泥工',
    '6-29-01-03': '混凝土浇筑工|打灰工|砼工|灰工',
    '6-29-01-04': '绑钢筋|钢筋绑扎工|钢筋加工',
    '6-29-01-05': '架子工|搭架子|外架工|脚手架工',
    '6-29-01-07': '乡村工匠|农村建房工',
    '6-29-02-03': '修路工|路面工|沥青工',
    '6-29-02-04': '养路工|护路员|道路养护',
    '6-29-02-08': '防水|防水施工|做防水',
    '6-29-03-02': '水电工|电气安装|水电安装',
    '6-29-03-03': '电梯工|电梯维修',
    '6-29-03-04': '水暖工|管道安装工|水工',
    '6-29-04-01': '贴砖|瓷砖工|镶贴工|抹灰工|腻子工|刮大白|粉刷工|刷墙|吊顶|装修工|油工|油漆装修',
    '6-29-04-02': '门窗安装|断桥铝安装|幕墙工',
    '6-30-05-01': '叉车工|叉车司机|天车工|行车工|吊车司机|塔吊司机|塔吊',
    '6-30-05-02': '司索工|信号工|起重指挥',
    '6-30-05-05': '挖机师傅|铲车司机|挖掘机手|装载机司机|挖机|推土机司机|压路机手',
    '6-31-01-02': '机修工|设备维修工|修理工|维修钳工',
    '6-31-01-03': '维修电工|厂电工|低压电工|高压电工|强电工|电工',
    '6-31-03-05': '质检|品检|检验员|QC|品管',
    '6-31-05-00': '打包工|包装|封箱工|打包员',
}

NOT_A_TRADE = {'普工', '杂工', '小时工', '洗碗工'}  # see README.md

JOB_ENDING = ('工', '员', '师', '手', '司机', '经理', '总监', '主管', '专员', '助理')


def clean(text):
    """The name without the marks L (green) and S (digital) and without spaces."""
    text = re.sub(r'\s+', '', text)
    return re.sub(r'(?<=[一-鿿)）])(L/S|[LS])$', '', text)


def parts(alias):
    """搬运工/装卸工 is two names; 分公司/代表处负责人 is one and stays as it is."""
    pieces = alias.split('/')
    whole = len(pieces) > 1 and all(len(p) > 2 and p.endswith(JOB_ENDING) for p in pieces)
    return pieces if whole else [alias]


def alias_list(published, everyday, official):
    """The aliases in order, without repetition and without any trade's official name."""
    seen, out = set(official), []
    names = [part for alias in published for part in parts(clean(alias))] + everyday
    for alias in names:
        if alias and alias not in seen and alias not in NOT_A_TRADE:
            seen.add(alias)
            out.append(alias)
    return out


def read(path):
    """code -> (level, name, published aliases); of two rows of one code the deeper level stays."""
    rows = {}
    with open(path, encoding='utf-8') as file:
        next(file)
        for line in file:
            level, code, name, aliases = line.rstrip('\n').split('\t')
            level = LEVELS.get(code, int(level))
            aliases = [alias for alias in aliases.split(',') if alias]
            if code in rows:
                level = max(level, rows[code][0])
                aliases = rows[code][2] + aliases
            rows[code] = (level, clean(name), aliases)
    for code, (level, name) in ADDED_ROWS.items():
        rows.setdefault(code, (level, name, []))
    return rows


def check_tables(rows):
    for code in list(ENGLISH) + list(EVERYDAY):
        if code not in rows:
            sys.exit(f'make_trades.py: no such code: {code}')


def main(source, target):
    rows = read(source)
    check_tables(rows)
    official = {name for _, name, _ in rows.values()}
    lines = ['level\tcode\tname_zh\tname_en\taliases']
    for code in sorted(rows):
        level, name, published = rows[code]
        everyday = EVERYDAY.get(code, '').split('|')
        aliases = alias_list(published, everyday, official)
        lines.append('\t'.join([str(level), code, name, ENGLISH.get(code, ''), '|'.join(aliases)]))
    with open(target, 'w', encoding='utf-8', newline='\n') as file:
        file.write('\n'.join(lines) + '\n')
    print(f'{target}: {len(lines) - 1} rows')


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit('usage: make_trades.py OCCUPATIONS.tsv trades.tsv')
    main(*sys.argv[1:])
