// Whole templates that are right, or as real authors left them: the project's own for the standard, and those of the corpus where that is there.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { corpus, hasCorpus } from '../corpus.ts';
import { filesIn } from './fixtures.ts';

/** Nothing is wrong in them. */
export const standardTemplates: readonly string[] = filesIn('standard');

export const wholeTemplates: readonly string[] = [
  ...standardTemplates,
  ...(hasCorpus ? ['examples', 'templates'] : []).flatMap(folder =>
    readdirSync(path.join(corpus, 'indigo', folder))
      .sort()
      .map(file => path.join(corpus, 'indigo', folder, file)),
  ),
];
