/** A scenario's page: lanes, charts, picture, logs; and paper. */
export const scenarioStyle = `
.scenario { margin-top: 8px; background: var(--panel); border: 1px solid var(--line); border-radius: 14px; padding: 24px 32px 32px; box-shadow: var(--shadow); }
.js .scenario { display: none; } .js .scenario.shown { display: block; } .js.one .overview { display: none; }
.crumbs { display: flex; flex-wrap: wrap; gap: 4px 16px; justify-content: space-between; font-size: 14px; color: var(--muted); margin-bottom: 20px; }
.scenario-head h1 { font-size: 28px; margin: 10px 0 8px; letter-spacing: -.02em; max-width: 34ch; }
.reason { color: var(--muted); max-width: 80ch; }
.verdicts { list-style: none; margin: 0; padding: 0; display: grid; gap: 10px; }
.verdicts li { display: grid; grid-template-columns: 104px 1fr; gap: 8px; align-items: start; }
.verdicts .badge { justify-self: start; padding-left: 10px; }
.verdicts small { margin-left: 8px; } .verdicts p { margin: 2px 0; max-width: 90ch; }
.checkers { list-style: none; margin: 0 0 10px; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(330px, 100%), 1fr)); gap: 6px 18px; font-size: 14px; } .checkers .badge { padding-left: 10px; margin-right: 4px; }
.objectives .badge { padding-left: 10px; } .plain .why-bound { white-space: normal; min-width: 220px; color: var(--muted); }
.further { margin-top: 16px; } .further dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(250px, 1fr)); gap: 4px 28px; margin: 8px 0 0; font-size: 14px; }
.further div { display: flex; justify-content: space-between; gap: 12px; border-bottom: 1px solid var(--line); } .further dt { color: var(--muted); } .further dd { margin: 0; font-variant-numeric: tabular-nums; }
.lanes { --gutter: 76px; padding-right: 12px; }
.lane { display: grid; grid-template-columns: var(--gutter) minmax(0, 1fr); align-items: center; }
.lane-name { font-size: 13px; padding-right: 10px; text-align: right; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.track { position: relative; height: 26px; overflow: hidden; }
.zoomed { position: absolute; top: 0; bottom: 0; left: var(--zoom-left, 0%); width: var(--zoom-width, 100%); }
.zoomed > span { position: absolute; top: 0; bottom: 0; }
.zoomed b { font-weight: 550; font-size: 12px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; display: block; }
.shade { background: var(--shade); }
.tick { width: 0; border-left: 2px dashed var(--leader); }
.member-lane { margin-top: 6px; } .member-lane .track { height: 32px; } .member-lane .lane-name { padding-top: 10px; } .member-lane .lane-name { font-weight: 600; }
.zoomed > .state { top: 11px; bottom: 1px; border-radius: 4px; padding: 0 6px; line-height: 18px; border: 1px solid transparent; }
.state b { color: var(--ink); }
.state.is-up { background: color-mix(in srgb, var(--held) 26%, var(--panel)); }
.state.is-down { background: repeating-linear-gradient(135deg, var(--line) 0 2px, var(--panel) 2px 7px); border-color: var(--muted); }
.state.is-paused { background: repeating-linear-gradient(90deg, color-mix(in srgb, var(--unsure) 35%, var(--panel)) 0 4px, var(--panel) 4px 8px); border-color: var(--unsure); }
.state.is-isolated { background: color-mix(in srgb, var(--known) 20%, var(--panel)); border: 1.5px dashed var(--known); }
.state.is-degraded { background: color-mix(in srgb, var(--unsure) 18%, var(--panel)); border: 1px dotted var(--unsure); }
.state.is-down b, .state.is-paused b, .state.is-isolated b { background: var(--panel); width: fit-content; max-width: 100%; padding: 0 5px; border-radius: 3px; line-height: 14px; margin-top: 1px; }
.zoomed > .led { top: 1px; height: 10px; bottom: auto; background: var(--leader); border-radius: 3px 3px 0 0; }
.led b { color: #2a2000; font-size: 9px; line-height: 10px; padding: 0 5px; letter-spacing: .02em; }
.client-lane .track { height: 7px; } .client-lane .lane-name { font-size: 11px; line-height: 10px; color: var(--muted); }
.client.is-served { background: color-mix(in srgb, var(--held) 55%, transparent); top: 2px; bottom: 2px; }
.client.is-some { background: var(--unsure); }
.client.is-none { background: var(--broken); }
.fault-lane .lane-name, .outage-lane .lane-name { color: var(--muted); }
.fault-bar { background: color-mix(in srgb, var(--unsure) 26%, var(--panel)); border-left: 2px solid var(--unsure); border-right: 2px solid var(--unsure); }
.fault-bar b { padding: 0 6px; line-height: 26px; }
.outage-lane { margin-top: 6px; } .zoomed > .outage-bar { top: 8px; bottom: 8px; border: 2px solid var(--tone); border-top: 0; background: color-mix(in srgb, var(--tone) 18%, transparent); }
.outage-bar.is-writes { --tone: var(--writes); } .outage-bar.is-reads { --tone: var(--reads); }
.zoomed .outage-bar b { position: absolute; left: calc(100% + 8px); top: -6px; color: var(--tone); font-weight: 650; font-size: 13px; overflow: visible; }
.zoomed .outage-bar b.inside { left: 8px; top: -9px; background: var(--panel); padding: 0 6px; border-radius: 3px; }
.zoomed .outage-bar b.before { left: auto; right: calc(100% + 8px); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 0 0 0 76px; margin: 12px 0 6px; font-size: 12.5px; color: var(--muted); }
.legend li { display: inline-flex; align-items: center; gap: 6px; }
.legend i { display: inline-block; width: 18px; height: 10px; border-radius: 2px; }
.legend .led { background: var(--leader); } .legend .tick { width: 0; height: 12px; }
.legend .state { border: 1px solid transparent; } .legend .client { height: 6px; }
.legend .state.is-down { border-color: var(--muted); } .legend .state.is-paused { border-color: var(--unsure); } .legend .state.is-isolated { border-color: var(--known); }
.throughput .rate small { display: block; font-size: 12px; } .throughput .is-grave { color: var(--broken); font-weight: 700; }
.faults th small { display: block; } .faults td, .faults tbody th { vertical-align: top; } .faults td:nth-child(n+4) { white-space: normal; min-width: 180px; max-width: 46ch; } .faults ul { list-style: none; margin: 0; padding: 0; } .faults .is-grave { color: var(--broken); font-weight: 700; }
.throughput th small { display: block; }
.line-chart { margin: 18px 0; } .line-chart figcaption { font-weight: 650; } .line-chart svg { width: 100%; max-width: 860px; height: auto; display: block; }
.line-chart polyline { fill: none; stroke: var(--tone); stroke-width: 2; } .line-chart .grid { stroke: var(--line); }
.line-chart text { fill: var(--muted); font-size: 11px; } .line-chart .row { text-anchor: end; dominant-baseline: middle; } .line-chart .tick-label { text-anchor: middle; }
.line-chart ul { list-style: none; padding: 0 0 0 70px; margin: 6px 0; font-size: 12.5px; color: var(--muted); } .line-chart li i { display: inline-block; width: 14px; height: 3px; margin-right: 8px; vertical-align: middle; background: var(--tone); }
.tone-0 { --tone: #2f6fdb; } .tone-1 { --tone: #d9642b; } .tone-2 { --tone: #2e9e5b; } .tone-3 { --tone: #a64ac9; } .tone-4 { --tone: #b8901a; } .tone-5 { --tone: #1b98a8; } .tone-6 { --tone: #d13f76; } .tone-7 { --tone: #7a7f8c; }
.cautions { font-size: 14px; padding-left: 20px; max-width: 100ch; }
.charts { margin-top: 12px; min-height: 470px; } .plot { height: 170px; } .plot[data-plot=rate] { height: 140px; }
.plot .u-legend { display: none; } .plot .u-select { background: color-mix(in srgb, var(--accent) 18%, transparent); }
.uplot, .uplot *, .uplot *::before, .uplot *::after { box-sizing: border-box; font-family: inherit; }
.chart-note { padding-left: 76px; }
.marks { display: block; margin-bottom: 4px; color: var(--ink); } .marks i { display: inline-block; margin: 0 2px 0 8px; }
.marks .dot { width: 7px; height: 7px; vertical-align: 1px; }
.marks .is-writes { background: var(--writes); margin-left: 0; } .marks .is-reads { background: var(--reads); } .marks .is-stale { background: var(--stale); }
.marks .cross::before { content: "×"; color: var(--broken); font-weight: 700; font-style: normal; }
.marks .triangle { width: 0; height: 0; border: 4.5px solid transparent; border-top: 0; border-bottom: 8px solid var(--unsure); vertical-align: 0; }
.picture { margin: 22px 0 0; border: 1px solid color-mix(in srgb, var(--broken) 45%, var(--line)); border-radius: 12px; padding: 18px 18px 12px; }
.picture figcaption { max-width: none; font-size: 14px; color: var(--muted); } .picture figcaption b { color: var(--ink); margin-right: 6px; } .jump { margin-left: 8px; padding: 2px 10px; }
.picture-scroll { overflow-x: auto; margin: 14px 0 8px; padding: 4px 0 12px; }
.picture-grid { display: grid; grid-template-columns: auto repeat(var(--columns), minmax(22px, auto)); width: max-content; min-width: 100%; align-items: center; padding-right: 12px; }
.picture-line { grid-column: 1 / -1; border-top: 1px dotted var(--line); height: 54px; }
.picture-process { grid-column: 1; position: sticky; left: 0; background: var(--panel); z-index: 2; font-size: 12.5px; color: var(--muted); padding: 14px 14px 14px 0; min-width: 90px; max-width: 150px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar.is-culprit { scroll-initial-target: nearest; }
.bar { height: 42px; margin: 0 1px; border-radius: 6px; border: 1.5px solid var(--accent); background: color-mix(in srgb, var(--accent) 14%, var(--panel)); padding: 2px 9px; font-size: 12.5px; line-height: 17px; display: flex; gap: 7px; align-items: center; }
.bar-text { min-width: 0; position: sticky; left: 92px; } .bar b, .bar .result { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 240px; } .bar b { font-weight: 650; }
.bar.is-fail { border-color: var(--muted); border-style: dashed; background: var(--soft); }
.picture-tick { font-size: 11.5px; color: var(--muted); font-variant-numeric: tabular-nums; white-space: nowrap; padding: 0 8px 0 2px; border-left: 1px solid var(--line); }
.bar.is-must { border-color: var(--held); background: color-mix(in srgb, var(--held) 16%, var(--panel)); }
.bar.is-gone { border: 1.5px dashed var(--muted); background: repeating-linear-gradient(135deg, var(--line) 0 2px, var(--panel) 2px 8px); } .bar.is-gone .bar-text { background: var(--panel); padding: 0 4px; border-radius: 3px; }
.bar.is-lost { border-color: var(--broken); background: color-mix(in srgb, var(--broken) 10%, var(--panel)); }
.bar.is-held { border-color: var(--held); background: color-mix(in srgb, var(--held) 12%, var(--panel)); }
.bar.is-info { border-color: var(--unsure); border-right: 1.5px dashed var(--unsure); background: linear-gradient(90deg, color-mix(in srgb, var(--unsure) 22%, var(--panel)), var(--panel)); }
.bar.is-culprit { border: 2.5px solid var(--broken); background: color-mix(in srgb, var(--broken) 16%, var(--panel)); box-shadow: 0 0 0 4px color-mix(in srgb, var(--broken) 18%, transparent); }
.place { flex: none; min-width: 18px; height: 18px; border-radius: 9px; background: var(--accent); color: var(--panel); font-size: 11px; font-weight: 700; display: grid; place-items: center; }
.picture-list { font-size: 14px; } .raw-lines { font-size: 12.5px; padding-left: 5ch; } .raw-lines code { white-space: pre-wrap; } .picture tr.is-culprit { background: var(--broken-soft); } .picture .observed { white-space: normal; min-width: 220px; } .picture-list .is-culprit { color: var(--broken); font-weight: 600; }
summary { cursor: pointer; font-size: 14px; padding: 4px 0; }
.log { border-top: 1px solid var(--line); } .log table { font: 12px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.log td { padding: 1px 12px 1px 0; vertical-align: top; } .log td:first-child { text-align: right; color: var(--muted); } .log td:first-child, .log td:nth-child(2) { white-space: nowrap; width: 1px; }
@media screen { .log .scroll { max-height: 380px; overflow: auto; } }
.log td:last-child { min-width: 320px; }
.log .is-warn td { color: var(--unsure); } .log .is-error td { color: var(--broken); font-weight: 600; }
@media screen and (max-width: 820px) {
  .picture-process { min-width: 50px; max-width: 84px; } .bar-text { left: 62px; }
  .scenario { padding: 18px 14px 24px; } .scenario-head h1 { font-size: 22px; }
  .lanes { --gutter: 52px; padding-right: 6px; } .legend, .chart-note { padding-left: 0; } .lane-name { padding-right: 6px; }
  .verdicts li { grid-template-columns: 1fr; gap: 2px; } .outage-bar .is-brief { display: none; }
}
@media print {
  :root { --bg: #fff; --panel: #fff; } body { font-size: 11pt; } @page { margin: 14mm; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .filters, .copy, .jump, .crumbs a, .only-screen, .skip, .hero .button { display: none !important; }
  main, .top { max-width: none; padding: 0; } .hero, .panel, .scenario, .scenarios { box-shadow: none; }
  .js.printing-all .scenario { display: block; break-before: page; border: 0; padding: 0; }
  .scenarios { font-size: 8.5pt; table-layout: fixed; } .scenarios thead th { width: 44pt; font-size: 8pt; } .scenarios thead th:first-child { width: 104pt; } .scenarios thead th:nth-child(2) { width: auto; } .meter { min-width: 0; } .scenarios .badge { font-size: 8pt; padding: 1px 6px; } .scenarios small { font-size: 7.5pt; } .scenarios tbody th { min-width: 0; } .scenarios tbody td, .scenarios tbody th, .scenarios thead th { padding: 6px 5px; }
  .columns { grid-template-columns: 1fr 1fr; } .hero-sentence { font-size: 12pt; }
  tr, .lanes, .charts, .picture, .panel, li { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .picture-scroll { overflow: visible; } .picture-grid { width: 100%; min-width: 0; grid-template-columns: minmax(40px, max-content) repeat(var(--columns), minmax(0, auto)); } .bar { height: auto; min-height: 30px; padding: 1px 3px; font-size: 7.5pt; line-height: 1.2; overflow: hidden; } .bar b, .bar .result { white-space: normal; overflow-wrap: anywhere; } .picture-process { min-width: 0; padding: 4px 6px 4px 0; font-size: 8pt; } .bar-text { position: static; } .picture-tick { font-size: 6.5pt; padding: 0 2px; overflow: hidden; } .log[open] .scroll { overflow: visible; }
}
`
