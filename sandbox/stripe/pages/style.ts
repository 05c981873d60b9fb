export const STYLE = `
:root { color-scheme: light dark; --ink: #1a1f36; --soft: #5b6178; --line: #e3e6ee; --paper: #fff; --ground: #f6f7fb; --main: #4f46e5; --bad: #b42318; --good: #12715b; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceef6; --soft: #a3a9bf; --line: #363b4e; --paper: #1d2130; --ground: #12151f; --main: #7d77f5; --bad: #ff8a7d; --good: #5cc9ab; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
.banner { margin: 0; padding: .5rem 1rem; background: #ffd84d; color: #3d3000; text-align: center; font-size: .9rem; }
.banner strong { letter-spacing: .1em; margin-right: .5rem; }
main { max-width: 58rem; margin: 0 auto; padding: 2.5rem 1.25rem; }
.checkout { display: grid; gap: 2.5rem; grid-template-columns: 1fr 1fr; align-items: start; }
@media (max-width: 44rem) { .checkout { grid-template-columns: 1fr; gap: 1.5rem; } main { padding-top: 1.5rem; } }
h1 { font-size: 1.1rem; font-weight: 500; color: var(--soft); margin: 0; }
h2 { font-size: 1.05rem; margin: 1.25rem 0 .75rem; }
section > h2:first-child { margin-top: 0; }
.total { font-size: 2.4rem; font-weight: 650; margin: .25rem 0 1.5rem; font-variant-numeric: tabular-nums; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: 1.5rem; margin-bottom: 1.5rem; }
dl { display: grid; grid-template-columns: 1fr auto; gap: .6rem 0; margin: 0; }
dd { margin: 0; padding-left: 1rem; text-align: right; font-variant-numeric: tabular-nums; }
.sum { border-top: 1px solid var(--line); padding-top: .6rem; font-weight: 600; }
.soft { color: var(--soft); font-size: .875rem; }
form { margin: 0 0 .6rem; }
button { width: 100%; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); color: var(--ink); font: inherit; text-align: left; cursor: pointer; }
button:hover { border-color: var(--main); }
button:focus-visible, a:focus-visible, input:focus-visible { outline: 3px solid var(--main); outline-offset: 2px; }
button small { display: block; color: var(--soft); font-size: .82rem; }
button.main { background: var(--main); border-color: var(--main); color: #fff; text-align: center; font-weight: 600; padding: .9rem; }
@media (prefers-color-scheme: dark) { button.main { color: #12151f; } }
a { color: var(--main); }
.alert { border: 1px solid var(--bad); color: var(--bad); border-radius: 8px; padding: .75rem 1rem; margin: 0 0 1rem; }
.wide { max-width: 80rem; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; }
th, td { text-align: left; padding: .5rem .6rem; border-top: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 500; border-top: 0; }
td form { display: inline-block; margin: 0 .25rem .25rem 0; }
td button, .inline button { width: auto; padding: .25rem .6rem; font-size: .82rem; }
.scroll { overflow-x: auto; }
textarea { width: 100%; padding: .75rem; border: 1px solid var(--line); border-radius: 8px; background: var(--ground); color: var(--ink); font: .82rem/1.5 ui-monospace, monospace; }
code { font-size: .82rem; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); }
.inline { display: flex; flex-wrap: wrap; gap: .5rem; }
`;
