// Label selectors of GET /v2/apps: `name`, `name == value`, `name != value`, `name in (a, b)`, `name notin (a, b)`, joined by commas.
import type { App } from './app.ts';

export type Selector = (app: App) => boolean;

const term = String.raw`(?:[-A-Za-z0-9_.]|\\.)+`;
const set = String.raw`\(\s*${term}(?:\s*,\s*${term})*\s*\)`;
const one = new RegExp(
  String.raw`^\s*(?<name>${term})(?:\s*(?<equal>==|!=)\s*(?<value>${term})|\s+(?<within>in|notin)\s*(?<set>${set}))?\s*(?:,|$)`,
);
const unquote = (text: string): string => text.replace(/\\(.)/g, '$1');

/** The selector, or why it cannot be read. */
export function parseSelector(text: string): Selector | string {
  const tests: Selector[] = [];
  let rest = text;
  while (rest.trim() !== '' || tests.length === 0) {
    const found = one.exec(rest);
    if (found?.groups === undefined)
      return `Can not parse label selector ${text}. Reason: expected a selector but "${rest}" found`;
    const { name = '', equal, value = '', within, set: among = '' } = found.groups;
    const key = unquote(name);
    const values = new Set(
      equal === undefined
        ? [...among.matchAll(new RegExp(term, 'g'))].map(([each]) => unquote(each))
        : [unquote(value)],
    );
    const negated = equal === '!=' || within === 'notin';
    tests.push(({ labels }) => {
      const label = labels[key];
      if (label === undefined) return false;
      return (equal === undefined && within === undefined) || values.has(label) !== negated;
    });
    rest = rest.slice(found[0].length);
    if (found[0].trimEnd().endsWith(',') && rest.trim() === '')
      return `Can not parse label selector ${text}. Reason: a selector is missing after ","`;
  }
  return app => tests.every(test => test(app));
}
