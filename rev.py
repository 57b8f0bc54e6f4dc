import json,re
for n in ('dalian-2001','haerbin-2001','wuhan-2023'):
    g=json.load(open(f'/tmp/ann/d/{n}.json')); t=open(f'/tmp/ann/texts/{n}.txt').read()
    print('=====',n)
    for e in g['entities']:
        s=e['start']; f=[x for x in [e['name']]+e['aliases'] if t.startswith(x,s)]
        print(s,e['name'],e['types'],e['status'],'OPT' if e['optional'] else '','|',t[max(0,s-6):s],'>>',f[0], '' if e['name'] in t else '(name not verbatim)')
    print('-- uncovered numerals')
    cov=set()
    for o in g['observations']: cov|=set(range(o['start'],o['start']+len(o['text'])))
    for m in re.finditer(r'[\d.]+|[一二两三四五六七八九十百千万亿零首第]+',t):
        if not set(range(*m.span()))&cov: print(m.start(),t[max(0,m.start()-8):m.end()+8].replace('\n','/'))
    print('-- obs')
    for o in g['observations']: print(o['start'],o['text'],o['indicator'],o['period'],o['measure'],o['modality'],o['value'],o['unit'],o['bound'],'OPT' if o['optional'] else '')
