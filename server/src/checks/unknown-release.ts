// A comment `# tosca-release: NAME` that names no release.

import { products } from '../mesos/releases.ts';
import { releaseComment } from '../template/pragmas.ts';
import { releases } from '../workspace/settings.ts';
import { change } from './fix.ts';
import { nearest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownRelease: Rule = {
  code: 'unknown-release',
  severity: 'warning',
  of: 'file',
  check({ file }, report) {
    const comment = file && releaseComment(file);
    if (comment === undefined || releases.some(each => each === comment.written)) return;
    const section = file?.sections.find(
      ({ place, text }) => place.offset <= comment.offset && comment.offset < place.offset + text.length,
    );
    if (section === undefined) return;
    const start = comment.offset - section.place.offset;
    const at = { section, start, end: start + comment.written.length };
    const meant = nearest(comment.written, releases, 4);
    const known = releases.map(
      each => `${each} (Marathon ${products[each].marathon}, Chronos ${products[each].chronos})`,
    );
    report({
      at,
      message: `There is no release "${comment.written}": write ${known.join(', ')}.`,
      fixes: (meant === undefined ? releases : [meant]).map(each => change(at, each)),
    });
  },
};
