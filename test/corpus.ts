// Real templates and recorded answers, where they are: beside the repository, or in $TOSCA_CORPUS. Tests that need them skip without.
import { existsSync } from 'node:fs';
import path from 'node:path';

export const corpus = process.env.TOSCA_CORPUS ?? path.join(__dirname, '../../shared/corpus');

export const hasCorpus = existsSync(corpus);

if (!hasCorpus) console.warn(`Tests on real templates are skipped: there is no folder ${corpus} (set TOSCA_CORPUS).`);
