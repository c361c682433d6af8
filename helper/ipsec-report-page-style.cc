// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-report-page.h"

namespace ns3
{
namespace ipsec
{

const char*
PageStyle()
{
    return R"(
:root{color-scheme:light dark;--paper:#ffffff;--card:#f5f7f9;--ink:#1c2733;--soft:#51606f;
--rule:#d3dbe3;--main:#1f5fa8;--quick:#1a7545;--info:#8a5200;--other:#6b4ea0;--bad:#b3261e;
--on:#ffffff}
@media (prefers-color-scheme:dark){:root{--paper:#12181f;--card:#1b232c;--ink:#e4eaf0;
--soft:#a5b4c3;--rule:#36424f;--main:#7db4f0;--quick:#5fc492;--info:#e0a84a;--other:#bda6ec;
--bad:#ff8a80;--on:#12181f}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,'DejaVu Sans',Arial,sans-serif;background:var(--paper);
color:var(--ink);max-width:66rem;margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;margin:0;line-height:1.25}
h2{font-size:1.2rem;margin:2.4rem 0 .7rem;padding-top:.9rem;border-top:1px solid var(--rule)}
h3{font-size:1rem;margin:1.4rem 0 .5rem}
a{color:var(--main)}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;padding:0;margin:1rem 0 0;
font-size:.92rem}
.badge{display:inline-block;padding:.05rem .65rem;border-radius:1rem;color:var(--on);
font-size:.85rem;font-weight:600;vertical-align:.12em}
.pass{background:var(--quick)}.fail{background:var(--bad)}
.meta{color:var(--soft);font-size:.92rem;margin:.4rem 0}
.wide{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;width:100%;font-size:.92rem;overflow-wrap:normal}
caption{text-align:left;color:var(--soft);padding:.3rem 0}
th,td{text-align:left;padding:.35rem .9rem .35rem 0;border-bottom:1px solid var(--rule);
vertical-align:top}
th{font-weight:600}thead th{color:var(--soft);white-space:nowrap}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.7rem 1.5rem;
margin:.6rem 0}
.facts dt{color:var(--soft);font-size:.85rem}.facts dd{margin:0}
pre{background:var(--card);padding:.8rem;margin:.4rem 0;font-size:.82rem;line-height:1.45;
width:max-content;min-width:100%}
code,pre{font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace;overflow-wrap:normal}
code{font-size:.88em}
summary{cursor:pointer}
figure{margin:1rem 0}figure svg{display:block;min-width:58rem;max-width:100%;height:auto}
.plot rect{fill:none}.plot text{fill:var(--ink)}.plot .gridline{stroke:var(--rule)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
white-space:nowrap}
.ends,.row{display:grid;grid-template-columns:6rem minmax(0,1fr) 6rem}
.ends{font-weight:600}.ends div{grid-column:1/-1;display:flex;justify-content:space-between}
.ends div span{display:inline-block;min-width:12rem;max-width:49%;text-align:center;padding:.3rem .6rem;
background:var(--card);border:1px solid var(--rule);border-radius:.4rem}
.ends div span small{display:block;font-weight:400;color:var(--soft)}
.ladder{list-style:none;margin:0 0 1rem;padding:0;font-size:.9rem}
.ladder .way{position:relative;padding:.5rem .8rem;border-left:2px solid var(--rule);
border-right:2px solid var(--rule)}
.time{color:var(--soft);font-size:.8rem;padding:.5rem .5rem 0 0;text-align:right;
font-variant-numeric:tabular-nums;align-self:end;padding-bottom:.1rem}
.time.r{text-align:left;padding-left:.5rem}
.message .way{padding-bottom:1rem}
.message .way::before{content:"";position:absolute;left:0;right:0;bottom:.45rem;
border-bottom:2px solid currentColor}
.message.enc .way::before{border-bottom-width:4px;bottom:calc(.45rem - 1px)}
.message.again .way::before{border-bottom-style:dashed}
.message .way::after{content:"";position:absolute;bottom:calc(.45rem - 5px);
border:6px solid transparent}
.message.right .way::after{right:0;border-left:10px solid currentColor;border-right:0}
.message.left .way::after{left:0;border-right:10px solid currentColor;border-left:0}
.message.lost .way::before{border-bottom-style:dashed}
.message.lost.right .way::before{right:22%}.message.lost.left .way::before{left:22%}
.message.lost .way::after{content:"\2715";border:0;font-weight:700;line-height:1;bottom:.1rem}
.message.lost.right .way::after{right:calc(22% - 1rem);border:0}
.message.lost.left .way::after{left:calc(22% - 1rem);border:0}
.main{color:var(--main)}.quick{color:var(--quick)}.info{color:var(--info)}
.other{color:var(--other)}.message.lost .way,.event.bad .way{color:var(--bad)}
.event.good .way{color:var(--quick)}.event .way,.note .way{color:var(--soft)}
.event .way{padding-top:.2rem;padding-bottom:.2rem}.event .time{padding-top:0;align-self:center}.event.r .way{text-align:right}
.note .way{text-align:center}
.way b::before{content:"\25B8\00A0"}details[open]>summary .way b::before{content:"\25BE\00A0"}
.way .pay{color:var(--ink);font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace;font-size:.88em}
.way .rem{color:var(--soft);font-size:.85em}
summary:hover .way,summary:focus-visible .way{background:var(--card)}
.body{background:var(--card);border-left:3px solid var(--rule);margin:.2rem 0 .6rem;
padding:.5rem .9rem}
.body ol{margin:.3rem 0;padding-left:1.4rem}
.det{color:var(--soft);font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace;font-size:.82em}
@media (max-width:40rem){body{font-size:15px}.ends,.row{grid-template-columns:4.1rem minmax(0,1fr) 4.1rem}
.ends div span{min-width:8.2rem}
.facts{grid-template-columns:repeat(auto-fill,minmax(8rem,1fr))}.time{font-size:.7rem}.ladder .way{padding-left:.4rem;padding-right:.4rem}}
@media print{body{max-width:none}.wide{overflow:visible}}
)";
}

} // namespace ipsec
} // namespace ns3
