// The page's one document: sections, a style for light, dark and narrow screens, and a script that puts in what has changed. It asks
// nothing of anybody but its own server, and is whole without the script.
import { createHash } from 'node:crypto';
import { type Sections, sectionNames } from './sections.ts';

const style = `
:root { color-scheme: light dark; --line: light-dark(#d5d9de, #3a3f46); --quiet: light-dark(#57606a, #9aa4af); --card: light-dark(#fff, #1b1f24);
  --good: light-dark(#1a7f37, #4ac26b); --bad: light-dark(#b3261e, #ff8a80); --busy: light-dark(#8a5a00, #e3b341); --link: light-dark(#0b57d0, #8ab4f8); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem 1.25rem 3rem; font: 15px/1.5 system-ui, sans-serif;
  background: light-dark(#f6f7f9, #121519); color: light-dark(#1f2328, #e6e8eb); }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1rem; }
h1 { font-size: 1.5rem; margin: .25rem 0; }
h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
#live, .count, .none, .note, dt, thead { color: var(--quiet); }
.count { font-weight: normal; }
.note { font-size: .87rem; overflow-wrap: anywhere; }
.addresses { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .5rem 1rem; margin: 0; }
dt { font-size: .87rem; }
dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
th, td { padding: .45rem .75rem; text-align: left; vertical-align: top; font-weight: normal; border-top: 1px solid var(--line); }
thead th { border-top: 0; font-size: .87rem; }
tbody th { font-weight: 600; overflow-wrap: anywhere; }
.id { font: .87rem/1.6 ui-monospace, monospace; overflow-wrap: anywhere; }
.state { white-space: nowrap; }
.state::before { content: "●"; margin-right: .4em; font-size: .8em; }
.good::before { color: var(--good); } .bad::before { color: var(--bad); } .busy::before { color: var(--busy); } .idle::before { color: var(--quiet); }
.bad { color: var(--bad); font-weight: 600; }
meter { width: 4.5rem; height: .8rem; vertical-align: middle; }
@media (max-width: 46rem) {
  body { padding: .75rem .75rem 2rem; }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table, tbody, tr, th, td { display: block; }
  tr { padding: .5rem 0; border-top: 1px solid var(--line); }
  tr:first-child { border-top: 0; }
  tbody th, td { border: 0; padding: .15rem .75rem; }
  td { display: grid; grid-template-columns: 6.5rem 1fr; }
  td::before { content: attr(data-label); color: var(--quiet); font-size: .87rem; }
}
`;

/** Puts changed sections in place; what had the focus has it again. */
const script = `
const live = document.getElementById('live');
const source = new EventSource(document.body.dataset.up + 'local/events');
source.onopen = () => { live.textContent = 'Live'; };
source.onerror = () => { live.textContent = 'The cluster does not answer: what is shown is what it was.'; };
source.onmessage = ({ data }) => {
  for (const [name, html] of Object.entries(JSON.parse(data))) {
    const section = document.getElementById(name);
    const focused = section.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
    section.innerHTML = html;
    if (focused !== null) [...section.querySelectorAll('a')].find(link => link.getAttribute('href') === focused)?.focus({ preventScroll: true });
  }
};
`;

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export const documentHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src ${hash(style)}`,
    `script-src ${hash(script)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/** `up` leads from the page's address to the root of its server. */
export const documentOf = (sections: Sections, up: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Local Mesos cluster</title>
<link rel="icon" href="data:,">
<style>${style}</style>
<noscript><meta http-equiv="refresh" content="5"></noscript>
</head>
<body data-up="${up}">
<header><h1>Local Mesos cluster</h1><span id="live" role="status"></span></header>
<main>
${sectionNames.map(name => `<section id="${name}">${sections[name]}</section>`).join('\n')}
</main>
<script>${script}</script>
</body>
</html>
`;
