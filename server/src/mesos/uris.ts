// Addresses of files that a task fetches. Sources: marathon RAML Artifact (1 to 1024 characters, a URI); java.net.URI for what is one.
import type { Release } from '../../../protocol/src/plan.ts';
import { type Framework, type Problem, products } from './releases.ts';

export function uriProblem(framework: Framework, release: Release, uri: string): Problem | undefined {
  const why = fault(uri);
  if (why === undefined) return undefined;
  return framework === 'Marathon' && products[release].marathon === '1.5.6'
    ? { severity: 'error', message: `Marathon refuses this address: ${why}` }
    : { severity: 'warning', message: `Nothing can be fetched from this address: ${why}` };
}

function fault(uri: string): string | undefined {
  if (uri === '') return 'it is empty.';
  if (uri.length > 1024) return 'it has more than 1024 characters.';
  const wrong = /[\s<>"{}|\\^`]/.exec(uri)?.[0];
  if (wrong !== undefined) {
    const code = wrong.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
    return `a URI has no ${/\s/.test(wrong) ? 'blanks' : `\`${wrong}\``}; write %${code}.`;
  }
  return /%(?![\dA-Fa-f]{2})/.test(uri) ? '`%` must be followed by two hexadecimal digits.' : undefined;
}
