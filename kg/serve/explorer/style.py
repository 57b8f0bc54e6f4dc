"""How the pages look: one style sheet, system fonts, colours that keep the contrast of WCAG AA."""

from __future__ import annotations

from typing import Final

#: Of each class: a tint to write on, and the dark of the same hue for lines and dots (at least 4.5 : 1 on white).
COLOURS: Final[dict[str, tuple[str, str]]] = {
    "AdministrativeArea": ("#dbe9ff", "#1d4fa3"),
    "Zone": ("#d3f1ee", "#0b6b63"),
    "Park": ("#d9f2d5", "#2b6b1f"),
    "Enterprise": ("#ffe6cc", "#9a4d00"),
    "Organization": ("#ece4da", "#6d5335"),
    "Project": ("#fff0b8", "#7a5b00"),
    "Facility": ("#e9f0c4", "#566300"),
    "Policy": ("#e9defc", "#6a35b1"),
    "Event": ("#ffdbe9", "#a81e5e"),
    "Honour": ("#ffdcd6", "#a8321b"),
    "Person": ("#e2e4ea", "#474d5d"),
    "Indicator": ("#d8eefa", "#0d6286"),
    "Report": ("#e8e8e8", "#444444"),
}
LINK: Final = "#0b57a4"
RELATION: Final = "#b0206a"
FIGURE: Final = "#0d6286"

_BASE: Final = """
:root{--ink:#1b1f24;--soft:#57606a;--line:#d5dae0;--paper:#fff;--wash:#f5f7f9;--link:#0b57a4;--brand:#8c1d18}
html{scroll-padding-top:4.5rem}
body{color:var(--ink);background:var(--paper);overflow-wrap:anywhere;
 font:16px/1.6 system-ui,-apple-system,"Segoe UI","PingFang SC","Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",
 sans-serif}
.nicegui-content{display:block;padding:0;max-width:none}
.nicegui-content .nicegui-html{min-width:0;max-width:100%}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,summary:focus-visible,
[tabindex]:focus-visible{outline:3px solid #d27a00;outline-offset:1px;border-radius:2px}
#content:focus{outline:none}
h1{font-size:1.75rem;line-height:1.25;font-weight:700;margin:0 0 .4rem;letter-spacing:0}
h2{font-size:1.2rem;line-height:1.3;font-weight:650;margin:2rem 0 .6rem}
h3{font-size:1rem;line-height:1.4;font-weight:650;margin:1.2rem 0 .3rem}
p{margin:.4rem 0}ul,ol{margin:.3rem 0;padding-left:1.2rem}
.spoken{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.skip{position:absolute;left:-999px;top:0;background:#fff;padding:.6rem 1rem;z-index:30}.skip:focus{left:0}
.shell{position:sticky;top:0;z-index:20}
header{display:flex;flex-wrap:wrap;align-items:center;gap:.3rem 1.2rem;background:#fff;
 border-bottom:1px solid var(--line);padding:.55rem 1.5rem}
.brand{font-weight:750;color:var(--brand);font-size:1.1rem;white-space:nowrap}
nav{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem}nav a{color:var(--ink)}
nav a[aria-current]{color:var(--brand);font-weight:600;box-shadow:0 2px 0 var(--brand)}
header form{display:flex;gap:.4rem;flex:1 1 14rem;justify-content:flex-end}
header form input{flex:0 1 20rem;min-width:0}.grow{flex:1}.languages{font-size:.9rem}
input,select,button:not(.q-btn){font:inherit}input,select{color:inherit}
input:not(.q-field__native):not([type=checkbox]),select{border:1px solid #8a929b;border-radius:6px;
 padding:.3rem .6rem;background:#fff;min-width:0;max-width:100%}
.page form button,header form button,.button{border:1px solid var(--link);border-radius:6px;background:var(--link);
 color:#fff;padding:.3rem .9rem;cursor:pointer;white-space:nowrap;display:inline-block;line-height:1.5}
.button.plain{background:#fff;color:var(--link)}.button:hover{text-decoration:none;filter:brightness(1.1)}
.page{max-width:78rem;margin:0 auto;padding:1.6rem 1.5rem 4rem}
.page.wide{max-width:96rem}
.lead{color:var(--soft);max-width:46rem;margin-bottom:1.2rem}.soft{color:var(--soft)}.small{font-size:.88rem}
.badge{display:inline-block;font-size:.8rem;line-height:1.4;padding:.05rem .5rem;border-radius:99px;
 background:#e8e8e8;white-space:nowrap;vertical-align:.08em}
.error{border-left:4px solid #b3261e;background:#fdeceb;padding:.6rem .9rem;white-space:pre-wrap}
.scroll{overflow-x:auto;max-width:100%}.tall{max-height:32rem;overflow:auto;margin-top:.6rem}
.tall thead th{position:sticky;top:0;background:#fff}
.search .q-field__native::placeholder{color:var(--soft);opacity:1}
table.plain{border-collapse:collapse;width:100%;font-size:.94rem}
table.plain th{text-align:left;color:var(--soft);font-weight:600;white-space:nowrap}
table.plain th,table.plain td{padding:.35rem .7rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
table.plain .n,table.plain th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.target{color:#8c1d18;font-weight:600}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.6rem,1fr));gap:.6rem;padding:0;margin:0;
 list-style:none}
.cards li{border:1px solid var(--line);border-radius:8px;padding:.55rem .8rem;background:#fff}
.cards b{display:block;font-size:1.35rem;line-height:1.2;font-variant-numeric:tabular-nums}
.results{list-style:none;padding:0;margin:.5rem 0;border:1px solid var(--line);border-radius:8px;overflow:hidden}
.results a{display:flex;flex-wrap:wrap;gap:0 .6rem;align-items:baseline;padding:.5rem .9rem;
 border-bottom:1px solid var(--line);color:var(--ink)}
.results li:last-child a{border-bottom:0}.results a:hover,.results a:focus{background:var(--wash);text-decoration:none}
.chips{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;padding:0}
.chips a{display:block;padding:.2rem .7rem;border-radius:99px;color:var(--ink);border:1px solid transparent}
.topics{columns:26rem 2;column-gap:2.5rem}.topics section{break-inside:avoid;padding:.3rem 0 .6rem}
.topics h2{margin-top:.4rem}.topics h2::first-letter{text-transform:uppercase}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.3rem 1.2rem;margin:0}
.facts dt{color:var(--soft)}.facts dd{margin:0}
.facts dd ul{list-style:none;padding:0;margin:0;display:flex;flex-wrap:wrap;gap:.1rem 1rem}
summary{cursor:pointer;color:var(--link);display:list-item}
blockquote{margin:.7rem 0;padding:.1rem 0 .1rem 1rem;border-left:3px solid var(--line)}
blockquote footer{font-size:.88rem;color:var(--soft)}
mark{background:#ffe58a;color:inherit;padding:.05em 0}
.chart{width:100%;height:270px}.graph{width:100%;height:460px;border:1px solid var(--line);border-radius:8px}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));gap:1rem}
.grid{width:100%;--ag-font-family:inherit}
.form{display:flex;flex-wrap:wrap;gap:.8rem 1rem;align-items:flex-start;background:var(--wash);
 border:1px solid var(--line);border-radius:8px;padding:.9rem 1rem;margin:.8rem 0}
.form button{margin-top:1.55rem}
.form label{display:block;font-size:.88rem;font-weight:600}.form .field{flex:0 1 17rem;min-width:0}
.form .field input,.form .field select{width:100%}.form .hint{font-size:.8rem;color:var(--soft);font-weight:400}
.bar{display:flex;flex-wrap:wrap;gap:.4rem .9rem;align-items:center;margin:.7rem 0}
pre{background:var(--wash);border:1px solid var(--line);border-radius:8px;padding:.8rem;overflow:auto;max-width:100%;
 font:.85rem/1.5 ui-monospace,SFMono-Regular,Consolas,monospace;margin:.5rem 0}
.editor{border:1px solid #8a929b;border-radius:8px;overflow:hidden;height:20rem;width:100%;font-size:.9rem}
.editor .cm-wrong{background:#ffd5d1;border-bottom:2px solid #b3261e}
.terms{display:flex;flex-wrap:wrap;gap:.35rem;max-height:11rem;overflow:auto}
.terms button,.past button{border:1px solid var(--line);border-radius:6px;background:#fff;padding:.1rem .5rem;
 font:.82rem/1.5 ui-monospace,Consolas,monospace;cursor:pointer;text-align:left}
.past{display:flex;flex-direction:column;gap:.3rem}
.past button{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.report{display:grid;grid-template-columns:minmax(0,1fr) 24rem;gap:2.5rem;align-items:start}
.report .text{font-size:1.06rem;line-height:2.05;max-width:48rem}
.report .text p{margin:0 0 .5rem;text-indent:2em}
.report .text h2,.report .text h3,.report .text h4{text-indent:0;line-height:1.6}
.report .text h4{font-size:1rem;font-weight:650;margin:.8rem 0 .2rem}
.report aside{position:sticky;top:4.2rem;max-height:calc(100vh - 5rem);overflow:auto;font-size:.92rem;
 border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem;background:#fff}
.report aside ol,.report aside ul{list-style:none;padding:0}
.report aside li{padding:.22rem 0;border-bottom:1px solid #edf0f2}
.report aside details{margin:.5rem 0}.report aside summary{font-weight:600;padding:.15rem 0}
.legend{display:flex;flex-wrap:wrap;gap:.3rem .4rem}
.legend label{cursor:pointer;display:inline-flex;gap:.3rem;align-items:center;font-size:.85rem}
.m{color:inherit;border-radius:3px;padding:.12em 0}.m:hover{text-decoration:none;outline:2px solid var(--link)}
.m:target,.m.found{outline:3px solid #d27a00;outline-offset:1px}
.q-loading-bar{background:var(--brand)}
.note{border-left:4px solid var(--link);background:#eef4fb;padding:.5rem .9rem}.note code{white-space:nowrap}
.scores{font-variant-numeric:tabular-nums}
.asked{border:1px solid var(--line);border-radius:8px;padding:1rem 1.2rem;margin:1rem 0}
.asked h2{margin:0 0 .3rem}.asked blockquote{margin:.6rem 0}
.asked h2:focus{outline:none}.asked h2:focus-visible{outline:3px solid #d27a00}
.candidate{border-top:1px solid var(--line);padding:.8rem 0 .6rem;margin-top:.8rem}
.candidate h3{margin:0 0 .2rem;display:flex;flex-wrap:wrap;gap:0 .8rem;align-items:baseline}
.candidate .mark{display:inline-block;min-width:1.5rem;text-align:center;border-radius:4px;background:var(--wash);
 border:1px solid var(--line)}
.reasons{list-style:none;padding:0;margin:.4rem 0;font-size:.94rem}
.reasons li{display:grid;grid-template-columns:1.5rem minmax(0,1fr);gap:0 .4rem}
.reasons .sign{font-weight:700;text-align:center;border-radius:4px;line-height:1.35;align-self:start;margin-top:.15rem}
.reasons .for .sign{background:#d9f2d5;color:#1c5a13}.reasons .against .sign{background:#ffdcd6;color:#8c1d18}
.reasons .unknown .sign{background:#e8e8e8;color:#444}
.button kbd{font:.78rem/1 ui-monospace,Consolas,monospace;border:1px solid currentColor;border-radius:3px;
 padding:0 .25rem;margin-left:.4rem;opacity:.8}
.button.bad{border-color:#a8321b;color:#a8321b}
.map{max-width:100%}
.places td{min-width:6rem}.places td:nth-child(3){white-space:nowrap;min-width:0}
.places td:nth-child(4){min-width:13rem}
.chips a[aria-current]{border-color:var(--link);font-weight:600}
[aria-current=true]{font-weight:700}
.waits{min-height:3rem;color:var(--soft)}
@media(max-width:900px){.report{grid-template-columns:minmax(0,1fr)}
 .report aside{position:static;max-height:none}}
@media(max-width:600px){header{padding:.5rem 1rem}.page{padding:1rem 1rem 3rem}h1{font-size:1.4rem}
 .shell{position:static}html{scroll-padding-top:1rem}
 header{gap:.3rem .8rem}nav{gap:.2rem .8rem}.languages{margin-left:auto}
 header form{flex-basis:100%;order:3}header form input{flex:1}.facts{grid-template-columns:minmax(0,1fr)}
 .facts dt{margin-top:.4rem}.form button{margin-top:0}.graph{height:360px}
 .report .text{font-size:1rem;line-height:1.95}}
"""


def _marks() -> str:
    """Tints of the classes, in badges and in texts; those whose box in the legend is not ticked show nothing."""
    out = []
    for name, (tint, dark) in COLOURS.items():
        out.append(f".e-{name}{{background:{tint}}}.badge.e-{name}{{color:{dark}}}")
        out.append(f"body:has(#show-{name}:not(:checked)) .m.e-{name}{{background:none}}")
    out.append(f".m.figure{{box-shadow:inset 0 -2px 0 {FIGURE}}}")
    out.append(f".m.relation{{border-bottom:2px dotted {RELATION}}}")
    out.append(".legend .figure,.legend .relation{padding:.05rem .3rem}")
    out.append(f".legend .figure{{box-shadow:inset 0 -2px 0 {FIGURE}}}")
    out.append(f".legend .relation{{border-bottom:2px dotted {RELATION}}}")
    out.append("body:has(#show-figure:not(:checked)) .m.figure{box-shadow:none}")
    out.append("body:has(#show-relation:not(:checked)) .m.relation{border-bottom:none}")
    return "".join(out)


CSS: Final = _BASE + _marks()
