// A relative path in the container, often a name in the wrong place.
import { volumeRule } from './volume-rule.ts';

export const volumePath = volumeRule('volume-path', 'warning');
