/** The table of scenarios; on a phone each row becomes a card. */
export const tableStyle = `
.filters { display: flex; flex-wrap: wrap; gap: 10px 18px; align-items: center; margin: 0 0 12px; font-size: 14px; color: var(--muted); }
.chips { display: flex; flex-wrap: wrap; gap: 6px; flex-basis: 100%; }
.chip { font: inherit; font-weight: 550; display: inline-flex; gap: 5px; align-items: center; color: var(--tone); background: transparent; border: 1px solid var(--line);
  border-radius: 999px; padding: 3px 11px 3px 9px; cursor: pointer; }
.chip[aria-pressed=true] { background: var(--tone-soft); border-color: var(--tone); box-shadow: inset 0 0 0 1px var(--tone); }
.filters select, .filters input { font: inherit; color: var(--ink); background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 4px 9px; max-width: 170px; }
.shown { margin-left: auto; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.scenarios { background: var(--panel); border: 1px solid var(--line); border-radius: 12px; border-collapse: separate; border-spacing: 0; box-shadow: var(--shadow); }
.scenarios thead th { font-size: 12.5px; font-weight: 500; color: var(--muted); padding: 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
.scenarios tbody td, .scenarios tbody th { padding: 12px 10px; vertical-align: top; border-bottom: 1px solid var(--line); font-weight: 400; }
.scenarios tbody tr:last-child > * { border-bottom: 0; }
.scenarios tbody tr:hover > * { background: color-mix(in srgb, var(--soft) 60%, transparent); }
.scenarios tr > :first-child { padding-left: 18px; }
.scenarios tr > :last-child { padding-right: 18px; }
.scenarios tbody th { min-width: 260px; }
.scenarios tbody th a { font-weight: 600; color: var(--ink); text-decoration-color: var(--line); }
.scenarios tbody th a:hover { color: var(--accent); }
.scenarios tbody th small { display: block; margin-top: 2px; } .scenarios .why { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.scenarios .is-grave { color: var(--broken); font-weight: 700; }
.outage small { display: block; font-size: 12px; }
.meter { display: block; height: 4px; border-radius: 2px; background: var(--line); margin: 3px 0 1px; min-width: 64px; overflow: hidden; }
.meter i { display: block; height: 100%; background: var(--held); }
.meter.is-missed i { background: repeating-linear-gradient(45deg, var(--broken) 0 3px, transparent 3px 5px); }
.none { padding: 20px; text-align: center; color: var(--muted); }
.plain { font-size: 14px; }
.plain th, .plain td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); font-weight: 400; white-space: nowrap; }
.plain thead th { color: var(--muted); font-size: 12.5px; }
.scroll { overflow-x: auto; }
@media screen and (max-width: 960px) { .columns { grid-template-columns: 1fr; } }
@media screen and (max-width: 820px) {
  main, .top { padding-left: 14px; padding-right: 14px; }
  .hero { padding: 22px 18px; } .hero-verdict { gap: 14px; } .hero-mark { width: 46px; height: 46px; font-size: 26px; }
  .hero h1 { font-size: 30px; } .hero-sentence { font-size: 16px; }
  .proportions { flex-wrap: wrap; gap: 6px 3px; }
  .figures { gap: 14px 28px; } .panel { padding: 18px; }
  .shown { margin-left: 0; }
  .scenarios, .scenarios tbody { display: block; } .scenarios thead { display: block; position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .scenarios td.is-empty { display: none !important; }
  .scenarios tbody tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(92px, 1fr)); gap: 8px 14px; padding: 14px 16px; border-bottom: 1px solid var(--line); }
  .scenarios tbody tr[hidden] { display: none; }
  .scenarios tbody tr:last-child { border-bottom: 0; }
  .scenarios tbody td, .scenarios tbody th { display: block; padding: 0 !important; border: 0; text-align: left; min-width: 0; }
  .scenarios .outcome, .scenarios tbody th { grid-column: 1 / -1; }
  .scenarios td[data-label]::before { content: attr(data-label); display: block; font-size: 12px; color: var(--muted); font-weight: 400; }
  .meter { max-width: 90px; }
}
`
