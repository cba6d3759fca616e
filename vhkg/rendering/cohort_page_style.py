"""The style sheet of the page on a cohort: light, dark, narrow, and print. No font, image or sheet from elsewhere."""

from __future__ import annotations

STYLE = """
:root{--paper:#fff;--ink:#1b1f24;--quiet:#565e68;--line:#d5d9df;--rule:#8a929d;--panel:#f5f6f8;--link:#0b57a4;
--strong:#1c5a9c;--middle:#6fa3d8;--pale:#d3e2f2;--leaf:#9aa2ad;--stay:#d6dbe2;--warn:#a8480c;--warnpale:#fbeee4}
@media(prefers-color-scheme:dark){:root{--paper:#14171b;--ink:#e9ecef;--quiet:#aab2bd;--line:#363c45;--rule:#7b8490;
--panel:#1d2127;--link:#8cc0f5;--strong:#86baf0;--middle:#4479b3;--pale:#263c55;--leaf:#8791a0;--stay:#3a424d;
--warn:#f0a36b;--warnpale:#33241a}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:66rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.25rem}
h1{font-size:1.9rem;line-height:1.2;margin:.1rem 0 .6rem;letter-spacing:-.01em}
h2{font-size:1.3rem;line-height:1.3;margin:0 0 .4rem}
h3{font-size:1rem;margin:1.5rem 0 .25rem}
p{margin:.4rem 0 .8rem;max-width:46rem}
a{color:var(--link)}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
.over{margin:0;color:var(--quiet)}
.lead{font-size:1.15rem;line-height:1.45;max-width:50rem}
.quiet{color:var(--quiet)}
.small{font-size:.875rem}
.notice{border-left:4px solid var(--warn);background:var(--warnpale);padding:.55rem .9rem;max-width:50rem}
section{border-top:1px solid var(--line);padding:1.6rem 0 .8rem;margin-top:1.4rem}
.beside{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 2.5rem;align-items:start}
figure{margin:.4rem 0 .8rem}
figcaption{font-weight:600;margin-bottom:.3rem}
.flow{display:block;width:100%;max-width:27rem;height:auto}
.flow text{fill:var(--ink);font-size:14px}
.flow .count{fill:var(--quiet)}
.flow .name{font-weight:600}
.flow .go{fill:var(--stay)}.flow .leave{fill:var(--leaf)}.flow .end{fill:var(--strong)}
.flow .none{stroke:var(--rule);stroke-dasharray:3 3;fill:none}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;font-size:.9375rem}
caption{text-align:left;color:var(--quiet);padding-bottom:.35rem}
th,td{padding:.38rem .5rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{vertical-align:bottom;font-size:.8125rem;line-height:1.3;overflow-wrap:normal;
border-bottom:1px solid var(--rule)}
tbody th{font-weight:600}
th:first-child,td:first-child{padding-left:0}
th:last-child,td:last-child{padding-right:0}
.n{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:normal}
td.n{white-space:nowrap}
td.zero{color:var(--quiet)}
th small,td small{display:block;font-weight:400;font-size:.8125rem;color:var(--quiet)}
.plot{table-layout:fixed}.plot th:first-child{width:16.5rem}.plot .n{width:6.5rem}
.listed{max-width:54rem}
.bar{display:block;width:100%;height:14px;margin:.3rem 0 .1rem;overflow:visible}
.bar .ground{fill:var(--panel)}
.strong{fill:var(--strong)}.middle{fill:var(--middle)}.pale{fill:var(--pale)}.warn{fill:var(--warn)}
.edge{stroke:var(--rule);stroke-width:1;fill:none}
.mark{stroke:var(--strong);stroke-width:2}.dot{fill:var(--rule)}.cross{stroke:var(--paper);stroke-width:2}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;padding:0;margin:.5rem 0 .6rem;font-size:.875rem}
.legend li{display:flex;gap:.45rem;align-items:center}
.legend svg{flex:none}
.tag{display:inline-block;border:1px solid var(--warn);color:var(--warn);border-radius:3px;padding:0 .35rem;
font-size:.8125rem;font-weight:400;margin-left:.4rem}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.25rem 1.25rem;margin:.5rem 0 1rem;
font-size:.9375rem}dt{color:var(--quiet)}dd{margin:0}
ul.plain{padding-left:1.1rem;margin:.3rem 0}
footer{border-top:1px solid var(--line);margin-top:1.6rem;padding-top:1.2rem;padding-bottom:2.5rem;font-size:.875rem}
footer p{max-width:54rem}
@media screen and (max-width:48rem){.beside{display:block}}
@media screen and (max-width:34rem){header,main,footer{padding-left:1rem;padding-right:1rem}h1{font-size:1.5rem}
.lead{font-size:1.05rem}th,td{padding-left:.25rem;padding-right:.25rem}table{font-size:.875rem}
thead th{font-size:.75rem}header{padding-top:1.25rem}.plot th.n{font-size:.6875rem;padding-left:0}
.plot,.plot thead,.plot tbody,.plot caption{display:block}.plot tr{display:grid;border-bottom:1px solid var(--line)}
.plot.of3 tr{grid-template-columns:repeat(3,minmax(0,1fr))}.plot.of4 tr{grid-template-columns:repeat(4,minmax(0,1fr))}
.plot.of5 tr{grid-template-columns:repeat(5,minmax(0,1fr))}.plot th,.plot td{border:0}
.plot tr>:nth-child(-n+2){grid-column:1/-1;padding:.45rem 0 0;width:auto}.plot .drawn{padding:0}.plot .n{width:auto}
.plot thead .drawn{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.plot tr>:nth-child(3){padding-left:0}dl{display:block}dd{margin:0 0 .5rem}.legend{gap:.3rem 1rem}}
@media print{:root{--paper:#fff;--ink:#000;--quiet:#444;--line:#bbb;--rule:#666;--panel:#f2f2f2;--link:#000;
--strong:#1c5a9c;--middle:#6fa3d8;--pale:#d3e2f2;--leaf:#9aa2ad;--stay:#e4e7ec;--warn:#8a3a08;--warnpale:#fff}
html{font-size:10pt}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
header,main,footer{max-width:none;padding:0}section{margin-top:.8rem;padding-top:.8rem}
tr,figure,.legend{break-inside:avoid}h2,h3,caption{break-after:avoid}thead{display:table-header-group}
.plot th:first-child{width:13rem}.plot .n{width:5.2rem}}
"""
