// An external volume whose name is too long beside the deployment's id.
import { volumeRule } from './volume-rule.ts';

export const volumeName = volumeRule('volume-name', 'error');
