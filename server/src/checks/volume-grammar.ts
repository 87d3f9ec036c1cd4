// A volume that is none of the forms that the Orchestrator knows.
import { volumeRule } from './volume-rule.ts';

export const volumeGrammar = volumeRule('volume-grammar', 'error');
