// Which releases have what: asked wherever an answer depends on it.
import type { MesosVersion } from '../release.ts';

/** Whether a release is at least another. */
export const since = (version: MesosVersion, first: '1.0' | '1.1' | '1.2' | '1.3' | '1.4' | '1.5'): boolean =>
  version === '1.5.0' || (version === '1.1.0' && (first === '1.0' || first === '1.1'));
