/** Colours, type and the first screen. System fonts: nothing is fetched. */
export const baseStyle = `
:root { color-scheme: light dark;
  --bg: #f7f7f4; --panel: #ffffff; --ink: #1c2126; --muted: #5b646e; --line: #e2e3de; --soft: #f1f1ed;
  --accent: #1f5f8b; --held: #17734a; --held-soft: #e3f2ea; --broken: #bd2130; --broken-soft: #fce9ea;
  --known: #6a45b5; --known-soft: #efe9fb; --unsure: #8d5500; --unsure-soft: #fcf0dc;
  --writes: #2466ab; --reads: #0a6f68; --stale: #8a8f96; --leader: #d9a520;
  --shade: rgba(200, 120, 40, .13); --shadow: 0 1px 2px rgba(20, 25, 30, .06); }
@media screen and (prefers-color-scheme: dark) { :root {
  --bg: #131619; --panel: #1b1f23; --ink: #e7e9eb; --muted: #9ba5af; --line: #2e343a; --soft: #23282d;
  --accent: #7db8e4; --held: #5cc88f; --held-soft: #17322640; --broken: #ff8087; --broken-soft: #4a1d2260;
  --known: #bba2f5; --known-soft: #33285460; --unsure: #eeb45e; --unsure-soft: #43310f60;
  --writes: #6cabf0; --reads: #45c4b8; --stale: #7c858e; --leader: #e0b23c;
  --shade: rgba(240, 170, 90, .14); --shadow: none; } }
* { box-sizing: border-box; } [hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 16px; }
body { margin: 0; background: var(--bg); color: var(--ink); overflow-wrap: anywhere;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
main, .top { max-width: 1160px; margin: 0 auto; padding: 0 24px; }
main { padding-bottom: 64px; }
.top { display: flex; gap: 8px 16px; flex-wrap: wrap; align-items: baseline; padding: 18px 24px; color: var(--muted); font-size: 14px; }
.top b { color: var(--ink); letter-spacing: .01em; font-size: 15px; }
h1, h2, h3 { line-height: 1.2; margin: 0; font-weight: 650; letter-spacing: -.01em; }
h2 { font-size: 21px; margin-bottom: 14px; }
h3, .scenario h2 { font-size: 16px; margin: 30px 0 10px; }
p { margin: 0 0 8px; }
a { color: var(--accent); text-underline-offset: 2px; text-decoration-thickness: 1px; }
code { font: .88em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
small { font-size: 13px; color: var(--muted); }
a, b, bdi, code, i, small, span, dd, li, summary, td, th { unicode-bidi: isolate; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
h1:focus { outline: none; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 12px; top: 8px; background: var(--panel); padding: 6px 12px; z-index: 9; }
.icons { position: absolute; }
.icon { width: 1em; height: 1em; flex: none; }
section { margin-top: 36px; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 12px; padding: 22px 24px; box-shadow: var(--shadow); }
.note { color: var(--muted); font-size: 13.5px; margin-top: 8px; }
.is-held { --tone: var(--held); --tone-soft: var(--held-soft); }
.is-broken { --tone: var(--broken); --tone-soft: var(--broken-soft); }
.is-known-issue { --tone: var(--known); --tone-soft: var(--known-soft); }
.is-inconclusive { --tone: var(--unsure); --tone-soft: var(--unsure-soft); }
.is-not-run, .is-not-applicable { --tone: var(--muted); --tone-soft: var(--soft); }
.hero { background: var(--panel); border: 1px solid var(--line); border-radius: 14px; border-top: 5px solid var(--tone);
  padding: 30px 32px 26px; box-shadow: var(--shadow); }
.hero-verdict { display: flex; gap: 22px; align-items: flex-start; }
.hero-mark { width: 60px; height: 60px; border-radius: 50%; background: var(--tone-soft); color: var(--tone); display: grid; place-items: center; font-size: 34px; flex: none; }
.hero h1 { font-size: 40px; color: var(--tone); letter-spacing: -.025em; }
.hero-sentence { font-size: 18px; max-width: 60ch; margin: 4px 0 10px; }
.losses { margin: 0 0 10px; padding-left: 18px; max-width: 75ch; }
.proportions { list-style: none; display: flex; flex-wrap: wrap; gap: 6px 3px; margin: 20px 0 0; padding: 0; }
.proportions li { flex: 1 1 auto; border-top: 6px solid var(--tone); border-radius: 2px; padding-top: 7px; font-size: 13.5px; }
.proportions span { display: inline-flex; gap: 5px; align-items: center; color: var(--tone); font-weight: 600; padding-right: 10px; white-space: nowrap; }
.proportions .is-not-run, .proportions .is-not-applicable { border-top-style: dotted; }
.figures { display: flex; flex-wrap: wrap; gap: 18px 40px; margin: 24px 0 0; }
.figures div { min-width: 90px; }
.figures dt { color: var(--muted); font-size: 13px; }
.figures dd { margin: 0; font-size: 22px; font-weight: 600; letter-spacing: -.015em; font-variant-numeric: tabular-nums; }
.figures .is-grave dd { color: var(--broken); }
.button, .reset, .copy { font: inherit; font-size: 14px; font-weight: 550; color: var(--ink); background: var(--panel); border: 1px solid var(--line);
  border-radius: 8px; padding: 6px 13px; cursor: pointer; text-decoration: none; display: inline-block; }
.button:hover, .copy:hover, .reset:hover { border-color: var(--muted); }
.columns { display: grid; grid-template-columns: 3fr 2fr; gap: 20px; margin-top: 20px; }
.columns section { margin: 0; min-width: 0; }
.facts { margin: 0; display: grid; gap: 7px; }
.facts div { display: grid; grid-template-columns: 84px 1fr; gap: 12px; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; min-width: 0; }
.command { display: flex; gap: 10px; align-items: center; background: var(--soft); border-radius: 8px; padding: 8px 8px 8px 14px; }
.command code { flex: 1; min-width: 0; }
.command .copy { padding: 4px 10px; font-size: 13px; flex: none; }
html:not(.js) .copy, html:not(.js) .filters, html:not(.js) .jump { display: none; }
.gaps { margin: 0; padding: 0; list-style: none; display: grid; gap: 12px; }
.gaps li { border-left: 3px dotted var(--muted); padding-left: 12px; }
.gaps b { display: block; font-weight: 600; }
.gaps span { color: var(--muted); font-size: 14px; }
.gaps summary b { display: inline; margin-right: 4px; }
.gaps details ul { margin: 8px 0 4px; padding-left: 18px; font-size: 14px; }
.badge { display: inline-flex; align-items: center; gap: 5px; color: var(--tone); background: var(--tone-soft); border-radius: 999px; padding: 2px 10px 2px 8px;
  font-size: 13px; font-weight: 600; white-space: nowrap; }
.badge.is-not-run, .chip.is-not-run { outline: 1px dashed var(--line); }
`
