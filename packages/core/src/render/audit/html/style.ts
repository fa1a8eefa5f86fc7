// SPDX-License-Identifier: Apache-2.0

/** Light and dark, screen and paper; no font, image or style from anywhere else. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f6f6f9;--card:#fff;--ink:#17171f;--soft:#5d5d6e;--line:#e3e3ea;--ai:#6a4df5;--claimed:#b3a3fb;--signal:#e0a100;--human:#0e9f84;--unknown:#a9a9b8;--rest:#d9d9e3;--good:#0a7f55;--bad:#c62738;--mid:#b86a00;--low:#64708a;--tint:#6a4df512;--shade:0 1px 2px #1414280d,0 6px 20px #1414280a}
@media (prefers-color-scheme:dark){:root{--bg:#101016;--card:#191921;--ink:#ececf3;--soft:#a0a0b4;--line:#2c2c38;--ai:#8f79ff;--claimed:#5a4bb0;--signal:#e6b53c;--human:#2fc2a4;--unknown:#6d6d80;--rest:#343442;--good:#41c795;--bad:#ff6b78;--mid:#f0a94a;--low:#93a0bd;--tint:#8f79ff1c;--shade:none}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-font-smoothing:antialiased}
main,header.top,footer{max-width:1080px;margin:0 auto;padding:0 24px}
header.top{padding-top:44px}
.eyebrow{font-size:12px;letter-spacing:.08em;text-transform:uppercase;color:var(--soft);font-weight:600}
h1{font-size:34px;line-height:1.15;letter-spacing:-.02em;margin:6px 0 10px}
h2{font-size:22px;letter-spacing:-.01em;margin:0 0 4px}
h3{font-size:15px;margin:22px 0 6px}
p{margin:6px 0}
a{color:inherit}
code,.id{font:12.5px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.lead{font-size:18px;line-height:1.5;max-width:62em;margin:14px 0 0}
.lead b{color:var(--ai)}
.quiet,small{color:var(--soft);font-weight:400}
.facts{display:flex;flex-wrap:wrap;gap:4px 20px;color:var(--soft);font-size:13px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:14px;margin:26px 0 8px}
.tile,section{background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:var(--shade)}
.tile{padding:16px 18px}
.tile b{display:block;font-size:28px;line-height:1.2;letter-spacing:-.02em;font-weight:650;font-variant-numeric:tabular-nums}
.tile b.long{font-size:21px;line-height:1.6}.tile span{color:var(--soft);font-size:13px}
.tile.ai b{color:var(--ai)}.tile.good b{color:var(--good)}.tile.bad b{color:var(--bad)}.tile.mid b{color:var(--mid)}
section{padding:24px 26px;margin:18px 0;break-inside:auto}
section>header{display:flex;align-items:baseline;gap:12px;margin-bottom:8px}
section>header .n{flex:none;width:26px;height:26px;border-radius:50%;background:var(--tint);color:var(--ai);font-weight:700;font-size:13px;display:grid;place-items:center;align-self:center}
figure{margin:18px 0 0}
figcaption{font-weight:600;font-size:14px;margin-bottom:8px}
figcaption small{margin-left:6px;font-size:12.5px}
svg{display:block}
svg.stack{width:100%;height:26px;border-radius:7px;overflow:hidden}
.legend{list-style:none;margin:10px 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap:3px 26px;font-size:13.5px}
.legend li{display:flex;gap:8px;align-items:baseline}
.legend li span:nth-child(2){flex:1}
.legend b,.num,.legend i{font-variant-numeric:tabular-nums}
.legend i{font-style:normal;color:var(--soft);min-width:4.2em;text-align:right}
.dot{display:inline-block;width:10px;height:10px;border-radius:3px;flex:none}
span.tone-ai{background:var(--ai)}span.tone-claimed{background:var(--claimed)}span.tone-signal{background:var(--signal)}span.tone-human,span.tone-good{background:var(--human)}span.tone-unknown{background:var(--unknown)}span.tone-rest{background:var(--rest)}span.tone-bad{background:var(--bad)}
rect.tone-ai{fill:var(--ai)}rect.tone-claimed{fill:var(--claimed)}rect.tone-signal{fill:var(--signal)}rect.tone-human,rect.tone-good{fill:var(--human)}rect.tone-unknown{fill:var(--unknown)}rect.tone-rest{fill:var(--rest)}rect.tone-bad{fill:var(--bad)}
.months text{font:11px system-ui,sans-serif;fill:var(--soft);text-anchor:middle}.months .year{font-weight:600;fill:var(--ink)}.months line{stroke:var(--line)}
.wide{overflow-x:auto}
.cols{display:grid;grid-template-columns:repeat(auto-fit,minmax(400px,1fr));gap:0 34px}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{text-align:left;font-weight:600}
thead th{color:var(--soft);font-weight:500;font-size:12px;border-bottom:1px solid var(--line);padding:4px 10px 4px 0;vertical-align:bottom}
td,tbody th{padding:6px 10px 6px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
tbody tr:last-child>*{border-bottom:0}
.num{text-align:right;white-space:nowrap}
.shares tbody th{min-width:8.5em}.meter{width:24%;vertical-align:middle}.meter svg{width:100%;height:10px}
.deliveries td{white-space:nowrap}.deliveries td:last-child{white-space:normal;width:45%}.deliveries tbody:not(:last-child) tr:last-child>*{border-bottom:1px solid var(--line)}
.deliveries tr:has(+.why)>*{border-bottom:0}.deliveries .why td{white-space:normal;padding-top:0;color:var(--bad);font-size:13px}
.gap{border-left:4px solid var(--low);padding:2px 0 2px 16px;margin:18px 0}
.gap.high{border-color:var(--bad)}.gap.medium{border-color:var(--mid)}
.gap h3{margin:0;display:flex;gap:10px;align-items:baseline}
.gap h3 b{font-size:20px;font-variant-numeric:tabular-nums;color:var(--low)}.gap.high h3 b{color:var(--bad)}.gap.medium h3 b{color:var(--mid)}
.gap table{margin-top:6px;table-layout:fixed}.gap td:nth-child(1){width:118px}.gap td:nth-child(2){width:38%}.gap .id{white-space:nowrap}
details{border-top:1px solid var(--line)}
details:first-of-type{border-top:0}
summary{cursor:pointer;list-style:none;display:grid;grid-template-columns:86px minmax(0,1fr) minmax(0,360px);gap:2px 16px;padding:10px 0;align-items:baseline}
summary::-webkit-details-marker{display:none}
summary .when{color:var(--soft);font-size:13px;font-variant-numeric:tabular-nums}
summary .title{font-weight:550;overflow-wrap:anywhere;padding-left:14px}
summary .title::before{content:"›";display:inline-block;width:14px;margin-left:-14px;color:var(--soft);transition:transform .1s}
details[open] summary .title::before{transform:rotate(90deg)}
.tags{display:flex;flex-wrap:wrap;gap:5px;justify-content:flex-end}
.tag{font-size:11.5px;line-height:1.6;border-radius:20px;padding:0 9px;border:1px solid var(--line);color:var(--soft);white-space:nowrap;max-width:34ch;overflow:hidden;text-overflow:ellipsis}
.tag.ai{background:var(--tint);color:var(--ai);border-color:transparent}.tag.good{color:var(--good);border-color:currentColor}.tag.bad{color:var(--bad);border-color:currentColor}.tag.mid{color:var(--mid);border-color:currentColor}
.answers{display:grid;grid-template-columns:210px 1fr;gap:8px 18px;padding:6px 0 18px 14px;font-size:13.5px}
.answers dt{color:var(--soft)}.answers dd{margin:0;overflow-wrap:anywhere}
.answers dd>div{margin-bottom:3px}
.yes{color:var(--good);font-weight:600}.no{color:var(--bad);font-weight:600}.wait{color:var(--mid);font-weight:600}
.proofs dl{display:grid;grid-template-columns:150px 1fr;gap:4px 18px;margin:10px 0}.proofs dt{color:var(--soft)}.proofs dd{margin:0;overflow-wrap:anywhere}
#check{font-weight:600}
footer{color:var(--soft);font-size:12.5px;padding-bottom:50px}
nav{display:flex;flex-wrap:wrap;gap:6px;margin:18px 0 0;font-size:13px}
nav a{text-decoration:none;border:1px solid var(--line);background:var(--card);border-radius:20px;padding:2px 12px;color:var(--soft)}
nav a:hover{color:var(--ai)}
@media (max-width:640px){.answers,.proofs dl{grid-template-columns:1fr}.cols{grid-template-columns:minmax(0,1fr)}summary{grid-template-columns:minmax(0,1fr)}main,header.top,footer{padding:0 14px}header.top{padding-top:26px}.lead{font-size:16px}.tiles{grid-template-columns:1fr 1fr;gap:10px}.tile{padding:12px 14px}.tile b{font-size:24px}.gap table,.gap tbody,.gap tr,.gap td{display:block;width:auto!important}.gap td{border:0;padding:1px 0}.gap tr{border-bottom:1px solid var(--line);padding:7px 0}.gap tbody tr:last-child{border:0}.deliveries thead{display:none}.deliveries tr{display:flex;flex-wrap:wrap;gap:0 14px}.deliveries td{border:0;padding:1px 0;width:auto!important}.deliveries tbody tr:first-child{padding-top:8px}.deliveries tbody{display:block;border-bottom:1px solid var(--line);padding-bottom:8px}.deliveries tbody:last-child{border:0}.deliveries tbody tr>*{border:0!important}.tags{justify-content:flex-start}h1{font-size:27px}section{padding:18px}}
@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#ccc;--shade:none;color-scheme:light}body{font-size:11px;print-color-adjust:exact;-webkit-print-color-adjust:exact}nav{display:none}section{border:0;padding:8px 0;margin:10px 0}.tile,.gap,figure,summary{break-inside:avoid}main,header.top,footer{max-width:none;padding:0}details>*{display:revert}}
`;
