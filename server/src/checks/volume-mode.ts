// A volume that is neither to read nor to write.
import { volumeRule } from './volume-rule.ts';

export const volumeMode = volumeRule('volume-mode', 'error');
