// Where the normative types of a version are found among the bundled files; what is in them is data, in schemas/.
import type { Version } from '../grammar/versions.ts';

/**
 * The folders that make up a version's types, the nearest first. From 1.1 on no version drops a type, so each folder
 * holds only what its version adds or changes, and the nearest declaration counts. 1.0 stands by itself: its types
 * are those of INDIGO's production parser.
 */
export const normativeFolders: Readonly<Record<Version, readonly string[]>> = {
  '1.0': ['tosca-1.0'],
  '1.1': ['tosca-1.1'],
  '1.2': ['tosca-1.2', 'tosca-1.1'],
  '1.3': ['tosca-1.3', 'tosca-1.2', 'tosca-1.1'],
};
