// Comments that speak to this program: `# tosca-release: indigo_2` before the first key of a file, `# tosca-ignore: CODE` beside a finding.
import type { Release } from '../../../protocol/src/plan.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { releases } from '../workspace/settings.ts';

/** The release that a file says it is for. */
export function releaseOf({ text }: SyntaxDocument): Release | undefined {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end === -1 ? undefined : end).trim();
    if (line !== '' && !line.startsWith('#') && !line.startsWith('---')) return undefined;
    const written = /^#\s*tosca-release:\s*(\S+)$/.exec(line)?.[1];
    if (written !== undefined) return releases.find(release => release === written);
    if (end === -1) return undefined;
    start = end + 1;
  }
  return undefined;
}

/** Whether a comment on the line of an offset, or alone on the line above, silences a rule there. */
export function isIgnored({ text }: SyntaxDocument, offset: number, code: string): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  const line = text.slice(start, end === -1 ? undefined : end);
  const above = text.slice(text.lastIndexOf('\n', start - 2) + 1, Math.max(0, start - 1));
  return ignores(line, code) || (/^\s*#/.test(above) && ignores(above, code));
}

function ignores(line: string, code: string): boolean {
  const codes = /(?:^|\s)#\s*tosca-ignore:\s*([\w-]+(?:\s*,\s*[\w-]+)*)/.exec(line)?.[1];
  return codes?.split(',').some(each => each.trim() === code) ?? false;
}
